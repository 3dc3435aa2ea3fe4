/** The editor of a stop, in the card's place. Each field saves for itself; who may only look sees the same as text. */
import { useComputed } from "@preact/signals";

import { removeStop } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { Choice, Field } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { parseMoney, plainMoney } from "#trips/money.js";
import { Details } from "#trips/details.js";
import { lengthOf, parseLength, parseTime } from "#trips/times.js";
import { CATEGORIES } from "#trips/words.js";

/** @import { Category, Kind } from "#realtime/types.js" */

/** @param {string} text */
export const filled = (text) => (text.trim() ? { value: text.trim() } : { wrong: "This cannot be empty." });

/** @param {{id: string}} props */
export function StopEditor({ id }) {
  const desk = useDesk();
  const { store, plan, screen, canEdit } = desk;
  const at = /** @type {const} */ ({ kind: "itinerary", id });
  const activity = useComputed(() => {
    const link = store.cell("itinerary", id).view.value?.activity_id;
    return link ? store.cell("activity", link).view.value : null;
  }).value;
  const status = useComputed(() => store.cell("itinerary", id).view.value?.status).value;
  const name = useComputed(() => store.cell("itinerary", id).view.value?.activity).value;
  if (name === undefined) return null;
  const currency = plan.currency.value;
  const money = { format: (/** @type {any} */ amount) => plainMoney(amount, currency), parse: (/** @type {string} */ text) => parseMoney(text, currency) };
  const become = (/** @type {"booked" | "tentative"} */ next) => () => store.propose({ ...at, data: { status: status === next ? "" : next } });
  const items = [
    { icon: "check", text: "Booked", pressed: status === "booked", run: become("booked") },
    { icon: "clock", text: "Tentative", pressed: status === "tentative", run: become("tentative") },
    { icon: "grip", text: "Move to…", run: () => (screen.moving.value = { id, copies: false }) },
    { icon: "plus", text: "Copy to…", run: () => (screen.moving.value = { id, copies: true }) },
    { icon: "x", text: "Remove", run: () => removeStop(desk, id) },
  ];
  return html`<${Frame} kind="itinerary" id=${id} name=${name} items=${items}>${!canEdit.value ? html`<${Details} id=${id} />` : html`
    <${Field} ...${at} field="activity" label="What" parse=${filled} />
    <div class="two">
      <${Field} ...${at} field="time" label="Starts" hint="19:30" parse=${parseTime} />
      <${Field} ...${at} field="duration" label="Lasts" hint=${lengthOf(activity?.duration ?? null) || "1 h 30"} format=${lengthOf} parse=${parseLength} />
    </div>
    <div class="two">
      <${Field} ...${at} field="cost" label="Cost" mode="decimal" hint=${activity?.cost ? money.format(activity.cost) : ""} ...${money} />
      <${Choice} ...${at} field="category" label="Category" choices=${categories(activity?.category)} />
    </div>
    <${Field} ...${at} field="place" label="Place" hint=${activity?.place} />
    <${Field} ...${at} field="notes" label="Notes" rows=${2} hint=${activity?.notes} />`}
  <//>`;
}

/**
 * The categories to choose from; a stop may leave the choice to its activity.
 * @param {Category} [inherited]
 * @returns {[string, string][]}
 */
export function categories(inherited) {
  const all = Object.entries(CATEGORIES).map(([value, { label }]) => /** @type {[string, string]} */ ([value, label]));
  if (!inherited) return all;
  return all.filter(([value]) => value !== inherited).map(([value, label]) => [value, value ? label : CATEGORIES[inherited].label]);
}

/**
 * What all editors have in common: their place, *Done*, and the menu of the rest.
 * @param {{kind: Kind, id: string, name: string, items: Parameters<typeof Menu>[0]["items"], children?: any}} props
 */
export function Frame({ kind, id, name, items, children }) {
  const { store, screen, canEdit } = useDesk();
  const key = `${kind}:${id}`;
  const pending = useLate(store.cell(kind, id).pending);
  const close = () => {
    screen.open.value = null;
    focusOn(key);
  };
  const done = () => requestAnimationFrame(() => {
    // What cannot be kept as it is written stays open to be mended.
    const wrong = document.querySelector(`[data-key="${CSS.escape(key)}"] [aria-invalid=true]`);
    wrong instanceof HTMLElement ? wrong.focus() : close();
  });
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    // An open menu closes first.
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(":popover-open")) close();
  };
  return html`<li data-key=${key}><div class="editor" role="group" aria-label=${`${canEdit.value ? "Edit" : "About"} ${name}`} onKeyDown=${onKeyDown}>
    ${children}
    <div class="foot" onMouseDown=${keepFocus} onClickCapture=${leaveField}>
      <button type="button" class="btn main" data-part="done" onClick=${done}>${canEdit.value ? "Done" : "Close"}</button>
      ${canEdit.value && html`<span class="hint">${useComputed(() => (pending.value ? "Not saved yet" : "Saved as you go"))}</span><span class="grow" />
        <${Menu} label=${`More for ${name}`} items=${items} />`}
    </div>
  </div></li>`;
}

/** What is wrong with a field moves what is below it: the press of a button there must not end beside it. @param {Event} event */
const keepFocus = (event) => event.preventDefault();

/** The field is left, and so saved, when the button is pressed. @param {Event} event */
const leaveField = (event) => /** @type {HTMLElement | null} */ (/** @type {HTMLElement} */ (event.target).closest("button"))?.focus();

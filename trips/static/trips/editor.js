/**
 * The editor of a stop, in the card's place. Each field saves for itself; who may only look sees the same as text.
 *
 * @import { Activity, Category, Kind } from "#realtime/types.js"
 * @import { Item } from "#trips/menu.js"
 */
import { useComputed } from "@preact/signals";

import { removeStop } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { Details, Link } from "#trips/details.js";
import { Choice, Field } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { moneyField } from "#trips/money.js";
import { lengthOf, parseLength, parseTime } from "#trips/times.js";
import { CATEGORIES } from "#trips/words.js";

/** @param {string} text */
export const filled = (text) => (text.trim() ? { value: text.trim() } : { wrong: "This cannot be empty." });

/** @param {{id: string}} props */
export function StopEditor({ id }) {
  const { store, plan, canEdit } = useDesk();
  const name = useComputed(() => store.cell("itinerary", id).view.value?.activity).value;
  const activity = useComputed(() => {
    const link = store.cell("itinerary", id).view.value?.activity_id;
    return link ? store.cell("activity", link).view.value : null;
  }).value;
  const items = useItems(id);
  if (name === undefined) return null;
  const stop = canEdit.value ? null : plan.stop(id).value;
  return html`<${Frame} kind="itinerary" id=${id} name=${name} items=${items}>
    ${stop ? html`<${Details} of=${stop} link=${activity?.link} />` : html`<${Fields} id=${id} activity=${activity} />`}
  <//>`;
}

/** What an activity says of the stop stands in its empty fields. @param {{id: string, activity: Activity | null}} props */
function Fields({ id, activity }) {
  const currency = useDesk().plan.currency.value;
  const at = { kind: "itinerary", id };
  const cost = moneyField(currency);
  return html`<${Field} ...${at} field="activity" label="What" parse=${filled} />
    <div class="two">
      <${Field} ...${at} field="time" label="Starts" hint="19:30" parse=${parseTime} />
      <${Field} ...${at} field="duration" label="Lasts" hint=${lengthOf(activity?.duration ?? null) || "1 h 30"}
        format=${lengthOf} parse=${parseLength} />
    </div>
    <div class="two">
      <${Field} ...${at} field="cost" label="Cost" mode="decimal" hint=${cost.format(activity?.cost ?? null)} ...${cost} />
      <${Choice} ...${at} field="category" label="Category" choices=${categories(activity?.category)} />
    </div>
    <${Field} ...${at} field="place" label="Place" hint=${activity?.place} />
    <${Field} ...${at} field="notes" label="Notes" rows=${2} hint=${activity?.notes} />
    ${activity?.link && html`<${Link} to=${activity.link} />`}`;
}

/** What else can be done to a stop. @param {string} id @returns {Item[]} */
function useItems(id) {
  const desk = useDesk();
  const { store, screen } = desk;
  const status = useComputed(() => store.cell("itinerary", id).view.value?.status).value;
  const become = (/** @type {"booked" | "tentative"} */ next) => () =>
    void store.propose({ kind: "itinerary", id, data: { status: status === next ? "" : next } });
  const ask = (/** @type {boolean} */ copies) => () => {
    screen.moving.value = { id, copies };
  };
  return [
    { icon: "check", text: "Booked", pressed: status === "booked", run: become("booked") },
    { icon: "clock", text: "Tentative", pressed: status === "tentative", run: become("tentative") },
    { icon: "grip", text: "Move to…", run: ask(false) },
    { icon: "plus", text: "Copy to…", run: ask(true) },
    { icon: "x", text: "Remove", run: () => removeStop(desk, id) },
  ];
}

/**
 * The categories to choose from; a stop may leave the choice to its activity.
 * @param {Category} [inherited]
 * @returns {[string, string][]}
 */
export function categories(inherited) {
  const all = Object.entries(CATEGORIES).map(([value, { label }]) => /** @type {[string, string]} */ ([value, label]));
  if (!inherited) return all;
  const others = all.filter(([value]) => value && value !== inherited);
  return [["", CATEGORIES[inherited].label], ...others];
}

/**
 * What all editors have in common: their place, *Done*, and the menu of the rest.
 * @param {{kind: Kind, id: string, name: string, items: Item[], children?: any}} props
 */
export function Frame({ kind, id, name, items, children }) {
  const { store, screen, canEdit } = useDesk();
  const key = `${kind}:${id}`;
  const pending = useLate(store.cell(kind, id).pending);
  const saved = useComputed(() => (pending.value ? "Not saved yet" : "Saved as you go"));
  const close = () => {
    screen.open.value = null;
    focusOn(key);
  };
  const done = () => requestAnimationFrame(() => mend(key) || close());
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    // An open menu closes first.
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector(":popover-open")) close();
  };
  return html`<li data-key=${key}>
    <div class="editor" role="group" aria-label=${`${canEdit.value ? "Edit" : "About"} ${name}`} onKeyDown=${onKeyDown}>
      ${children}
      <div class="foot" onMouseDown=${keepFocus} onClickCapture=${leaveField}>
        <button type="button" class="btn main" data-part="done" onClick=${done}>${canEdit.value ? "Done" : "Close"}</button>
        ${canEdit.value && html`<span class="hint">${saved}</span><span class="grow" />
          <${Menu} label=${`More for ${name}`} items=${items} />`}
      </div>
    </div>
  </li>`;
}

/** What cannot be kept as it is written stays open to be mended. @param {string} key @returns {boolean} */
function mend(key) {
  const wrong = document.querySelector(`[data-key="${CSS.escape(key)}"] [aria-invalid=true]`);
  if (wrong instanceof HTMLElement) wrong.focus();
  return wrong !== null;
}

/**
 * What is wrong with a field moves what is below it: the press of a button there must not end beside it.
 * @param {Event} event
 */
const keepFocus = (event) => event.preventDefault();

/** The field is left, and so saved, when the button is pressed. @param {Event} event */
const leaveField = (event) => /** @type {HTMLElement} */ (event.target).closest("button")?.focus();

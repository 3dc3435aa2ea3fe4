/** The ideas: activities that are on no day yet. One adds them here, and puts them on a day. */
import { useComputed } from "@preact/signals";

import { addIdea, putOnDay, removeIdea } from "#trips/actions.js";
import { Add } from "#trips/add.js";
import { useDesk } from "#trips/desk.js";
import { Frame, categories, filled } from "#trips/editor.js";
import { Choice, Field } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { parseMoney, plainMoney, shortMoney } from "#trips/money.js";
import { dayOf } from "#trips/plan.js";
import { Refusals } from "#trips/refusals.js";
import { corner, unsaved } from "#trips/stop.js";
import { lengthOf, parseLength } from "#trips/times.js";

/** @param {{called: boolean}} props */
export function Ideas({ called }) {
  const desk = useDesk();
  const { plan, screen, canEdit } = desk;
  const ids = plan.ideas.value;
  const target = useComputed(() => screen.lifted.value?.column === "ideas").value;
  const close = () => {
    screen.side.value = null;
    /** @type {HTMLElement | null} */ (document.querySelector(".call-ideas"))?.focus();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (called && event.key === "Escape" && !event.defaultPrevented && !document.querySelector(":popover-open")) close();
  };
  return html`<aside class=${called ? "ideas called" : "ideas"} id="ideas" aria-labelledby="ideas-name" onKeyDown=${onKeyDown}>
    <header><h2 id="ideas-name">Ideas</h2><span class="soft">${ids.length || ""}</span><span class="grow" />
      ${called && html`<button type="button" class="btn bare icon" aria-label="Close the ideas" onClick=${close}>${icon("x")}</button>`}
    </header>
    ${target && html`<div class="slot">Ideas</div>`}
    ${ids.length > 0
      ? html`<ul>${ids.map((id) => html`<${Idea} key=${id} id=${id} />`)}</ul>`
      : html`<div class="empty">${icon("bolt")}<h3>No ideas yet</h3><p>Write down what you might do, and give it a day later.</p></div>`}
    ${canEdit.value && html`<${Add} list="ideas" label="Add an idea" hint="What might be worth it?" add=${(/** @type {string} */ text) => addIdea(desk, text)} />`}
  </aside>`;
}

/** @param {{id: string}} props */
function Idea({ id }) {
  const { screen } = useDesk();
  const open = useComputed(() => screen.open.value === `activity:${id}`);
  return html`${open.value ? html`<${IdeaEditor} id=${id} />` : html`<${Card} id=${id} />`}<${Refusals} kind="activity" id=${id} />`;
}

/** @param {{id: string}} props */
function Card({ id }) {
  const desk = useDesk();
  const { store, plan, people, screen, tints, canEdit } = desk;
  const key = `activity:${id}`;
  const idea = store.cell("activity", id).view.value;
  const pending = useLate(store.cell("activity", id).pending).value;
  const editing = useComputed(() => people.present.value.find((each) => !each.me && each.typing?.startsWith(`${key}.`)) ?? null).value;
  const looking = people.at(key).value;
  if (!idea) return null;
  const person = editing ?? looking[0];
  const facts = idea.place || (idea.cost ? shortMoney(idea.cost, plan.currency.value) : "");
  const open = () => {
    screen.open.value = key;
    focusOn(key);
  };
  const look = ["card idea", person && "looked", pending && "pending"].filter(Boolean).join(" ");
  return html`<li class=${look} data-key=${key} data-who=${person?.colour} data-tint=${tints.at(key)}>
    ${corner(editing, looking)}
    <div>
      <h3>${canEdit.value ? html`<button class="open" data-part="open" onClick=${open}>${idea.name}</button>` : idea.name}</h3>
      ${facts && html`<p class="place">${facts}</p>`}
      ${pending && html`<div class="chips">${unsaved()}</div>`}
    </div>
    ${canEdit.value && html`<${AddTo} id=${id} name=${idea.name} />`}
  </li>`;
}

/** The days to choose from. @param {{id: string, name: string}} props */
function AddTo({ id, name }) {
  const desk = useDesk();
  const { plan } = desk;
  const days = useComputed(() => plan.columns.value.filter((column) => column !== "none").map((column) => [column, plan.dayName(dayOf(column))]));
  const items = [...days.value, ["none", "Without a day"]].map(([column, text]) => ({ icon: "cal", text, run: () => putOnDay(desk, id, column) }));
  return html`<${Menu} label=${`Add ${name} to a day`} look="btn add-to" items=${items} face=${html`${icon("plus", "s")}Day`} />`;
}

/** @param {{id: string}} props */
function IdeaEditor({ id }) {
  const desk = useDesk();
  const { store, plan } = desk;
  const at = /** @type {const} */ ({ kind: "activity", id });
  const name = useComputed(() => store.cell("activity", id).view.value?.name).value;
  if (name === undefined) return null;
  const currency = plan.currency.value;
  const format = (/** @type {any} */ amount) => plainMoney(amount, currency);
  const items = [{ icon: "x", text: "Remove", run: () => removeIdea(desk, id) }];
  return html`<${Frame} ...${at} name=${name} items=${items}>
    <${Field} ...${at} field="name" label="What" parse=${filled} />
    <${Field} ...${at} field="place" label="Place" />
    <div class="two">
      <${Field} ...${at} field="cost" label="Cost" mode="decimal" format=${format} parse=${(/** @type {string} */ text) => parseMoney(text, currency)} />
      <${Field} ...${at} field="duration" label="Lasts" hint="1 h 30" format=${lengthOf} parse=${parseLength} />
    </div>
    <${Choice} ...${at} field="category" label="Category" choices=${categories()} />
    <${Field} ...${at} field="link" label="Link" mode="url" hint="https://…" parse=${parseLink} />
    <${Field} ...${at} field="notes" label="Notes" rows=${2} />
  <//>`;
}

/** @param {string} text */
function parseLink(text) {
  const link = text.trim();
  if (!link || /^https?:\/\//.test(link)) return { value: link };
  return /^[\w-]+(\.[\w-]+)+(\/|$)/.test(link) ? { value: `https://${link}` } : { wrong: "A link starts with https:// or http://." };
}

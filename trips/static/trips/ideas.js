/** The ideas: activities that are on no day yet. One adds them here, and puts them on a day. */
import { useComputed } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { addIdea, putOnDay, removeIdea } from "#trips/actions.js";
import { Add } from "#trips/add.js";
import { useDesk } from "#trips/desk.js";
import { Details } from "#trips/details.js";
import { Frame, categories, filled } from "#trips/editor.js";
import { Choice, Field } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { moneyField, shortMoney } from "#trips/money.js";
import { dayOf } from "#trips/plan.js";
import { Refusals } from "#trips/refusals.js";
import { corner, unsaved, useOthers } from "#trips/stop.js";
import { lengthOf, parseLength } from "#trips/times.js";

/** @param {{called: boolean}} props `called` where the slot is closed at first */
export function Ideas({ called }) {
  const desk = useDesk();
  const { plan, screen, canEdit } = desk;
  const ids = plan.ideas.value;
  const target = useComputed(() => screen.lifted.value?.column === "ideas").value;
  const closing = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => closing.current?.focus(), [called]);
  const close = () => {
    screen.side.value = null;
    /** @type {HTMLElement | null} */ (document.querySelector(".call-ideas"))?.focus();
  };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const mine = called && event.key === "Escape" && !event.defaultPrevented;
    if (mine && !document.querySelector(":popover-open")) close();
  };
  const look = called ? "ideas called" : "ideas";
  return html`<aside class=${look} id="ideas" aria-labelledby="ideas-name" onKeyDown=${onKeyDown}>
    <header><h2 id="ideas-name">Ideas</h2><span class="soft">${ids.length || ""}</span><span class="grow" />
      ${called && html`<button type="button" class="btn bare icon" ref=${closing} aria-label="Close the ideas" onClick=${close}>
        ${icon("x")}</button>`}
    </header>
    ${target && html`<div class="slot">Ideas</div>`}
    ${ids.length > 0 ? html`<ul>${ids.map((id) => html`<${Idea} key=${id} id=${id} />`)}</ul>` : html`<${Empty} />`}
    ${canEdit.value && html`<${Add} list="ideas" label="Add an idea" hint="What might be worth it?"
      add=${(/** @type {string} */ text) => addIdea(desk, text)} />`}
  </aside>`;
}

const Empty = () => html`<div class="empty">
  ${icon("bolt")}<h3>No ideas yet</h3><p>Write down what you might do, and give it a day later.</p>
</div>`;

/** @param {{id: string}} props */
function Idea({ id }) {
  const { screen } = useDesk();
  const open = useComputed(() => screen.open.value === `activity:${id}`);
  return html`${open.value ? html`<${IdeaEditor} id=${id} />` : html`<${Card} id=${id} />`}
    <${Refusals} kind="activity" id=${id} />`;
}

/** @param {{id: string}} props */
function Card({ id }) {
  const { store, plan, screen, tints, canEdit } = useDesk();
  const key = `activity:${id}`;
  const idea = store.cell("activity", id).view.value;
  const pending = useLate(store.cell("activity", id).pending).value;
  const others = useOthers(key);
  if (!idea) return null;
  const place = idea.place || (idea.cost ? shortMoney(idea.cost, plan.currency.value) : "");
  const open = () => {
    screen.open.value = key;
    focusOn(key);
  };
  const look = ["card idea", others.first && "looked", pending && "pending"].filter(Boolean).join(" ");
  return html`<li class=${look} data-key=${key} data-who=${others.first?.colour} data-tint=${tints.at(key)}>
    ${corner(others)}
    <div>
      <h3><button class="open" data-part="open" onClick=${open}>${idea.name}</button></h3>
      ${place && html`<p class="place">${place}</p>`}
      ${pending && html`<div class="chips">${unsaved()}</div>`}
    </div>
    ${canEdit.value && html`<${AddTo} id=${id} name=${idea.name} />`}
  </li>`;
}

/** The days to choose from. @param {{id: string, name: string}} props */
function AddTo({ id, name }) {
  const desk = useDesk();
  const { plan } = desk;
  const days = plan.columns.value.filter((column) => column !== "none");
  const put = (/** @type {string} */ column) => () => putOnDay(desk, id, column);
  const items = [
    ...days.map((column) => ({ icon: "cal", text: plan.dayName(dayOf(column)), run: put(column) })),
    { icon: "cal", text: "Without a day", run: put("none") },
  ];
  const face = html`${icon("plus", "s")}Day`;
  return html`<${Menu} label=${`Add ${name} to a day`} look="btn add-to" items=${items} face=${face} />`;
}

/** @param {{id: string}} props */
function IdeaEditor({ id }) {
  const desk = useDesk();
  const { store, canEdit } = desk;
  const name = useComputed(() => store.cell("activity", id).view.value?.name).value;
  if (name === undefined) return null;
  const idea = canEdit.value ? null : store.cell("activity", id).view.value;
  const items = [{ icon: "x", text: "Remove", run: () => removeIdea(desk, id) }];
  return html`<${Frame} kind="activity" id=${id} name=${name} items=${items}>
    ${idea ? html`<${Details} of=${idea} link=${idea.link} />` : html`<${Fields} id=${id} />`}
  <//>`;
}

/** @param {{id: string}} props */
function Fields({ id }) {
  const currency = useDesk().plan.currency.value;
  const at = { kind: "activity", id };
  return html`<${Field} ...${at} field="name" label="What" parse=${filled} />
    <${Field} ...${at} field="place" label="Place" />
    <div class="two">
      <${Field} ...${at} field="cost" label="Cost" mode="decimal" ...${moneyField(currency)} />
      <${Field} ...${at} field="duration" label="Lasts" hint="1 h 30" format=${lengthOf} parse=${parseLength} />
    </div>
    <${Choice} ...${at} field="category" label="Category" choices=${categories()} />
    <${Field} ...${at} field="link" label="Link" mode="url" hint="https://…" parse=${parseLink} />
    <${Field} ...${at} field="notes" label="Notes" rows=${2} />`;
}

/** @param {string} text */
function parseLink(text) {
  const link = text.trim();
  if (!link || /^https?:\/\//.test(link)) return { value: link };
  if (/^[\w-]+(\.[\w-]+)+(\/|$)/.test(link)) return { value: `https://${link}` };
  return { wrong: "A link starts with https:// or http://." };
}

/** The budget: what is planned, what the stops cost, and what is left of it; a row a category. */
import { useComputed } from "@preact/signals";

import { newId } from "#realtime/types.js";
import { Add } from "#trips/add.js";
import { removeLine } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { Edit } from "#trips/edit.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { money, parseMoney, plainMoney, share, shortMoney } from "#trips/money.js";
import { Refusals } from "#trips/refusals.js";
import { Side } from "#trips/side.js";
import { unsaved } from "#trips/stop.js";
import { BUDGET_LINES, categoryWord } from "#trips/words.js";

/** @import { Desk } from "#trips/desk.js" */

export function Budget() {
  const { screen } = useDesk();
  const called = screen.side.value === "people";
  const page = html`<div class="page"><${Sums} /><${Lines} /></div>`;
  return called ? html`<div class="board with-side">${page}<${Side} /></div>` : page;
}

function Sums() {
  const { plan } = useDesk();
  const [planned, used, currency] = [plan.allPlanned.value, plan.inPlan.value, plan.currency.value];
  const percent = share(used, planned);
  return html`<section class="panel" aria-label="The whole trip">
    <dl class="sums">
      <div><dt>Planned</dt><dd>${money(planned, currency)}</dd></div>
      <div><dt>In the plan</dt><dd>${money(used, currency)}</dd></div>
      <div><dt>${used > planned ? "Over" : "Left"}</dt><dd>${money(Math.abs(planned - used), currency)}</dd></div>
    </dl>
    <${Meter} percent=${percent} />
    <p class="hint">${planned > 0 ? `The stops of the plan cost ${percent} % of what is planned.` : "Nothing is planned yet. Write an amount beside a category."}</p>
  </section>`;
}

/** @param {{percent: number}} props */
const Meter = ({ percent }) => html`<svg class="meter" role="img" aria-label=${`${percent} % used`} preserveAspectRatio="none">
  <rect class="bed" width="100%" height="10" /><rect class=${percent > 100 ? "over" : "in"} width=${`${Math.min(percent, 100)}%`} height="10" />
</svg>`;

function Lines() {
  const desk = useDesk();
  const { plan, canEdit } = desk;
  const lines = plan.lines.value;
  return html`<section class="panel"><h2>By category</h2>
    ${lines.length === 0
      ? html`<div class="empty">${icon("purse")}<h3>No budget yet</h3><p>Add a category, and write what you want to spend on it.</p></div>`
      : html`<table class="budget"><thead><tr><th>Category</th><th class="num">Planned</th><th class="num">In the plan</th>
          <th><span class="hide">Share used</span></th><th class="num">Left</th>${canEdit.value && html`<th><span class="hide">More</span></th>`}</tr></thead>
        <tbody>${lines.map((category) => html`<${Row} key=${category} category=${category} />`)}</tbody></table>`}
    ${canEdit.value && html`<${Add} list="budget" label="Add a category" hint="Food, museums, presents…" add=${(/** @type {string} */ name) => addLine(desk, name)} />`}
  </section>`;
}

/** A well-known word is its own category; any other name makes a new one. @param {Desk} desk @param {string} name */
function addLine({ store }, name) {
  const known = Object.entries(BUDGET_LINES).find(([id, { label }]) => [id, label.toLowerCase()].includes(name.toLowerCase()))?.[0];
  const id = known ?? newId();
  if (store.cell("budget", id).view.peek()) return;
  store.propose({ kind: "budget", id, data: { amount: 0, ...(known ? {} : { name }) } });
}

/** @param {{category: string}} props */
function Row({ category }) {
  const desk = useDesk();
  const { store, plan, tints, canEdit } = desk;
  const key = `budget:${category}`;
  const currency = plan.currency.value;
  const [planned, used] = [plan.planned(category).value, plan.inCategory(category).value];
  const name = useComputed(() => store.cell("budget", category).view.value?.name || categoryWord(category));
  const exists = useComputed(() => store.cell("budget", category).view.value !== null).value;
  const pending = useLate(store.cell("budget", category).pending).value;
  const { icon: picture, tint } = BUDGET_LINES[category] ?? BUDGET_LINES.other;
  const text = useComputed(() => money(plan.planned(category).value, plan.currency.value));
  return html`<tr data-key=${key} data-tint=${tints.at(key)} class=${pending ? "pending" : ""}>
    <td><span class="catname"><span class=${`cat ${tint}`}>${icon(picture, "s")}</span><span>${category in BUDGET_LINES || !exists
      ? name
      : html`<${Edit} kind="budget" id=${category} field="name" label="Name" text=${name} />`}${pending && html`<br />${unsaved()}`}</span></span></td>
    <td class="num"><${Edit} kind="budget" id=${category} field="amount" label=${`Planned for ${name.value}`} look="money" brief creates mode="decimal"
      text=${text} format=${(/** @type {any} */ amount) => plainMoney(amount, currency)} parse=${(/** @type {string} */ given) => amountOf(given, currency)} />
      <${Refusals} kind="budget" id=${category} as="div" /></td>
    <td class="num spent">${money(used, currency)}<span class="phone-only soft">${"\u00a0"}in the plan</span></td>
    <td class="meter-cell"><${Meter} percent=${share(used, planned)} /></td>
    <td class="num left">${used > planned
      ? html`<span class="pill bad">${shortMoney(used - planned, currency)} over</span>`
      : `${money(planned - used, currency)} left`}</td>
    ${canEdit.value && html`<td class="more">${exists && html`<${Menu} label=${`More for ${name.value}`}
      items=${[{ icon: "x", text: "Remove", run: () => removeLine(desk, category) }]} />`}</td>`}
  </tr>`;
}

/** Nothing written means nothing planned. @param {string} text @param {string} currency */
function amountOf(text, currency) {
  const parsed = parseMoney(text, currency);
  return "value" in parsed ? { value: parsed.value ?? 0 } : parsed;
}

/** The budget: what is planned, what the stops cost, and what is left of it; a row a category. */

/** @import { Desk } from "#trips/desk.js" */
import { useComputed } from "@preact/signals";

import { newId } from "#realtime/types.js";
import { removeLine } from "#trips/actions.js";
import { Add } from "#trips/add.js";
import { useDesk } from "#trips/desk.js";
import { Edit } from "#trips/edit.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { money, moneyField, share, shortMoney } from "#trips/money.js";
import { Refusals } from "#trips/refusals.js";
import { Side } from "#trips/side.js";
import { unsaved } from "#trips/stop.js";
import { BUDGET_LINES, categoryWord } from "#trips/words.js";

export function Budget() {
  const called = useDesk().screen.side.value === "people";
  const page = html`<div class="page"><${Sums} /><${Lines} /></div>`;
  return called ? html`<div class="board with-side">${page}<${Side} /></div>` : page;
}

function Sums() {
  const { plan } = useDesk();
  const [planned, used, currency] = [plan.allPlanned.value, plan.inPlan.value, plan.currency.value];
  const percent = share(used, planned);
  const words = planned > 0
    ? `The stops of the plan cost ${percent} % of what is planned.`
    : "Nothing is planned yet. Write an amount beside a category.";
  return html`<section class="panel" aria-label="The whole trip">
    <dl class="sums">
      <div><dt>Planned</dt><dd>${money(planned, currency)}</dd></div>
      <div><dt>In the plan</dt><dd>${money(used, currency)}</dd></div>
      <div><dt>${used > planned ? "Over" : "Left"}</dt><dd>${money(Math.abs(planned - used), currency)}</dd></div>
    </dl>
    <${Meter} percent=${percent} over=${used > planned} />
    <p class="hint">${words}</p>
  </section>`;
}

/** @param {{percent: number, over: boolean}} props */
const Meter = ({ percent, over }) => html`<svg class="meter" role="img" aria-label=${over ? "More than planned" : `${percent} % used`} preserveAspectRatio="none">
  <rect class="bed" width="100%" height="10" />
  <rect class=${over ? "over" : "in"} width=${`${Math.min(percent, 100)}%`} height="10" />
</svg>`;

function Lines() {
  const desk = useDesk();
  const { plan, canEdit } = desk;
  const lines = plan.lines.value;
  const add = (/** @type {string} */ name) => addLine(desk, name);
  return html`<section class="panel"><h2>By category</h2>
    ${lines.length > 0 ? html`<${Table} lines=${lines} />` : html`<${Empty} />`}
    ${canEdit.value && html`<${Add} list="budget" label="Add a category" hint="Food, presents…" add=${add} />`}
  </section>`;
}

const Empty = () => html`<div class="empty">
  ${icon("purse")}<h3>No budget yet</h3><p>Add a category, and write what you want to spend on it.</p>
</div>`;

/** @param {{lines: readonly string[]}} props */
const Table = ({ lines }) => html`<table class="budget">
  <thead><tr>
    <th>Category</th><th class="num">Planned</th><th class="num">In the plan</th>
    <th><span class="hide">Share used</span></th><th class="num">Left</th>
    ${useDesk().canEdit.value && html`<th><span class="hide">More</span></th>`}
  </tr></thead>
  <tbody>${lines.map((category) => html`<${Row} key=${category} category=${category} />`)}</tbody>
</table>`;

/** A well-known word is its own category; any other name makes a new one. @param {Desk} desk @param {string} name */
function addLine({ store, voice }, name) {
  const same = (/** @type {string} */ word) => word.toLowerCase() === name.toLowerCase();
  const known = Object.keys(BUDGET_LINES).find((each) => same(each) || same(BUDGET_LINES[each].label));
  const id = known ?? newId();
  if (store.cell("budget", id).view.peek()) {
    focusOn(`budget:${id}`);
    return voice.say(`${categoryWord(id)} is there already`);
  }
  store.propose({ kind: "budget", id, data: { amount: 0, ...(known ? {} : { name }) } });
}

/** @param {{category: string}} props */
function Row({ category }) {
  const desk = useDesk();
  const { store, plan, tints, canEdit } = desk;
  const cell = store.cell("budget", category);
  const currency = plan.currency.value;
  const [planned, used] = [plan.planned(category).value, plan.inCategory(category).value];
  const exists = useComputed(() => cell.view.value !== null).value;
  const pending = useLate(cell.pending).value;
  const name = useComputed(() => cell.view.value?.name || categoryWord(category));
  const label = name.value;
  const text = useComputed(() => money(plan.planned(category).value, plan.currency.value));
  const at = { kind: "budget", id: category };
  const key = `budget:${category}`;
  const items = [{ icon: "x", text: "Remove", run: () => removeLine(desk, category) }];
  return html`<tr data-key=${key} data-tint=${tints.at(key)} class=${pending ? "pending" : ""}>
    <th scope="row"><span class="catname">${picture(category)}<span>
      ${category in BUDGET_LINES || !exists ? name : html`<${Edit} ...${at} field="name" label="Name" text=${name} />`}
      ${pending && html`<br />${unsaved()}`}
    </span></span></th>
    <td class="num">
      <${Edit} ...${at} field="amount" label=${`Planned for ${label}`} look="money" brief creates mode="decimal"
        text=${text} ...${amountField(currency)} />
      <${Refusals} ...${at} as="div" />
    </td>
    <td class="num spent">${money(used, currency)}<span class="phone-only soft">${"\u00a0"}in the plan</span></td>
    <td class="meter-cell"><${Meter} percent=${share(used, planned)} over=${used > planned} /></td>
    <td class="num left">${left(planned, used, currency)}</td>
    ${canEdit.value && html`<td class="more">
      ${exists && html`<${Menu} label=${`More for ${label}`} items=${items} />`}
    </td>`}
  </tr>`;
}

/** @param {string} category */
function picture(category) {
  const { icon: name, tint } = BUDGET_LINES[category] ?? BUDGET_LINES.other;
  return html`<span class=${`cat ${tint}`}>${icon(name, "s")}</span>`;
}

/** @param {number} planned @param {number} used @param {string} currency */
const left = (planned, used, currency) =>
  used > planned
    ? html`<span class="pill bad">${shortMoney(used - planned, currency)} over</span>`
    : `${money(planned - used, currency)} left`;

/** Nothing written means nothing planned. @param {string} currency */
function amountField(currency) {
  const { format, parse } = moneyField(currency);
  const orNothing = (/** @type {string} */ text) => {
    const parsed = parse(text);
    return "value" in parsed ? { value: parsed.value ?? 0 } : parsed;
  };
  return { format, parse: orNothing };
}

/**
 * A column of the board: a day of the trip, or what has no day yet (`none`). It knows the order of its stops, not what
 * is in them.
 */

/** @import { ReadonlySignal } from "@preact/signals-core" */
import { useComputed } from "@preact/signals";

import { addStop } from "#trips/actions.js";
import { Add } from "#trips/add.js";
import { addDays, today } from "#trips/dates.js";
import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { placeName } from "#trips/lift.js";
import { dayOf } from "#trips/plan.js";
import { shortMoney } from "#trips/money.js";
import { Gap, Stop } from "#trips/stop.js";

/** @param {{column: string}} props */
export function Day({ column }) {
  const desk = useDesk();
  const { store, plan, screen, canEdit } = desk;
  const name = useComputed(() => plan.dayName(dayOf(column)));
  const label = useComputed(() => (column === "none" ? "Add without a day" : `Add to ${name.value}`));
  const now = useIsToday(column);
  const ids = useComputed(() => screen.frozen.value?.[column] ?? store.list(`day:${column}`).value).value;
  const slot = useComputed(() => (screen.lifted.value?.column === column ? screen.lifted.value.index : -1)).value;
  const heading = `day-${column}-name`;
  const add = (/** @type {string} */ text) => addStop(desk, column, text);
  const id = `day-${column}`;
  return html`<section class=${now ? "day now" : "day"} id=${id} data-column=${column} aria-labelledby=${heading}>
    <header>
      <h2 id=${heading}>${name}</h2>${now && html`<span class="soft">Today</span>`}
      <span class="grow" /><span class="soft">${useCost(column)}</span>
    </header>
    ${ids.length > 0 || slot >= 0
      ? html`<ol class="stops">${rows(ids, slot, screen.lifted.peek()?.id)}</ol>`
      : html`<${Empty} name=${name} />`}
    ${canEdit.value && html`<${Add} list=${column} label=${label} hint="What do you want to do?" add=${add} />`}
  </section>`;
}

/** @param {string} column */
function useIsToday(column) {
  const { plan } = useDesk();
  const day = dayOf(column);
  const at = useComputed(() => (plan.start.value && day ? addDays(plan.start.value, day - 1) : ""));
  return at.value === today();
}

/** What the stops of the day cost, as text; nothing where they cost nothing. @param {string} column */
function useCost(column) {
  const { plan } = useDesk();
  return useComputed(() => {
    const cost = plan.dayCost(column).value;
    return cost ? shortMoney(cost, plan.currency.value) : "";
  });
}

/**
 * The stops with the gaps between them, and the slot where the one in the air would go.
 * @param {readonly string[]} ids
 * @param {number} slot its index among the others; -1 for none
 * @param {string | undefined} lifted
 */
function rows(ids, slot, lifted) {
  const shown = [];
  let place = 0;
  for (const [index, id] of ids.entries()) {
    if (id !== lifted && place++ === slot) shown.push(html`<${Slot} key="slot" />`);
    shown.push(html`<${Stop} key=${id} id=${id} />`);
    const next = ids[index + 1];
    if (next) shown.push(html`<${Gap} key=${`${id}>${next}`} from=${id} to=${next} />`);
  }
  if (place === slot) shown.push(html`<${Slot} key="slot" />`);
  return shown;
}

function Slot() {
  const desk = useDesk();
  const lifted = desk.screen.lifted.value;
  return html`<li class="slot">${lifted && placeName(desk, lifted)}</li>`;
}

/** @param {{name: ReadonlySignal<string>}} props */
function Empty({ name }) {
  const { canEdit } = useDesk();
  return html`<div class="empty">${icon("plan")}<h3>Nothing on ${name} yet</h3>
    ${canEdit.value && html`<p>Take an idea, or write what you want to do.</p>`}
  </div>`;
}

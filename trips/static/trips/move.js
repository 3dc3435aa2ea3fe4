/** *Move to…*: a day and a place on it, for everyone who does not drag. The same question copies a stop. */
import { useComputed, useSignal } from "@preact/signals";

import { copyStop, moveStop } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { Modal } from "#trips/dialog.js";
import { focusOn } from "#trips/focus.js";
import { html } from "#trips/html.js";
import { othersIn } from "#trips/lift.js";
import { columnOf, dayOf } from "#trips/plan.js";

export function MoveDialog() {
  const moving = useDesk().screen.moving.value;
  return moving ? html`<${Ask} key=${moving.id} ...${moving} />` : null;
}

/** @param {{id: string, copies: boolean}} props */
function Ask({ id, copies }) {
  const desk = useDesk();
  const { store, plan, screen } = desk;
  const stop = store.cell("itinerary", id).view.value;
  const column = useSignal(columnOf(stop?.day ?? null));
  const others = useComputed(() => othersIn(desk, column.value, copies ? "" : id));
  // It begins with where the stop is.
  const after = useSignal(copies ? "end" : placeBefore(store.list(`day:${column.peek()}`).peek(), id));
  if (!stop) return null;
  const name = (/** @type {string} */ each) => (each === "ideas" ? "Ideas" : plan.dayName(dayOf(each)));
  const close = () => {
    screen.moving.value = null;
  };
  const go = (/** @type {Event} */ event) => {
    event.preventDefault();
    const last = others.value.at(-1) ?? null;
    const neighbour = after.value === "end" ? last : after.value || null;
    close();
    (copies ? copyStop : moveStop)(desk, id, column.value, neighbour);
    if (column.value !== "ideas") focusOn(`itinerary:${id}`, "grip");
  };
  const verb = copies ? "Copy" : "Move";
  return html`<${Modal} title=${`${verb} ${stop.activity} to…`} close=${close} foot=${html`
    <button class="btn" onClick=${close}>${copies ? "Copy nothing" : stop.day === null ? "Keep it unscheduled" : `Keep it on ${name(columnOf(stop.day))}`}</button>
    <button class="btn main" onClick=${go}>${verb} to ${name(column.value)}</button>`}>
    <div class="stack">
      <div class="field"><label for="move-day">Day</label>
        <select class="input" id="move-day" autofocus value=${column.value} onChange=${(/** @type {any} */ event) => {
          column.value = event.target.value;
          after.value = "end";
        }}>
          ${[...columns(plan), ...(copies ? [] : ["ideas"])].map((each) => html`<option key=${each} value=${each}>${name(each)}</option>`)}
        </select></div>
      ${column.value !== "ideas" && html`<div class="field"><label for="move-place">Place</label>
        <select class="input" id="move-place" value=${after.value} onChange=${(/** @type {any} */ event) => (after.value = event.target.value)}>
          <option value="">At the top</option>
          ${others.value.slice(0, -1).map((each) => html`<option key=${each} value=${each}>After ${store.cell("itinerary", each).view.value?.activity}</option>`)}
          <option value="end">At the end</option>
        </select></div>`}
    </div>
  <//>`;
}

/** @param {readonly string[]} list @param {string} id */
const placeBefore = (list, id) => (list.at(-1) === id ? "end" : (list[list.indexOf(id) - 1] ?? ""));

/** @param {import("#trips/plan.js").Plan} plan */
const columns = (plan) => ["none", ...plan.columns.value.filter((column) => column !== "none")];

/** *Move to…*: a day and a place on it, for everyone who does not drag. The same question copies a stop. */
import { useComputed, useSignal } from "@preact/signals";

import { copyStop, moveStop } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { Modal } from "#trips/dialog.js";
import { focusOn } from "#trips/focus.js";
import { html } from "#trips/html.js";
import { othersIn } from "#trips/lift.js";
import { columnOf, dayOf } from "#trips/plan.js";

const END = "end";
const TOP = "";

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
  const after = useSignal(copies ? END : placeIn(store.list(`day:${column.peek()}`).peek(), id));
  if (!stop) return null;
  const name = (/** @type {string} */ each) => (each === "ideas" ? "Ideas" : plan.dayName(dayOf(each)));
  const close = () => {
    screen.moving.value = null;
  };
  const go = () => {
    const neighbour = after.value === END ? (others.value.at(-1) ?? null) : after.value || null;
    close();
    (copies ? copyStop : moveStop)(desk, id, column.value, neighbour);
    if (column.value !== "ideas") focusOn(`itinerary:${id}`, "grip");
  };
  const choose = (/** @type {string} */ value) => {
    column.value = value;
    after.value = END;
  };
  const verb = copies ? "Copy" : "Move";
  const columns = ["none", ...plan.columns.value.filter((each) => each !== "none"), ...(copies ? [] : ["ideas"])];
  const now = stop.day === null ? "" : plan.dayName(stop.day);
  const titles = (/** @type {string} */ each) => store.cell("itinerary", each).view.value?.activity;
  const place = (/** @type {string} */ value) => void (after.value = value);
  const foot = html`<button class="btn" onClick=${close}>${stays(copies, now)}</button>
    <button class="btn main" onClick=${go}>${verb} to ${name(column.value)}</button>`;
  return html`<${Modal} title=${`${verb} ${stop.activity} to…`} close=${close} foot=${foot}>
    <div class="stack">
      <div class="field"><label for="move-day">Day</label>
        ${select("move-day", column.value, choose, columns.map((each) => [each, name(each)]))}
      </div>
      ${column.value !== "ideas" && html`<div class="field"><label for="move-place">Place</label>
        ${select("move-place", after.value, place, places(others.value, titles))}
      </div>`}
    </div>
  <//>`;
}

/** @param {boolean} copies @param {string} day */
const stays = (copies, day) => (copies ? "Copy nothing" : day ? `Keep it on ${day}` : "Keep it unscheduled");

/**
 * @param {string} id
 * @param {string} value
 * @param {(value: string) => void} choose
 * @param {string[][]} options each with its value and its words
 */
const select = (id, value, choose, options) => html`<select class="input" id=${id} value=${value}
  autofocus=${id === "move-day"} onChange=${(/** @type {any} */ event) => choose(event.target.value)}>
  ${options.map(([each, words]) => html`<option key=${each} value=${each}>${words}</option>`)}
</select>`;

/**
 * @param {readonly string[]} others
 * @param {(id: string) => string | undefined} nameOf
 */
const places = (others, nameOf) => [
  [TOP, "At the top"],
  ...others.slice(0, -1).map((id) => [id, `After ${nameOf(id)}`]),
  [END, "At the end"],
];

/** Where a stop is now, as the choice has it. @param {readonly string[]} list @param {string} id */
const placeIn = (list, id) => (list.at(-1) === id ? END : (list[list.indexOf(id) - 1] ?? TOP));

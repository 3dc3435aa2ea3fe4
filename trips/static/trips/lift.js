/**
 * Moving a stop with the keyboard: lifted at its grip, carried by the arrow keys, dropped by Enter. The card stays where
 * it is, and so does the focus; a slot shows where it would go, and each step is said.
 *
 * @import { Desk } from "#trips/desk.js"
 */
import { moveStop } from "#trips/actions.js";
import { focusOn } from "#trips/focus.js";
import { dayOf } from "#trips/plan.js";
import { ordinal } from "#trips/words.js";

/**
 * The stops of a column without the one that moves. While one is in the air, the lists stand still: as it saw them.
 * @param {Desk} desk
 * @param {string} column
 * @param {string} id
 */
export function othersIn({ store, screen }, column, id) {
  if (column === "ideas") return [];
  const list = screen.frozen.peek()?.[column] ?? store.list(`day:${column}`).peek();
  return list.filter((other) => other !== id);
}

/** “Tue 13, 3rd of 5” @param {Desk} desk @param {{id: string, column: string, index: number}} lifted */
export function placeName(desk, { id, column, index }) {
  if (column === "ideas") return "Ideas";
  return `${desk.plan.dayName(dayOf(column))}, ${ordinal(index + 1)} of ${othersIn(desk, column, id).length + 1}`;
}

/** @param {Desk} desk @param {string} id @param {KeyboardEvent} event */
export function onGripKey(desk, id, event) {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const lifted = desk.screen.lifted.peek();
  const act = lifted?.id === id ? STEPS[event.key] : STARTS[event.key];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act(desk, id);
}

/** Left without a word: it goes back. @param {Desk} desk @param {string} id */
export function dropLifted({ screen }, id) {
  if (screen.lifted.peek()?.id === id) screen.lifted.value = null;
}

/** @typedef {(desk: Desk, id: string) => void} Step */

/** @type {Step} */
function lift(desk, id) {
  const { store, screen, plan, voice } = desk;
  const stop = store.cell("itinerary", id).view.peek();
  if (!stop) return;
  const column = stop.day === null ? "none" : String(stop.day);
  const index = store.list(`day:${column}`).peek().indexOf(id);
  const lists = Object.fromEntries(plan.columns.peek().map((each) => [each, store.list(`day:${each}`).peek()]));
  screen.lifted.value = { id, from: { column, index }, column, index, lists };
  const where = placeName(desk, { id, column, index });
  voice.say(`Lifted ${stop.activity}. ${where}. Arrow keys move it, Enter drops it, Escape puts it back.`);
}

/** @type {Step} */
function drop(desk, id) {
  const { screen, voice } = desk;
  const lifted = screen.lifted.peek();
  if (!lifted) return;
  const { column, index, from } = lifted;
  const words = placeName(desk, lifted);
  const after = othersIn(desk, column, id)[index - 1] ?? null;
  screen.lifted.value = null;
  if (column !== from.column || index !== from.index) moveStop(desk, id, column, after);
  voice.say(`Dropped: ${words}`);
  focusOn(`itinerary:${id}`, "grip");
}

/** @type {Step} */
function putBack(desk, id) {
  const from = desk.screen.lifted.peek()?.from;
  desk.screen.lifted.value = null;
  if (from) desk.voice.say(`Back: ${placeName(desk, { id, ...from })}`);
}

/**
 * @param {(at: {column: string, index: number}, last: number, columns: string[]) => {column: string, index: number}} where
 * @returns {Step}
 */
const go = (where) => (desk, id) => {
  const { screen, plan, voice } = desk;
  const lifted = screen.lifted.peek();
  if (!lifted) return;
  const to = where(lifted, othersIn(desk, lifted.column, id).length, [...plan.columns.peek(), "ideas"]);
  const index = Math.max(0, Math.min(to.index, othersIn(desk, to.column, id).length));
  screen.lifted.value = { ...lifted, column: to.column, index };
  voice.say(placeName(desk, { id, column: to.column, index }));
  requestAnimationFrame(() => document.querySelector(".slot")?.scrollIntoView({ block: "nearest", inline: "nearest" }));
};

/** @param {number} by */
const sideways = (by) =>
  go(({ column, index }, _, columns) => ({ column: columns[columns.indexOf(column) + by] ?? column, index }));

/** @type {Record<string, Step>} */
const STARTS = { " ": lift, Enter: lift };
/** @type {Record<string, Step>} */
const STEPS = {
  ArrowUp: go(({ column, index }) => ({ column, index: index - 1 })),
  ArrowDown: go(({ column, index }) => ({ column, index: index + 1 })),
  ArrowLeft: sideways(-1),
  ArrowRight: sideways(1),
  Home: go(({ column }) => ({ column, index: 0 })),
  End: go(({ column }, last) => ({ column, index: last })),
  Enter: drop,
  " ": drop,
  Escape: putBack,
};

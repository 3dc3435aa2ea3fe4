/**
 * What one can do to a trip, in the words of the page. Each shows at once; what takes something away can be undone.
 *
 * @import { Desk } from "#trips/desk.js"
 * @import { Data, Kind } from "#realtime/types.js"
 */
import { newId } from "#realtime/types.js";
import { focusOn } from "#trips/focus.js";
import { dayOf } from "#trips/plan.js";
import { categoryWord, firstName } from "#trips/words.js";

/** Fields that a stop and an idea have both. */
const SHARED = /** @type {const} */ (["place", "category", "cost", "duration", "notes"]);

/** @param {Desk} desk @param {string} column @param {string} title */
export function addStop({ store }, column, title) {
  const id = newId();
  store.propose({ kind: "itinerary", id, data: { day: dayOf(column), activity: title } });
  return id;
}

/** @param {Desk} desk @param {string} name */
export function addIdea({ store }, name) {
  const id = newId();
  store.propose({ kind: "activity", id, data: { name } });
  return id;
}

/** An idea gets its day. @param {Desk} desk @param {string} activityId @param {string} column */
export function putOnDay({ store, plan, voice }, activityId, column) {
  const name = store.cell("activity", activityId).view.peek()?.name ?? "";
  store.propose({ kind: "itinerary", id: newId(), data: { day: dayOf(column), activity_id: activityId } });
  voice.say(`Added ${name} to ${plan.dayName(dayOf(column))}`);
}

/**
 * @param {Desk} desk
 * @param {string} id
 * @param {string} column where to; `ideas` takes it off its day
 * @param {string | null} after the stop before it; `null` is the top
 */
export function moveStop(desk, id, column, after) {
  if (column === "ideas") toIdeas(desk, id);
  else desk.store.propose({ kind: "itinerary", id, data: { day: dayOf(column), after } });
}

/** @param {Desk} desk @param {string} id */
function toIdeas({ store }, id) {
  const stop = store.cell("itinerary", id).view.peek();
  if (!stop) return;
  const gone = /** @type {const} */ ({ kind: "itinerary", id, op: "remove" });
  if (stop.activity_id) store.propose(gone);
  else {
    const data = { name: stop.activity, ...Object.fromEntries(SHARED.map((field) => [field, stop[field]])) };
    store.propose({ steps: [{ kind: "activity", id: newId(), data }, gone] });
  }
}

/** @param {Desk} desk @param {string} id @param {string} column @param {string | null} after */
export function copyStop({ store }, id, column, after) {
  const stop = store.cell("itinerary", id).view.peek();
  if (!stop) return;
  const { id: _, position: __, day: ___, ...data } = stop;
  store.propose({ kind: "itinerary", id: newId(), data: { ...data, day: dayOf(column), after } });
}

/** @param {Desk} desk @param {string} id */
export function removeStop(desk, id) {
  const stop = desk.store.cell("itinerary", id).view.peek();
  if (stop) remove(desk, "itinerary", id, `Removed ${stop.activity} from ${desk.plan.dayName(stop.day)}`);
}

/** @param {Desk} desk @param {string} id */
export function removeIdea(desk, id) {
  const idea = desk.store.cell("activity", id).view.peek();
  if (idea) remove(desk, "activity", id, `Removed ${idea.name} from the ideas`);
}

/** @param {Desk} desk @param {string} category */
export function removeLine(desk, category) {
  const line = desk.store.cell("budget", category).view.peek();
  if (line) remove(desk, "budget", category, `Removed ${line.name || categoryWord(category)} from the budget`);
}

/** @param {Desk} desk @param {string} userId */
export function removeMember(desk, userId) {
  const member = desk.store.cell("member", userId).view.peek();
  if (member) remove(desk, "member", userId, `${firstName(member.name)} no longer sees this trip`);
}

/**
 * @param {Desk} desk
 * @param {Kind} kind
 * @param {string} id
 * @param {string} text
 */
function remove({ store, toasts, screen }, kind, id, text) {
  const key = `${kind}:${id}`;
  if (screen.open.peek() === key) screen.open.value = null;
  store.propose({ kind, id, op: "remove" });
  toasts.show({ text, action: { label: "Undo", run: () => bringBack({ store }, kind, id) } });
}

/** @param {Pick<Desk, "store">} desk @param {Kind} kind @param {string} id */
export function bringBack({ store }, kind, id) {
  store.propose({ kind, id, op: "restore" });
  // A field of it that I was writing in takes the focus up by itself.
  const writing = [...store.drafts.keys()].some((key) => key.startsWith(`${kind}:${id}.`));
  if (!writing) focusOn(`${kind}:${id}`);
}

/**
 * The trip ends earlier: what was on the days that go is kept without a day, all in one.
 * @param {Desk} desk
 * @param {Data} dates
 * @param {string[]} stops
 */
export function shorten({ store }, dates, stops) {
  const unscheduled = stops.map((id) => /** @type {const} */ ({ kind: "itinerary", id, data: { day: null } }));
  store.propose({ steps: [{ kind: "trip", id: store.tripId, data: dates }, ...unscheduled] });
}

/**
 * One step of a mutation: what is sent, what is shown until the server has answered, and what the server will do by
 * itself because of it. Pure.
 *
 * @import { Data, Kind, Stop, Wish } from "#realtime/types.js"
 * @import { Step } from "#realtime/queue.js"
 * @import { Cell } from "#realtime/cells.js"
 */
import { KINDS } from "#realtime/types.js";

/** What a stop without a word of its own takes from its activity. */
const INHERITED = /** @type {const} */ (["place", "cost", "duration", "category", "notes"]);

/**
 * @param {Wish} wish
 * @param {(kind: Kind, id: string) => Cell<any>} cell
 * @returns {Step}
 */
export function stepOf({ kind, id, op = "set", data = {} }, cell) {
  const { key, named = false } = KINDS[kind];
  const { view, last, seen } = cell(kind, id);
  const name = kind === "trip" ? {} : { [key]: id };
  const creates = op === "set" && view.peek() === null && (named || last === null);
  const step = { kind, id, op, data: name, shown: {}, creates, effect: false };
  if (op === "set") return { ...step, data: { ...name, ...data }, shown: shownOf(kind, data, creates, cell) };
  return op === "restore" && kind === "itinerary" ? { ...step, shown: untied(seen, cell) } : step;
}

/**
 * @param {Kind} kind
 * @param {Data} data
 * @param {boolean} creates
 * @param {(kind: Kind, id: string) => Cell<any>} cell
 * @returns {Data}
 */
function shownOf(kind, { after: _, ...data }, creates, cell) {
  if (kind !== "itinerary" || !creates || "activity" in data || !data.activity_id) return data;
  return { ...data, activity: cell("activity", String(data.activity_id)).view.peek()?.name ?? "" };
}

/**
 * A stop that comes back when its activity is gone by now keeps what it showed of it.
 * @param {Stop | null} stop
 * @param {(kind: Kind, id: string) => Cell<any>} cell
 * @returns {Data}
 */
function untied(stop, cell) {
  if (!stop?.activity_id) return {};
  const { view, seen } = cell("activity", stop.activity_id);
  return view.peek() || !seen ? {} : { activity_id: null, ...inherited(stop, seen) };
}

/**
 * The stops of an activity that is removed stay, with what they showed of it.
 * @param {Step} step
 * @param {() => Stop[]} stops as they are shown
 * @param {(kind: Kind, id: string) => Cell<any>} cell
 * @returns {Step[]}
 */
export function effectsOf({ kind, id, op }, stops, cell) {
  if (kind !== "activity" || op !== "remove") return [];
  const activity = cell("activity", id).view.peek();
  if (!activity) return [];
  return stops().filter((stop) => stop.activity_id === id).map((stop) => ({
    kind: "itinerary", id: stop.id, op: "set", data: {}, shown: { activity_id: null, ...inherited(stop, activity) },
    creates: false, effect: true,
  }));
}

/**
 * @param {Stop} stop
 * @param {any} activity
 */
function inherited(stop, activity) {
  const empty = INHERITED.filter((field) => stop[field] === "" || stop[field] === null);
  return Object.fromEntries(empty.map((field) => [field, activity[field]]));
}

/**
 * What an object is shown as: its steps, in order, on top of what is confirmed. What a step cannot be done to stays gone.
 * @template T
 * @param {Cell<T>} cell
 * @param {readonly Step[]} steps those of this object
 * @returns {T | null}
 */
export function fold({ kind, id, confirmed, last }, steps) {
  let view = /** @type {any} */ (confirmed);
  let known = view ?? last;
  for (const { op, creates, shown } of steps) {
    if (op === "remove") view = null;
    else if (op === "restore") view ??= known && { ...known, ...shown };
    else if (view || creates) view = { ...(view ?? known ?? blank(kind, id)), ...shown };
    known = view ?? known;
  }
  return view;
}

/**
 * @param {Kind} kind
 * @param {string} id
 * @returns {any}
 */
export const blank = (kind, id) => ({ ...KINDS[kind].blank, [KINDS[kind].key]: id });

/**
 * Equal, field by field.
 * @param {any} a
 * @param {any} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}

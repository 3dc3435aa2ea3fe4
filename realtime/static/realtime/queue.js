/**
 * The list of what this person changed and the server has not confirmed: pure rules, no clock, no socket.
 *
 * An entry goes out alone, and the next one only when it is answered; what waits behind it is merged field by field, so
 * that a burst of typing is one mutation. An entry that was sent once is never altered: the server may have it already.
 *
 * @import { Data, Kind, Op } from "#realtime/types.js"
 *
 * `shown` is what the page shows meanwhile: the data without `after`, with a position. An `effect` is what the server
 * will do by itself: shown, never sent.
 * @typedef {{kind: Kind, id: string, op: Op, data: Data, shown: Data, creates: boolean, effect: boolean}} Step
 * @typedef {{mutation_id: string, steps: Step[], base_seq?: number, sent: boolean, inFlight: boolean,
 *   ack: number | null, notBefore: number}} Entry
 */

/** How long an answer may take before the same mutation is sent once more, in ms. */
export const ANSWER_WITHIN = 15_000;

/** Fields whose meaning depends on what was done before: they may not overtake another mutation. */
const ORDERED = ["after", "day", "activity_id"];

/**
 * @param {string} mutation_id
 * @param {Step[]} steps
 * @param {number} [base_seq]
 * @returns {Entry}
 */
export const entryOf = (mutation_id, steps, base_seq) => ({
  mutation_id, steps, ...(base_seq === undefined ? {} : { base_seq }), sent: false, inFlight: false, ack: null, notBefore: 0,
});

/** @param {Entry} entry */
const plainSet = (entry) => entry.steps.length === 1 && entry.steps[0].op === "set" && !entry.steps[0].effect;

/**
 * Add an entry, or merge it into one that waits for the same object. Answers with the entry that now carries it.
 * @param {Entry[]} pending changed in place
 * @param {Entry} entry
 */
export function enqueue(pending, entry) {
  const target = plainSet(entry) ? mergeTarget(pending, entry) : null;
  if (!target) {
    pending.push(entry);
    return entry;
  }
  merge(target, entry);
  return target;
}

/**
 * @param {Entry[]} pending
 * @param {Entry} entry
 */
function mergeTarget(pending, entry) {
  const [step] = entry.steps;
  const ordered = ORDERED.some((field) => field in step.data);
  for (const earlier of pending.toReversed()) {
    if (earlier.sent || !plainSet(earlier)) return null;
    if (earlier.steps[0].kind === step.kind && earlier.steps[0].id === step.id) return mergeable(earlier, entry) ? earlier : null;
    if (ordered) return null;
  }
  return null;
}

/**
 * A guard (`base_seq`) speaks for all fields of its mutation, so only equal guards, or guards on the same fields, join.
 * @param {Entry} earlier
 * @param {Entry} later
 */
function mergeable(earlier, later) {
  if (earlier.base_seq === later.base_seq) return true;
  const fields = (/** @type {Entry} */ entry) => Object.keys(entry.steps[0].data).sort().join();
  return earlier.base_seq !== undefined && later.base_seq !== undefined && fields(earlier) === fields(later);
}

/**
 * @param {Entry} earlier
 * @param {Entry} later
 */
function merge(earlier, later) {
  const [into] = earlier.steps;
  const [from] = later.steps;
  const { after, ...data } = into.data;
  const keepsPlace = after !== undefined && (!("day" in from.data) || from.data.day === into.data.day);
  into.data = { ...data, ...(keepsPlace ? { after } : {}), ...from.data };
  into.shown = { ...into.shown, ...from.shown };
  if (earlier.base_seq !== undefined) earlier.base_seq = Math.min(earlier.base_seq, later.base_seq ?? earlier.base_seq);
}

/**
 * The entry to send now, if any; else in how many ms to look again, or `null` when nothing waits.
 * @param {readonly Entry[]} pending
 * @param {number} now ms
 * @returns {{send: Entry} | {wait: number} | null}
 */
export function next(pending, now) {
  const first = pending.find((entry) => entry.ack === null);
  if (!first) return null;
  return first.notBefore > now ? { wait: first.notBefore - now } : { send: first };
}

/**
 * @param {Entry} entry
 * @param {number} now ms
 */
export function sent(entry, now) {
  entry.sent = entry.inFlight = true;
  entry.notBefore = now + ANSWER_WITHIN;
}

/**
 * The server asked for patience: the entry stays where it is and goes out again, with its id, after `seconds`.
 * @param {Entry} entry
 * @param {number} seconds
 * @param {number} now ms
 */
export function waitOut(entry, seconds, now) {
  entry.inFlight = false;
  entry.notBefore = now + seconds * 1000;
}

/**
 * The connection broke: whatever was on its way goes out again on the next one.
 * @param {readonly Entry[]} pending
 */
export function broken(pending) {
  for (const entry of pending) {
    entry.inFlight = false;
    entry.notBefore = 0;
  }
}

/**
 * An entry as a message to the server (PROTOCOL.md, "Client to server").
 * @param {Entry} entry
 * @param {string} trip_id
 */
export function toMessage({ mutation_id, steps, base_seq }, trip_id) {
  const own = steps.filter((step) => !step.effect);
  const mutations = own.map(({ kind, op, data }) => ({ type: `${kind}_update`, ...(op === "set" ? {} : { op }), data }));
  if (mutations.length !== 1) return { type: "batch", trip_id, mutation_id, mutations };
  return { ...mutations[0], trip_id, mutation_id, ...(base_seq === undefined ? {} : { base_seq }) };
}

/**
 * The list of what this person changed and the server has not confirmed: pure rules, no clock, no socket.
 *
 * An entry goes out alone, and the next one only when it is answered; what waits behind it is merged field by field, so
 * that a burst of edits is one mutation. An entry that was sent once is never altered: the server may have it already.
 *
 * @import { Data, Kind, Op } from "#realtime/types.js"
 *
 * `shown` is what the page shows meanwhile: the data without `after`, with a position. An `effect` is what the server
 * will do by itself: shown, never sent. What has `arrived` as a change is shown by that.
 * @typedef {{kind: Kind, id: string, op: Op, data: Data, shown: Data, creates: boolean, effect: boolean,
 *   arrived?: boolean}} Step
 *
 * `ack` is the seq it was stored as; `notBefore` (ms) when it may be sent, or sent again; `parts` what was merged.
 * @typedef {{mutation_id: string, steps: Step[], base_seq?: number, sent: boolean, ack: number | null,
 *   notBefore: number, parts: Part[]}} Entry
 * @typedef {{step: Step, base_seq?: number}} Part
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
  mutation_id, steps, ...guard(base_seq), sent: false, ack: null, notBefore: 0,
  parts: [{ step: steps[0], ...guard(base_seq) }],
});

/** @param {number} [base_seq] */
const guard = (base_seq) => (base_seq === undefined ? {} : { base_seq });

/** Its steps that have not come back as changes. @param {Entry} entry */
export const awaited = ({ steps }) => steps.filter(({ arrived }) => !arrived);

/**
 * Add an entry, or merge it into one that waits for the same object. Answers with the entry that now carries it.
 * @param {Entry[]} pending changed in place
 * @param {Entry} entry
 */
export function enqueue(pending, entry) {
  const target = mergeTarget(pending, entry);
  if (target) merge(target, entry.parts[0]);
  else pending.push(entry);
  return target ?? entry;
}

/** @param {Entry} entry */
const isPlainSet = ({ steps: [step, ...more] }) => more.length === 0 && step.op === "set" && !step.effect;

/**
 * @param {Entry[]} pending
 * @param {Entry} entry
 */
function mergeTarget(pending, entry) {
  if (!isPlainSet(entry)) return null;
  const [step] = entry.steps;
  const ordered = ORDERED.some((field) => field in step.data);
  for (const earlier of pending.toReversed()) {
    if (earlier.sent || !isPlainSet(earlier)) return null;
    if (earlier.steps[0].kind === step.kind && earlier.steps[0].id === step.id) {
      return ("base_seq" in earlier) === ("base_seq" in entry) ? earlier : null;
    }
    if (ordered) return null;
  }
  return null;
}

/**
 * @param {Entry} target
 * @param {Part} part
 */
function merge(target, part) {
  const fields = (/** @type {Part} */ { step }) => Object.keys(step.data).sort().join();
  const old = target.parts.find((earlier) => !earlier.step.creates && fields(earlier) === fields(part));
  const base_seq = lowest([old ?? {}, part]);
  target.parts = [...target.parts.filter((earlier) => earlier !== old), { step: part.step, ...guard(base_seq) }];
  Object.assign(target, guard(lowest(target.parts)), { steps: [target.parts.map(({ step }) => step).reduce(over)] });
}

/** @param {{base_seq?: number}[]} guarded */
function lowest(guarded) {
  const seqs = guarded.flatMap(({ base_seq }) => base_seq ?? []);
  return seqs.length ? Math.min(...seqs) : undefined;
}

/**
 * @param {Step} earlier
 * @param {Step} later
 * @returns {Step}
 */
function over(earlier, later) {
  const { after, ...data } = earlier.data;
  const stays = after !== undefined && (!("day" in later.data) || later.data.day === data.day);
  return {
    ...earlier,
    data: { ...data, ...(stays ? { after } : {}), ...later.data },
    shown: { ...earlier.shown, ...later.shown },
  };
}

/**
 * A refused entry that was merged from several wishes, as those wishes: one of them must not cost the others.
 * @param {Entry} entry
 * @param {() => string} mutationId
 * @returns {Entry[]} none, if it was one wish
 */
export const apart = ({ parts }, mutationId) =>
  parts.length < 2 ? [] : parts.map(({ step, base_seq }) => entryOf(mutationId(), [step], base_seq));

/**
 * The entry to send now; else in how many ms to look again; or `null` when all is answered.
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
 * It is on its way. If no answer comes, it goes out again, with the same id.
 * @param {Entry} entry
 * @param {number} now ms
 */
export function sent(entry, now) {
  entry.sent = true;
  entry.notBefore = now + ANSWER_WITHIN;
}

/**
 * The server asked for patience: the entry keeps its place and goes out again after `seconds`.
 * @param {Entry} entry
 * @param {number} seconds
 * @param {number} now ms
 */
export function waitOut(entry, seconds, now) {
  entry.notBefore = now + seconds * 1000;
}

/**
 * There is a new connection: what had no answer on the old one goes out again at once.
 * @param {readonly Entry[]} pending
 */
export function resend(pending) {
  for (const entry of pending) entry.notBefore = 0;
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
  return { ...mutations[0], trip_id, mutation_id, ...guard(base_seq) };
}

/**
 * What of the list outlives the page: all that is not known to be stored, as if it had not been sent.
 * @param {readonly Entry[]} pending
 * @returns {Entry[]}
 */
export const kept = (pending) =>
  pending.filter(({ ack }) => ack === null).map((entry) => ({ ...entry, sent: false, notBefore: 0 }));

/**
 * Take over what a page that is no more has left: before all that has not been sent here. The server may have it, so it
 * goes out as it is.
 * @param {Entry[]} pending changed in place
 * @param {readonly Entry[]} left
 * @returns {Entry[]} those that are new here
 */
export function takeOver(pending, left) {
  const known = new Set(pending.map(({ mutation_id }) => mutation_id));
  const added = left.filter(({ mutation_id }) => !known.has(mutation_id)).map((entry) => ({ ...entry, sent: true }));
  pending.splice(pending.findLastIndex(({ sent }) => sent) + 1, 0, ...added);
  return added;
}

/**
 * Another page has taken over what was kept here, since this one seemed to be dead: it is that page's now. What was
 * merged into an entry since then goes out as one of its own.
 * @param {Entry[]} pending changed in place
 * @param {readonly Entry[]} taken
 * @param {() => string} mutationId
 */
export function disown(pending, taken, mutationId) {
  const body = (/** @type {Entry} */ { steps, base_seq }) => JSON.stringify([steps.map(({ kind, id, op, data }) => [kind, id, op, data]), base_seq]);
  const theirs = new Map(taken.map((entry) => [entry.mutation_id, body(entry)]));
  const left = pending.flatMap((entry) => {
    const same = theirs.get(entry.mutation_id);
    if (same === undefined) return [entry];
    return same === body(entry) ? [] : [{ ...entry, mutation_id: mutationId() }];
  });
  pending.splice(0, Infinity, ...left);
}

/**
 * What a refusal means for the fields of a mutation: a problem each, kept with what I wrote until it is settled.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Data, ErrorMessage, Kind, Op } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 *
 * `field` is `null` when the trouble is with the object as a whole; `mine` is then all that I wanted to set.
 * @typedef {{key: string, kind: Kind, id: string, field: string | null, code: string, message: string, op: Op, mine: any,
 *   theirs?: {value: any, seq: number, by: string, at: string}}} Problem
 */
import { signal } from "@preact/signals-core";

import { KINDS } from "#realtime/types.js";

/**
 * @param {Kind} kind
 * @param {string} id
 * @param {string | null} [field]
 */
export const keyOf = (kind, id, field) => `${kind}:${id}${field ? `.${field}` : ""}`;

export class Problems {
  /** All there are now. */
  all = signal(/** @type {Problem[]} */ ([]));
  /** @type {Map<string, Signal<Problem | null>>} */
  #signals = new Map();

  /** @param {string} key `<kind>:<id>` or `<kind>:<id>.<field>` */
  get(key) {
    let problem = this.#signals.get(key);
    if (!problem) this.#signals.set(key, (problem = signal(/** @type {Problem | null} */ (null))));
    return problem;
  }

  /** @param {Problem[]} problems */
  raise(problems) {
    for (const problem of problems) this.get(problem.key).value = problem;
    this.#list();
  }

  /** @param {string[]} keys of what is settled */
  dismiss(keys) {
    const raised = keys.map((key) => this.#signals.get(key)).filter((problem) => problem?.peek());
    for (const problem of raised) if (problem) problem.value = null;
    if (raised.length) this.#list();
  }

  /** A new wish for a field settles what was wrong with the last one. @param {Step[]} steps */
  forgive(steps) {
    this.dismiss(steps.flatMap(({ kind, id, data }) => [null, ...Object.keys(data)].map((field) => keyOf(kind, id, field))));
  }

  #list() {
    this.all.value = [...this.#signals.values()].map((problem) => problem.peek()).filter((problem) => problem !== null);
  }
}

/**
 * @param {Entry} entry
 * @param {ErrorMessage} error
 * @returns {Problem[]}
 */
export function problemsOf(entry, error) {
  const found = entry.steps.filter((step) => !step.effect).flatMap((step) => inFields(step, error));
  return found.length ? found : [problem(entry.steps[0], null, error)];
}

/**
 * @param {Step} step
 * @param {ErrorMessage} error
 */
function inFields(step, error) {
  const blamed = (error.code === "conflict" ? error.current?.data : error.fields) ?? {};
  const fields = Object.keys(step.data).filter((field) => field !== KINDS[step.kind].key && field in blamed);
  return fields.map((field) => problem(step, field, error));
}

/**
 * @param {Step} step
 * @param {string | null} field
 * @param {ErrorMessage} error
 * @returns {Problem}
 */
function problem({ kind, id, op, data }, field, { code, message, fields, current }) {
  const known = { key: keyOf(kind, id, field), kind, id, field, code, op };
  if (!field) return { ...known, message, mine: data };
  const theirs = current && { value: current.data[field], seq: current.seq, by: current.updated_by, at: current.timestamp };
  return { ...known, message: fields?.[field]?.join(" ") || message, mine: data[field], ...(theirs && { theirs }) };
}

/**
 * What of a refused change is still worth sending: the fields nobody objected to. Fields were merged into one mutation
 * by us, so one of them must not cost the others. A new object or a batch goes as a whole, as does any other reason.
 * @param {Entry} entry
 * @param {Problem[]} problems
 * @returns {Step | null}
 */
export function blameless({ steps: [step, ...more] }, problems) {
  if (more.length || step.op !== "set" || step.creates || problems.some(({ field }) => field === null)) return null;
  const keep = (/** @type {Data} */ data) =>
    Object.fromEntries(Object.entries(data).filter(([field]) => !problems.some((problem) => problem.field === field)));
  const data = keep(step.data);
  return Object.keys(data).some((field) => field !== KINDS[step.kind].key) ? { ...step, data, shown: keep(step.shown) } : null;
}

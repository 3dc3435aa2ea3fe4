/**
 * What a refusal means for the fields of a mutation: a problem each, kept with what I wrote until it is settled.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { ErrorMessage, Kind, Op } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 *
 * `field` is `null` when the trouble is with the object as a whole; `mine` is then all that I wanted to set.
 * @typedef {{key: string, kind: Kind, id: string, field: string | null, code: string, message: string, op: Op, mine: any,
 *   theirs?: {value: any, seq: number, by: string | null, at: string}}} Problem
 */
import { signal } from "@preact/signals-core";

import { same } from "#realtime/steps.js";
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
    const fields = (/** @type {Step} */ { data }) => [null, ...Object.keys(data)];
    this.dismiss(steps.flatMap((step) => fields(step).map((field) => keyOf(step.kind, step.id, field))));
  }

  #list() {
    this.all.value = [...this.#signals.values()].map((problem) => problem.peek()).filter((problem) => problem !== null);
  }
}

/**
 * @param {Entry} entry
 * @param {ErrorMessage} error
 * @returns {Problem[]} none for a conflict in which both wrote the same
 */
export function problemsOf(entry, error) {
  const steps = entry.steps.filter((step) => !step.effect);
  const blamed = steps.map((step) => blamedFields(step, error));
  if (blamed.every((fields) => fields.length === 0)) return [problem(steps[0], null, error)];
  return steps.flatMap((step, index) => blamed[index].map((field) => problem(step, field, error)).filter(isOpen));
}

/**
 * @param {Step} step
 * @param {ErrorMessage} error
 */
function blamedFields({ kind, data }, { code, current, fields }) {
  const blamed = (code === "conflict" ? current?.data : fields) ?? {};
  return Object.keys(data).filter((field) => field !== KINDS[kind].key && field in blamed);
}

/** @param {Problem} problem */
const isOpen = ({ theirs, mine }) => !theirs || !same(theirs.value, mine);

/**
 * @param {Step} step
 * @param {string | null} field
 * @param {ErrorMessage} error
 * @returns {Problem}
 */
function problem({ kind, id, op, data }, field, { code, message, fields, current }) {
  const theirs = current && {
    value: field ? current.data[field] : current.data, seq: current.seq, by: current.updated_by, at: current.timestamp,
  };
  return {
    key: keyOf(kind, id, field), kind, id, field, code, op,
    message: (field && fields?.[field]?.join(" ")) || message,
    mine: field ? data[field] : data,
    ...(theirs && { theirs }),
  };
}

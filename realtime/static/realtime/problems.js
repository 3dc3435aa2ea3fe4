/**
 * What a refusal means for the fields of a mutation: a problem each, kept with what I wrote until it is settled.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Data, ErrorMessage, Kind, Op } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 *
 * `field` is `null` when the trouble is with the object as a whole; `mine` is then all that I wanted to set. The code
 * `unsaved` is none of the server's: `mine` is a text that was never sent, and the key one of its own.
 * `title` is what the object was called, which may be gone by the time that this is read.
 * @typedef {{key: string, kind: Kind, id: string, field: string | null, code: string, message: string, op: Op, mine: any,
 *   title?: string, theirs?: {value: any, seq: number, by: string | null, at: string}}} Problem
 */
import { signal } from "@preact/signals-core";

import { awaited } from "#realtime/queue.js";
import { same } from "#realtime/steps.js";
import { KINDS, newId } from "#realtime/types.js";

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

  /** Where there is one already, with something else that I wrote, both stay. @param {readonly Problem[]} problems */
  raise(problems) {
    for (const problem of problems) {
      const old = this.get(problem.key).peek();
      this.get(problem.key).value = problem;
      if (old && !same(old.mine, problem.mine)) this.raise([{ ...old, key: ownKey() }]);
    }
    this.#list();
  }

  /** @param {string[]} keys of what is settled */
  dismiss(keys) {
    const raised = keys.map((key) => this.#signals.get(key)).filter((problem) => problem?.peek());
    for (const problem of raised) if (problem) problem.value = null;
    if (raised.length) this.#list();
  }

  /** Another page shows these from now on; what came since under their keys stays. @param {readonly Problem[]} taken */
  disown(taken) {
    const keyless = (/** @type {Problem} */ problem) => ({ ...problem, key: "" });
    const theirs = this.all.peek().filter((mine) => taken.some((each) => same(keyless(each), keyless(mine))));
    this.dismiss(theirs.map(({ key }) => key));
  }

  /** A new wish settles what was wrong with the last one, where no text of mine is lost by it. @param {Step[]} steps */
  forgive(steps) {
    this.dismiss(steps.flatMap(({ kind, id, data }) => {
      const problems = [null, ...Object.keys(data)].map((field) => this.get(keyOf(kind, id, field)).peek());
      return problems.filter((problem) => problem !== null).filter((problem) => isSettled(problem, data)).map(({ key }) => key);
    }));
  }

  #list() {
    this.all.value = [...this.#signals.values()].map((problem) => problem.peek()).filter((problem) => problem !== null);
  }
}

const ownKey = () => `kept:${newId()}`;

/**
 * A text that was being written and has no field any more.
 * @param {{key: string, text: string}} draft its key is `<kind>:<id>.<field>`, or `new:<list>`
 * @param {string} tripId
 * @returns {Problem}
 */
export function setAside({ key, text }, tripId) {
  const [, kind, id, field] = /^(\w+):(.*)\.(\w+)$/.exec(key) ?? ["", "trip", tripId, "new"];
  return { key: ownKey(), kind: /** @type {Kind} */ (kind), id, field, code: "unsaved", message: "", op: "set", mine: text };
}

/**
 * @param {Entry} entry
 * @param {ErrorMessage} error
 * @returns {Problem[]} none for a conflict in which both wrote the same
 */
export function problemsOf(entry, error) {
  const steps = awaited(entry).filter((step) => !step.effect);
  const blamed = steps.map((step) => blamedFields(step, error));
  if (blamed.every((fields) => fields.length === 0)) return asAWhole(steps).map((step) => problem(step, null, error));
  return steps.flatMap((step, index) => blamed[index].map((field) => problem(step, field, error)).filter(isOpen));
}

/** Where something stands, not what somebody wrote. */
const PLACES = ["day", "after", "activity_id"];

/** Those of several steps in which something was written; one of them at least. @param {Step[]} steps */
function asAWhole(steps) {
  const wrote = steps.filter(({ kind, data }) => Object.keys(data).some((field) => ![KINDS[kind].key, ...PLACES].includes(field)));
  return wrote.length ? wrote : steps.slice(0, 1);
}

/**
 * @param {Step} step
 * @param {ErrorMessage} error
 */
function blamedFields({ kind, data }, { code, current, fields }) {
  const blamed = (code === "conflict" ? current?.data : fields) ?? {};
  return Object.keys(data).filter((field) => field !== KINDS[kind].key && field in blamed);
}

/**
 * By a new wish: what was invalid stood in its field, before one's eyes; a role is chosen, not written; and what is
 * wished again is not lost.
 * @param {Problem} problem
 * @param {Data} data
 */
function isSettled({ kind, field, code, mine }, data) {
  const wished = field ? { [field]: mine } : mine;
  const isSeen = kind === "member" || (code === "invalid" && field !== null);
  return Object.keys(wished).every((name) => name in data && (isSeen || same(wished[name], data[name])));
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

/** @param {Problem} problem @param {any} seen the object as it was last shown @returns {Problem} */
export const titled = (problem, seen) => ({ ...problem, title: seen?.title ?? seen?.activity ?? seen?.name ?? "" });

/**
 * What this person changed and the server has not confirmed, and how each of its answers shortens that list. How the
 * list grows, and what goes out when, is in queue.js.
 *
 * @import { Change, ErrorMessage } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 * @import { Problem } from "#realtime/problems.js"
 */
import { signal } from "@preact/signals-core";

import { problemsOf } from "#realtime/problems.js";
import { apart, awaited, disown, enqueue, entryOf, takeOver } from "#realtime/queue.js";

export class Pending {
  /** How many are not known to be stored. */
  count = signal(0);
  /** @type {Entry[]} in order */
  entries = [];
  /** @type {Set<string>} the mutations of this tab */
  #own = new Set();
  #me;
  #mutationId;
  #touched;

  /**
   * @param {{me: string, mutationId: () => string, touched: (steps: readonly Step[]) => void}} options
   *   `touched` is told of each step that came, went or changed
   */
  constructor({ me, mutationId, touched }) {
    this.#me = me;
    this.#mutationId = mutationId;
    this.#touched = touched;
  }

  /** @param {string | undefined} mutationId */
  find(mutationId) {
    return this.entries.find((entry) => entry.mutation_id === mutationId);
  }

  /**
   * @param {Step[]} steps
   * @param {number} [base_seq]
   * @returns {Entry} the one that carries them
   */
  add(steps, base_seq) {
    const entry = enqueue(this.entries, entryOf(this.#newId(), steps, base_seq));
    this.#touched(entry.steps);
    return entry;
  }

  /** Was it made in this tab? @param {Change} change */
  isMine({ mutation_id, updated_by }) {
    return updated_by === this.#me && mutation_id !== undefined && this.#own.has(mutation_id);
  }

  /** One step of mine has come back as a change. @param {Change} change */
  arrived({ type, id, mutation_id }) {
    const entry = this.find(mutation_id);
    const step = entry && awaited(entry).find((each) => `${each.kind}_updated` === type && each.id === id);
    if (!step) return;
    step.arrived = true;
    this.#touched([step]);
    if (awaited(entry).length === 0) this.#drop(entry);
  }

  /**
   * It is stored. It stays on top until its changes have come, or the old value would flicker back.
   * @param {Entry} entry
   * @param {number} seq
   */
  acked(entry, seq) {
    entry.ack = seq;
    this.#touched(entry.steps);
  }

  /** Everything up to `seq` has come: what is stored by then is no longer needed. @param {number} seq */
  reached(seq) {
    for (const entry of this.entries.filter(({ ack }) => ack !== null && ack <= seq)) this.#drop(entry);
  }

  /**
   * It was refused. If it was merged from several wishes, these take its place, each by itself; one wish is given up.
   * @param {Entry} entry
   * @param {ErrorMessage} error
   * @returns {Problem[] | null} what is wrong with a wish that was given up
   */
  refused(entry, error) {
    const parts = apart(entry, () => this.#newId());
    this.#drop(entry, parts);
    return parts.length ? null : problemsOf(entry, error);
  }

  /** A page that is no more has left this. @param {readonly Entry[]} left */
  takeOver(left) {
    for (const { mutation_id, steps } of takeOver(this.entries, left)) {
      this.#own.add(mutation_id);
      this.#touched(steps);
    }
  }

  /** It is another page's now. @param {readonly Entry[]} taken */
  disown(taken) {
    for (const { steps } of this.entries) this.#touched(steps);
    disown(this.entries, taken, () => this.#newId());
  }

  recount() {
    this.count.value = this.entries.filter(({ ack }) => ack === null).length;
  }

  /**
   * @param {Entry} entry
   * @param {Entry[]} instead
   */
  #drop(entry, instead = []) {
    this.#touched(entry.steps);
    this.entries.splice(this.entries.indexOf(entry), 1, ...instead);
  }

  #newId() {
    const id = this.#mutationId();
    this.#own.add(id);
    return id;
  }
}

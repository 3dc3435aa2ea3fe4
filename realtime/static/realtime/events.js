/**
 * What happened in a store, told once its signals are set.
 *
 * A change that was stored (`before`: what the object was, `mine`: it was made in this tab); a refusal with its problems;
 * drafts that came back.
 * @import { Change, ErrorMessage } from "#realtime/types.js"
 * @import { Problem } from "#realtime/problems.js"
 * @typedef {{type: "change", change: Change, before: any, mine: boolean}
 *   | {type: "refused", error: ErrorMessage, problems: Problem[]}
 *   | {type: "returned", drafts: string[]}} StoreEvent
 */
export class Events {
  /** @type {StoreEvent[]} */
  #waiting = [];
  /** @type {Set<(event: StoreEvent) => void>} */
  #listeners = new Set();

  /** @param {StoreEvent} event */
  push(event) {
    this.#waiting.push(event);
  }

  /** @param {(event: StoreEvent) => void} listener @returns {() => void} ends it */
  listen(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell() {
    const events = this.#waiting.splice(0);
    for (const event of events) for (const listener of this.#listeners) listener(event);
  }
}

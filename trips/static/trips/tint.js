/** A change by somebody else tints its card with their colour for a moment. A signal a card: nothing is drawn anew. */
import { signal } from "@preact/signals-core";

export const LASTS = 1_200;

export class Tints {
  /** @type {Map<string, import("@preact/signals-core").Signal<number | undefined>>} */
  #signals = new Map();
  /** @type {Map<string, any>} */
  #timers = new Map();

  /** The colour in which a card is tinted now, if any. @param {string} key `<kind>:<id>` */
  at(key) {
    let tint = this.#signals.get(key);
    if (!tint) this.#signals.set(key, (tint = signal(undefined)));
    return tint;
  }

  /**
   * @param {string} key
   * @param {number} colour of the person
   */
  flash(key, colour) {
    const tint = this.at(key);
    clearTimeout(this.#timers.get(key));
    tint.value = colour;
    this.#timers.set(key, setTimeout(() => (tint.value = undefined), LASTS));
  }
}

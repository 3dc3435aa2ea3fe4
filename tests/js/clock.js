/**
 * A clock that goes when it is told to, and chance that repeats.
 *
 * @import { Clock } from "#realtime/socket.js"
 */

/** @implements {Clock} */
export class HandClock {
  #now = 1_000_000;
  #timers = /** @type {{id: number, at: number, work: () => void}[]} */ ([]);
  #ids = 0;

  now = () => this.#now;

  /**
   * @param {() => void} work
   * @param {number} ms
   */
  setTimeout = (work, ms) => {
    this.#timers.push({ id: ++this.#ids, at: this.#now + ms, work });
    return this.#ids;
  };

  /** @param {number | undefined} id */
  clearTimeout = (id) => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };

  get waiting() {
    return this.#timers.length;
  }

  /** Let time pass; what falls due happens in order. @param {number} ms */
  async pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      await settled();
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (!due) break;
      this.clearTimeout(due.id);
      this.#now = Math.max(this.#now, due.at);
      due.work();
    }
    this.#now = end;
  }
}

/** All that was promised has happened. */
export async function settled() {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/**
 * Numbers from 0 to 1, always the same for a seed (mulberry32).
 * @param {number} seed
 */
export function chance(seed) {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    random,
    /** @param {number} n */
    below: (n) => Math.floor(random() * n),
    /** @template T @param {readonly T[]} list @returns {T} */
    pick: (list) => list[Math.floor(random() * list.length)],
    /** @param {number} share */
    is: (share) => random() < share,
  };
}

/**
 * A browser in small: what all its tabs have in common. Notes are written when `disk` says so, in order; a tab may die
 * before that.
 *
 * @import { Drawer, Living } from "#realtime/keep.js"
 * @typedef {{tab: object, work: () => unknown, done: (answer: any) => void, failed: (error: Error) => void}} Task
 */

export class Browser {
  /** @type {Map<string, string>} */
  notes = new Map();
  /** @type {Set<string>} */
  taken = new Set();
  /** @type {Map<object, string>} the name that each living tab holds */
  holding = new Map();
  /** @type {Task[]} what is to be written, and read */
  waiting = [];
  /** Is it done at once? */
  quick = true;
  /** What each transaction ends with, when set. @type {Error | null} */
  broken = null;
  writes = 0;

  /** @param {object} tab @returns {{drawer: Drawer, living: Living}} */
  for(tab) {
    const transaction = (/** @type {() => unknown} */ work) => this.#transaction(tab, work);
    return {
      drawer: {
        names: () => transaction(() => [...this.notes.keys()]),
        put: (name, text) => transaction(() => this.#put(name, text)),
        take: (from, to, join) => transaction(() => this.#take(from, to, join)),
      },
      living: {
        hold: async (name) => void this.holding.set(tab, name),
        names: async () => [...this.holding.values()],
        end: () => void this.holding.delete(tab),
      },
    };
  }

  /** The next `count` transactions are done. */
  disk(count = Infinity) {
    for (const { work, done, failed } of this.waiting.splice(0, count)) {
      if (this.broken) failed(this.broken);
      else done(work());
    }
  }

  /** A tab is gone without a word. Of what it was writing, the first `written` transactions were done. @param {object} tab */
  kill(tab, written = 0) {
    const its = this.waiting.filter((task) => task.tab === tab);
    this.waiting = this.waiting.filter((task) => task.tab !== tab);
    for (const { work } of its.slice(0, written)) work();
    this.holding.delete(tab);
  }

  /** @param {object} tab @param {() => unknown} work @returns {Promise<any>} */
  #transaction(tab, work) {
    return new Promise((done, failed) => {
      this.waiting.push({ tab, work, done, failed });
      if (this.quick) this.disk();
    });
  }

  /** @param {string} name @param {string} text */
  #put(name, text) {
    if (this.taken.has(name)) return false;
    this.writes += 1;
    if (text) this.notes.set(name, text);
    else this.notes.delete(name);
    return true;
  }

  /** @param {string} from @param {string} to @param {(earlier: string, later: string) => string} join */
  #take(from, to, join) {
    const left = this.notes.get(from);
    if (left === undefined) return null;
    this.notes.delete(from);
    this.notes.set(to, join(left, this.notes.get(to) ?? ""));
    this.taken.add(from);
    return left;
  }
}

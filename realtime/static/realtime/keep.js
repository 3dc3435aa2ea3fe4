/**
 * Keeps a tab's note (kept.js) up to date, and takes over the notes of tabs that are no more.
 *
 * A note is written before what is in it goes out, so that what was once sent is never sent in another form: `settled`
 * says so. Each tab holds a name of its own as long as it lives. Whoever finds a note whose name nobody holds takes it
 * over, in one transaction, which leaves a mark: a tab that only slept finds the mark instead of its note, knows that
 * another goes on with it, and begins a new one.
 *
 * @import { Clock } from "#realtime/socket.js"
 * @import { Kept } from "#realtime/kept.js"
 *
 * Notes by name, shared by all tabs of a browser. Each call is one transaction.
 * @typedef {object} Drawer
 * @property {() => Promise<string[]>} names
 * @property {(name: string, text: string) => Promise<boolean>} put an empty text takes the note away; `false`: this name
 *   was taken over, and nothing is written
 * @property {(from: string, to: string, join: (earlier: string, later: string) => string) => Promise<string | null>} take
 *   puts a note before another, marks its name, and answers with it; `null` if it is not there
 *
 * Which tabs live.
 * @typedef {object} Living
 * @property {(name: string) => Promise<void>} hold from now on until this tab ends
 * @property {() => Promise<string[]>} names that are held
 * @property {() => void} end
 *
 * The page whose note it is. `take`: another page's is mine from now on, `first` while this one begins; `taken`: mine is
 * another's. `settled`: the note is written, or cannot be.
 * @typedef {{take: (left: Kept, first: boolean) => void, taken: (mine: Kept) => void, settled: () => void}} Page
 */
import { signal } from "@preact/signals-core";

import { NOTHING, join, prefixOf, read, write } from "#realtime/kept.js";
import { systemClock } from "#realtime/socket.js";
import { newId } from "#realtime/types.js";

/** So long may storage take; then the page goes on without it. In ms. */
export const PATIENCE = 2_000;
/** Somebody who types is not written down at each key, in ms. */
export const TYPING = 300;
/** While other tabs have notes, look this often whether they live, in ms. */
export const LOOK_EACH = 3_000;

export class Keeper {
  /** Does what is not saved outlive this page? */
  works = signal(true);

  #prefix;
  #name = "";
  #drawer;
  #living;
  #clock;
  /** @type {Page} */
  #page = { take: () => {}, taken: () => {}, settled: () => {} };
  #wanted = NOTHING;
  /** @type {string | null} what lies in the drawer; `null` where that is not known */
  #written = NOTHING;
  /** What surely lay there last: whoever takes this note over goes on with that. */
  #mine = NOTHING;
  /** @type {string | null} what could not be written the last time: it is not tried again until it is another */
  #failed = null;
  #held = false;
  #looks = false;
  #looking = false;
  #first = true;
  #busy = false;
  /** @type {{look?: any, typing?: any}} */
  #timers = {};
  #closed = false;

  /** @param {{userId: string, tripId: string, drawer: Drawer, living: Living, clock?: Clock}} options */
  constructor({ userId, tripId, drawer, living, clock = systemClock }) {
    this.#prefix = prefixOf(userId, tripId);
    this.#drawer = drawer;
    this.#living = living;
    this.#clock = clock;
  }

  /** Is the note as it should be, or cannot be? */
  get settled() {
    return !this.#first && (!this.#busy || !this.works.peek());
  }

  /** @param {Page} page */
  open(page) {
    this.#page = page;
    this.look();
  }

  /** @param {Kept} kept @param {boolean} [typing] soon is soon enough */
  save(kept, typing = false) {
    this.#wanted = write(kept);
    if (!typing) this.flush();
    else if (this.#timers.typing === undefined) this.#pace();
  }

  /** The first key is written down at once, and those after it together. */
  #pace() {
    if (!this.#due) return;
    this.flush();
    this.#timers.typing = this.#clock.setTimeout(() => {
      this.#timers.typing = undefined;
      this.#pace();
    }, TYPING);
  }

  /** Write what is to be written now. */
  flush() {
    this.#clear("typing");
    if (this.#due) void this.#work();
  }

  get #due() {
    return this.#wanted !== this.#written && this.#wanted !== this.#failed;
  }

  /** Write it, and do not wait for what is being written: the page may be gone the next moment. */
  hurry() {
    const waits = this.#busy && this.#held && !this.#looking && this.#wanted !== this.#written;
    if (waits) this.#put().catch(() => {});
    else this.flush();
  }

  /** Take over what tabs have left that are no more. */
  look() {
    this.#looks = true;
    void this.#work();
  }

  /** This tab ends; what it wrote stays. */
  close() {
    this.hurry();
    this.#closed = true;
    this.#clear("look");
    if (!this.#busy) this.#living.end();
  }

  /** The page that was put away is shown again. */
  reopen() {
    this.#closed = this.#held = false;
    this.#written = null;
    this.look();
  }

  async #work() {
    if (this.#busy || this.#closed) return;
    this.#busy = true;
    try {
      while (this.#looks || this.#wanted !== this.#written) await this.#inTime(this.#step());
      this.#failed = null;
      this.works.value = true;
    } catch {
      this.#written = null;
      this.#failed = this.#wanted;
      this.#looks = false;
      this.works.value = false;
    }
    this.#busy = this.#first = false;
    if (this.#closed) this.#living.end();
    else this.#page.settled();
  }

  async #step() {
    if (!this.#held) await this.#hold();
    if (this.#looks) return this.#look().finally(() => (this.#looking = false));
    if (!(await this.#put())) this.#lost();
  }

  async #put() {
    const text = this.#wanted;
    const done = await this.#drawer.put(this.#name, text);
    if (done) this.#written = this.#mine = text;
    return done;
  }

  async #hold() {
    // In the order in which they were opened, notes are taken over.
    this.#name ||= `${this.#prefix}${this.#clock.now().toString(36)}-${newId()}`;
    await this.#living.hold(this.#name);
    this.#held = true;
  }

  /** This tab slept, and another has taken it for dead. */
  #lost() {
    const mine = read(this.#mine);
    this.#name = "";
    this.#held = false;
    this.#written = this.#mine = NOTHING;
    this.#page.taken(mine);
  }

  async #look() {
    this.#looks = false;
    this.#looking = true;
    this.#clear("look");
    const isOther = (/** @type {string} */ name) => name.startsWith(this.#prefix) && name !== this.#name;
    const others = (await this.#drawer.names()).filter(isOther).sort();
    if (others.length === 0) return;
    const living = new Set(await this.#living.names());
    for (const name of others.filter((each) => !living.has(each))) await this.#take(name);
    if (others.some((each) => living.has(each)) && !this.#closed) {
      this.#timers.look = this.#clock.setTimeout(() => this.look(), LOOK_EACH);
    }
  }

  /** @param {string} name */
  async #take(name) {
    const left = await this.#drawer.take(name, this.#name, join);
    if (left === null) return;
    this.#written = null;
    this.#mine = join(left, this.#mine);
    this.#page.take(read(left), this.#first);
  }

  /**
   * @template T
   * @param {Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTime(work) {
    /** @type {any} */
    let timer;
    const late = new Promise((_, refuse) => {
      timer = this.#clock.setTimeout(() => refuse(new Error("Storage does not answer.")), PATIENCE);
    });
    return Promise.race([work, late]).finally(() => this.#clock.clearTimeout(timer));
  }

  /** @param {"look" | "typing"} name */
  #clear(name) {
    this.#clock.clearTimeout(this.#timers[name]);
    this.#timers[name] = undefined;
  }
}

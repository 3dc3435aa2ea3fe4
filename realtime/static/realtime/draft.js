/**
 * What a person is typing into a field, and what happens to it when somebody else saves that field: UI.md, "The caret".
 * The text in the node is the person's own; this module only says when it may be replaced. No DOM.
 *
 * `base` is the saved text the draft started from or has agreed with, `seq` the trip's count at that moment (the
 * `base_seq` to save with). `sel` and `held` are for the node: its selection, and that it had the focus.
 * @typedef {{text: string, value: unknown, by: string | null, seq: number}} Theirs
 * @typedef {[start: number, end: number]} Selection
 */
import { batch, signal } from "@preact/signals-core";

import { same } from "#realtime/steps.js";

export class Draft {
  /** Set by typing, and by what came from others; a field shows it when it differs from its node's text. */
  text;
  /** What somebody else saved under my edit: shown as a note until it is taken or mine is kept. */
  theirs = signal(/** @type {Theirs | null} */ (null));
  held = true;
  /** @type {Selection | null} */
  sel = null;
  /** @type {Theirs | null} what came while an input method composes */
  #waiting = null;
  #composing = false;

  /**
   * @param {string} key `<kind>:<id>.<field>`
   * @param {unknown} value what the field shows
   * @param {number} seq
   * @param {(value: any) => string} format a value as this field writes it
   */
  constructor(key, value, seq, format = plain) {
    this.key = key;
    this.seq = seq;
    this.format = format;
    this.base = format(value);
    this.text = signal(this.base);
  }

  /** Has the person typed anything that is not saved? */
  get touched() {
    return this.text.peek() !== this.base;
  }

  /**
   * @param {string} text
   * @param {Selection | null} [sel]
   */
  typed(text, sel = this.sel) {
    this.sel = sel;
    this.text.value = text;
  }

  /** @param {boolean} composing `true` at compositionstart, `false` at compositionend */
  compose(composing) {
    this.#composing = composing;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (!composing && waiting) this.saved(waiting.value, waiting.seq, waiting.by);
  }

  /**
   * The saved value of the field is now `value`.
   * @param {unknown} value
   * @param {number} seq
   * @param {string | null} by whose change it was, `null` where that is not known
   * @param {boolean} [mine] it was made in this tab: there is nothing to tell me, I only went on typing
   */
  saved(value, seq, by, mine = false) {
    const theirs = { text: this.format(value), value, by, seq };
    if (mine) this.#agree(theirs);
    else if (this.#composing) this.#waiting = theirs;
    else if (theirs.text === this.text.peek() || theirs.text === this.base) this.#agree(theirs);
    else if (this.touched) this.theirs.value = theirs;
    else this.take(theirs);
  }

  /** *Take theirs*: their text replaces mine. */
  take(theirs = this.theirs.peek()) {
    if (!theirs) return;
    batch(() => {
      this.text.value = theirs.text;
      this.#agree(theirs);
    });
  }

  /** *Keep mine*: from now on my text is meant as an answer to theirs. */
  keep() {
    const theirs = this.theirs.peek();
    if (theirs) this.#agree(theirs);
  }

  /** @param {Theirs} theirs */
  #agree({ text, seq }) {
    this.base = text;
    this.seq = seq;
    this.theirs.value = null;
  }
}

/**
 * Tell the drafts of an object what of it is saved now.
 * @param {Map<string, Draft>} drafts
 * @param {string} key `<kind>:<id>`
 * @param {any} before
 * @param {any} after
 * @param {{seq: number, by: string | null, mine: boolean}} change
 */
export function tellDrafts(drafts, key, before, after, { seq, by, mine }) {
  for (const [name, draft] of drafts) {
    const field = name.slice(key.length + 1);
    if (name.startsWith(`${key}.`) && !same(before?.[field], after[field])) draft.saved(after[field], seq, by, mine);
  }
}

/** @param {unknown} value */
const plain = (value) => (value === null || value === undefined ? "" : String(value));

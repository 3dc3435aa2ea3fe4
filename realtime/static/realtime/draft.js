/**
 * What a person is typing into a field, and what happens to it when somebody else saves that field: UI.md, "The caret".
 * The text in the node is the person's own; this module only says when it may be replaced. No DOM.
 *
 * `base` is the saved text the draft started from or has agreed with, `seq` the trip's count at that moment (the
 * `base_seq` to save with). `sel` and `held` are for the node: its selection, and that it had the focus.
 * @typedef {{text: string, value: unknown, by: string | null, seq: number}} Theirs
 * @typedef {[start: number, end: number]} Selection
 *
 * What of it outlives the page.
 * @typedef {{key: string, text: string, base: string, seq: number}} KeptDraft
 */
import { batch, signal } from "@preact/signals-core";

import { same } from "#realtime/steps.js";

export class Draft {
  /** Set by typing, and by what came from others; a field shows it when it differs from its node's text. */
  text;
  /** What somebody else saved under my edit: shown as a note until it is taken or mine is kept. */
  theirs = signal(/** @type {Theirs | null} */ (null));
  held = true;
  /** It was written in a page that is no more, and nobody has gone on with it yet. */
  returned = signal(false);
  /** @type {Selection | null} */
  sel = null;
  /** @type {Theirs | null} what came while an input method composes */
  #waiting = null;
  #composing = false;
  /** It has come back, and no field has taken it up: how this one writes its values is not known. */
  #away = false;

  /** @param {KeptDraft} kept */
  static back({ key, text, base, seq }) {
    const draft = new Draft(key, base, seq);
    draft.text.value = text;
    draft.held = false;
    draft.#away = draft.returned.value = true;
    return draft;
  }

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

  /** A field takes up what a page that is no more has left. @param {(value: any) => string} format @param {unknown} value @param {number} seq */
  resume(format, value, seq) {
    if (!this.#away) return;
    this.#away = false;
    this.format = format;
    this.saved(value, seq, null);
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
    batch(() => {
      this.text.value = text;
      this.returned.value = false;
    });
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
   * @param {boolean} [mine] I saved it in this tab, and have gone on since: there is nothing to tell me
   */
  saved(value, seq, by, mine = false) {
    if (this.#away) return;
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
 * The fields being edited, by `<kind>:<id>.<field>`; and by `new:<list>` what is being added to a list.
 * @extends {Map<string, Draft>}
 */
export class Drafts extends Map {
  #changed;

  /** @param {() => void} changed called when something is typed, or an edit ends */
  constructor(changed = () => {}) {
    super();
    this.#changed = changed;
  }

  /**
   * The open one, or a new one.
   * @param {string} key
   * @param {unknown} value what the field shows
   * @param {number} seq
   * @param {(value: any) => string} [format]
   * @returns {Draft}
   */
  open(key, value, seq, format) {
    return this.get(key) ?? this.#begin(new Draft(key, value, seq, format));
  }

  /** @param {string} key */
  delete(key) {
    const was = super.delete(key);
    if (was) this.#changed();
    return was;
  }

  /**
   * Tell the drafts of an object what of it is saved now.
   * @param {string} key `<kind>:<id>`
   * @param {any} before
   * @param {any} after
   * @param {{seq: number, by: string | null, mine: boolean, shown: any}} change `shown`: what was on the page until now
   */
  tell(key, before, after, { seq, by, mine, shown }) {
    for (const [name, draft] of this) {
      const field = name.slice(key.length + 1);
      if (!name.startsWith(`${key}.`) || same(before?.[field], after[field])) continue;
      const goesOn = draft.touched || !same(shown?.[field], after[field]);
      draft.saved(after[field], seq, by, mine && goesOn);
    }
  }

  /** What of them outlives the page. @returns {KeptDraft[]} */
  kept() {
    const touched = [...this.values()].filter((draft) => draft.touched);
    return touched.map(({ key, text, base, seq }) => ({ key, text: text.peek(), base, seq }));
  }

  /**
   * What pages that are no more have left: of each field the last text, where it is not open here.
   * @param {readonly KeptDraft[]} left
   * @returns {KeptDraft[]} those that are open now
   */
  back(left) {
    const last = new Map(left.map((kept) => [kept.key, kept]));
    const back = [...last.values()].filter(({ key }) => !this.has(key));
    for (const kept of back) this.#begin(Draft.back(kept));
    return back;
  }

  /** @param {Draft} draft */
  #begin(draft) {
    this.set(draft.key, draft);
    draft.text.subscribe(() => this.#changed());
    return draft;
  }
}

/** @param {unknown} value */
const plain = (value) => (value === null || value === undefined ? "" : String(value));

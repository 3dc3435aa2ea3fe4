/**
 * The edit of one field: while it has the focus the DOM owns its text (UI.md, "The caret"). What is typed lives in the
 * store's draft, so that it survives a card that somebody moves, and leaving the field saves it.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Kind } from "#realtime/types.js"
 * @import { Draft } from "#realtime/draft.js"
 * @import { Desk } from "#trips/desk.js"
 * @import { Parsed } from "#trips/times.js"
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Input
 *
 * `parse` makes a value of the text, or a sentence of what is wrong with it. `saved` and `back` are told that the edit
 * is over; what has a complaint is not over. `creates`: the field may be set on an object that is not there yet.
 * `leave` saves in another way than by setting the field, and answers whether the edit is over.
 * @typedef {{kind: Kind, id: string, field: string, format?: (value: any) => string, parse?: (text: string) => Parsed<any>,
 *   creates?: boolean, leave?: () => boolean, saved?: () => void, back?: () => void}} Options
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { createRef } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

import { keyOf } from "#realtime/problems.js";
import { useDesk } from "#trips/desk.js";

/** @param {Options} options @returns {FieldEdit} */
export function useFieldEdit(options) {
  const desk = useDesk();
  const edit = useRef(/** @type {FieldEdit | null} */ (null));
  edit.current ??= new FieldEdit(desk, options);
  edit.current.options = options;
  useLayoutEffect(() => edit.current?.mount(), []);
  return edit.current;
}

export class FieldEdit {
  /** @type {{current: HTMLElement | null}} holds the field and its note: leaving both saves */
  box = createRef();
  /** @type {{current: Input | null}} */
  node = createRef();
  /** @type {Signal<Draft | null>} */
  draft;
  /** Is the node on its way out? Then losing the focus means nothing. */
  #gone = false;
  #desk;

  /**
   * @param {Desk} desk
   * @param {Options} options
   */
  constructor(desk, options) {
    this.#desk = desk;
    this.options = options;
    this.key = keyOf(options.kind, options.id, options.field);
    this.draft = signal(/** @type {Draft | null} */ (null));
    this.#pickUp();
    this.complaint = desk.screen.complaint(this.key);
    this.error = computed(() => this.complaint.value || (this.#refused?.message ?? ""));
  }

  get #refused() {
    const problem = this.#desk.store.problem(this.key).value;
    return problem?.code === "invalid" ? problem : null;
  }

  get #view() {
    return /** @type {any} */ (this.#desk.store.cell(this.options.kind, this.options.id).view.value);
  }

  /** What stands in the field while nobody edits it: what is saved, or what was refused. */
  get #shown() {
    const refused = this.#refused;
    return this.#format(refused ? refused.mine : this.#view?.[this.options.field]);
  }

  /** @param {any} value */
  #format(value) {
    if (this.options.format) return this.options.format(value);
    return value === null || value === undefined ? "" : String(value);
  }

  /** There may be an edit already: of another node, or of a page that is no more. */
  #pickUp() {
    const open = this.#desk.store.drafts.get(this.key) ?? null;
    const now = untracked(() => this.#view?.[this.options.field]);
    open?.resume((value) => this.#format(value), now, this.#desk.store.seq);
    this.draft.value = open;
  }

  begin = () => {
    const { kind, id, field } = this.options;
    const open = this.#desk.store.draft(kind, id, field, (value) => this.#format(value));
    open.held = true;
    const node = this.node.current;
    if (node && node.value !== open.text.peek()) open.typed(node.value);
    this.draft.value = open;
    return open;
  };

  end() {
    this.#desk.store.drafts.delete(this.key);
    this.letGo();
  }

  /** Nobody writes here any more; what was written stays in its draft. */
  letGo() {
    this.#desk.typing(this.key, false);
    this.draft.value = null;
    this.complaint.value = "";
  }

  /** @returns {boolean} whether the edit is over */
  save() {
    const { leave, parse } = this.options;
    const open = this.draft.peek();
    if (leave) return leave();
    if (!open) return true;
    const text = open.text.peek();
    const parsed = !open.touched ? null : parse ? parse(text) : { value: text.trim() };
    if (parsed && "wrong" in parsed) {
      this.complaint.value = parsed.wrong;
      this.#desk.typing(this.key, false);
      return false;
    }
    this.#desk.store.transact(() => {
      this.end();
      if (parsed) this.#propose(parsed.value, open.seq);
    });
    return true;
  }

  /**
   * @param {any} value
   * @param {number} base_seq
   */
  #propose(value, base_seq) {
    const { kind, id, field, creates } = this.options;
    const view = this.#view;
    const differs = (view || creates) && !Object.is(view?.[field], value);
    if (differs) this.#desk.store.propose({ kind, id, data: { [field]: value }, base_seq });
  }

  putBack() {
    this.#desk.store.dismiss(this.key);
    this.end();
  }

  /** The node is there: it shows what it should from now on, and goes on with an edit that began in another node. */
  mount() {
    this.#gone = false;
    const stop = effect(() => {
      const text = this.draft.value ? this.draft.value.text.value : this.#shown;
      if (this.node.current && this.node.current.value !== text) write(this.node.current, text);
    });
    const back = effect(() => {
      if (this.#desk.screen.returned.value.includes(this.key) && !this.draft.peek()) untracked(() => this.#pickUp());
    });
    const open = this.draft.peek();
    if (open?.held && this.node.current) takeUp(this.node.current, open);
    return () => {
      this.#gone = true;
      this.#remember(this.node.current === document.activeElement);
      stop();
      back();
    };
  }

  /** @param {boolean} really */
  #remember(really) {
    const open = this.draft.peek();
    if (really && open && this.node.current) open.sel = selectionOf(this.node.current);
  }

  /** For the element around the field and its note. */
  get around() {
    return { ref: this.box, onFocusOut: this.#onFocusOut };
  }

  /** For the field itself. */
  get within() {
    return {
      ref: this.node, "data-field": this.key, onFocus: this.begin, onInput: this.#onInput, onSelect: this.#onSelect,
      onCompositionStart: this.#onCompositionStart, onCompositionEnd: this.#onCompositionEnd, onKeyDown: this.#onKeyDown,
    };
  }

  /** @param {FocusEvent} event */
  #onFocusOut = (event) => {
    const to = /** @type {HTMLElement | null} */ (event.relatedTarget);
    const open = this.draft.peek();
    if (this.#gone || !open || this.box.current?.contains(to)) return;
    if (to?.dataset.field === this.key) return this.#remember(true); // its new node takes over
    open.held = false;
    if (this.save()) this.options.saved?.();
  };

  /** @param {Event} event */
  #onInput = (event) => {
    const node = /** @type {Input} */ (event.target);
    (this.draft.peek() ?? this.begin()).typed(node.value, selectionOf(node));
    this.complaint.value = "";
    this.#desk.typing(this.key, true);
  };

  #onSelect = () => this.#remember(true);

  #onCompositionStart = () => (this.draft.peek() ?? this.begin()).compose(true);

  /** @param {Event} event */
  #onCompositionEnd = (event) => {
    const open = this.draft.peek() ?? this.begin();
    open.typed(/** @type {Input} */ (event.target).value);
    open.compose(false);
  };

  /** @param {KeyboardEvent} event */
  #onKeyDown = (event) => {
    const { saved, back } = this.options;
    const plain = !(this.node.current instanceof HTMLTextAreaElement) || event.ctrlKey || event.metaKey;
    if (event.isComposing) return;
    if (event.key === "Enter" && plain) {
      event.preventDefault();
      if (this.save()) saved ? saved() : this.begin();
    } else if (event.key === "Escape" && (this.draft.peek()?.touched || this.error.peek() || back)) {
      event.preventDefault();
      event.stopPropagation();
      this.putBack();
      back ? back() : this.begin();
    }
  };
}

/**
 * @param {Input} node
 * @returns {[number, number] | null} none where the field has no caret, as one for a date
 */
function selectionOf(node) {
  return node.selectionStart === null ? null : [node.selectionStart, node.selectionEnd ?? node.selectionStart];
}

/**
 * Put a text in, and leave the selection where it was.
 * @param {Input} node
 * @param {string} text
 */
function write(node, text) {
  const selection = node === document.activeElement ? selectionOf(node) : null;
  node.value = text;
  if (selection) node.setSelectionRange(...selection);
}

/**
 * @param {Input} node
 * @param {Draft} draft
 */
function takeUp(node, draft) {
  node.focus({ preventScroll: true });
  if (draft.sel && node.selectionStart !== null) node.setSelectionRange(...draft.sel);
}

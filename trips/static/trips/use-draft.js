/**
 * The edit of one field: while it has the focus the DOM owns its text (UI.md, "The caret"). What is typed lives in the
 * store's draft, so that it survives a card that somebody moves, and leaving the field saves it.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { Draft } from "#realtime/draft.js"
 * @import { Parsed } from "#trips/times.js"
 * @typedef {HTMLInputElement | HTMLTextAreaElement} Input
 *
 * `parse` makes a value of the text, or a sentence of what is wrong with it. `saved` and `back` are told that the edit
 * is over; what has a complaint is not over.
 * @typedef {object} Options
 * @property {Kind} kind
 * @property {string} id
 * @property {string} field
 * @property {(value: any) => string} [format]
 * @property {(text: string) => Parsed<any>} [parse]
 * @property {boolean} [creates] the field may be set on an object that is not there yet
 * @property {() => boolean} [leave] saves in another way than by setting the field; answers whether the edit is over
 * @property {() => void} [saved]
 * @property {() => void} [back]
 */
import { effect, useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { keyOf } from "#realtime/problems.js";
import { useDesk } from "#trips/desk.js";

/** @param {unknown} value */
const asText = (value) => (value === null || value === undefined ? "" : String(value));
/** @param {string} text @returns {Parsed<string>} */
const asIs = (text) => ({ value: text.trim() });

/** @param {Options} options */
export function useDraft({ kind, id, field, format = asText, parse = asIs, creates, leave, saved, back }) {
  const { store, screen, typing } = useDesk();
  const key = keyOf(kind, id, field);
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const node = useRef(/** @type {Input | null} */ (null));
  const gone = useRef(false);
  const draft = useSignal(/** @type {Draft | null} */ (store.drafts.get(key) ?? null));
  const complaint = screen.complaint(key);
  const problem = store.problem(key);
  const error = useComputed(() => complaint.value || (problem.value?.code === "invalid" ? problem.value.message : ""));
  const shown = () => {
    const refused = problem.value?.code === "invalid" ? problem.value : null;
    const view = /** @type {any} */ (store.cell(kind, id).view.value);
    return format(refused ? refused.mine : view?.[field]);
  };

  const begin = () => {
    const open = store.draft(kind, id, field, format);
    open.held = true;
    if (node.current && node.current.value !== open.text.peek()) open.typed(node.current.value);
    draft.value = open;
    return open;
  };
  const end = () => {
    store.endDraft(key);
    draft.value = null;
    complaint.value = "";
  };
  const save = leave ?? (() => {
    const open = draft.peek();
    if (!open) return true;
    typing(key, false);
    if (!open.touched) return end(), true;
    const parsed = parse(open.text.peek());
    if ("wrong" in parsed) return (complaint.value = parsed.wrong), false;
    const view = /** @type {any} */ (store.cell(kind, id).view.peek());
    end();
    if ((view || creates) && !Object.is(view?.[field], parsed.value)) {
      store.propose({ kind, id, data: { [field]: parsed.value }, base_seq: open.seq });
    }
    return true;
  });
  const putBack = () => {
    typing(key, false);
    store.dismiss(key);
    end();
  };

  useLayoutEffect(() => {
    gone.current = false;
    const stop = effect(() => {
      const text = draft.value ? draft.value.text.value : shown();
      if (node.current && node.current.value !== text) write(node.current, text);
    });
    if (draft.peek()?.held && node.current) takeUp(node.current, /** @type {Draft} */ (draft.peek()));
    return () => {
      gone.current = true;
      const open = draft.peek();
      if (open && node.current && node.current === document.activeElement) open.sel = selectionOf(node.current);
      stop();
    };
  }, [key]);

  return {
    key, box, node, draft, complaint, error, end, save,
    /** For the element that holds the field and its note: leaving both saves. */
    around: {
      ref: box,
      onFocusOut: (/** @type {FocusEvent} */ event) => {
        const to = /** @type {HTMLElement | null} */ (event.relatedTarget);
        const open = draft.peek();
        if (gone.current || !open || box.current?.contains(to)) return;
        if (to?.dataset.field === key) return void (open.sel = node.current && selectionOf(node.current));
        open.held = false;
        if (save()) saved?.();
      },
    },
    /** For the field itself. */
    within: {
      ref: node,
      "data-field": key,
      onFocus: begin,
      onInput: (/** @type {Event} */ event) => {
        const target = /** @type {Input} */ (event.target);
        (draft.peek() ?? begin()).typed(target.value, selectionOf(target));
        complaint.value = "";
        typing(key, true);
      },
      onSelect: (/** @type {Event} */ event) => {
        const open = draft.peek();
        if (open) open.sel = selectionOf(/** @type {Input} */ (event.target));
      },
      onCompositionStart: () => (draft.peek() ?? begin()).compose(true),
      onCompositionEnd: (/** @type {Event} */ event) => {
        const open = draft.peek() ?? begin();
        open.typed(/** @type {Input} */ (event.target).value);
        open.compose(false);
      },
      onKeyDown: (/** @type {KeyboardEvent} */ event) => {
        if (event.isComposing) return;
        const several = node.current instanceof HTMLTextAreaElement;
        if (event.key === "Enter" && (!several || event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          if (save()) saved ? saved() : begin();
        } else if (event.key === "Escape" && (draft.peek()?.touched || error.peek() || back)) {
          event.preventDefault();
          event.stopPropagation();
          putBack();
          back ? back() : begin();
        }
      },
    },
  };
}

/**
 * @param {Input} node
 * @returns {[number, number] | null}
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
 * A new node goes on with an edit that began in another one.
 * @param {Input} node
 * @param {Draft} draft
 */
function takeUp(node, draft) {
  node.focus({ preventScroll: true });
  if (draft.sel && node.selectionStart !== null) node.setSelectionRange(...draft.sel);
}

/**
 * Text that turns into a field where it stands: the title, the destination, an amount.
 *
 * @import { ReadonlySignal, Signal } from "@preact/signals-core"
 * @import { Options } from "#trips/use-draft.js"
 */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { keyOf } from "#realtime/problems.js";
import { useDesk } from "#trips/desk.js";
import { Editing, FieldError, Theirs } from "#trips/field.js";
import { html } from "#trips/html.js";
import { elementId } from "#trips/screen.js";
import { useDraft } from "#trips/use-draft.js";
import { firstName } from "#trips/words.js";

/**
 * Text that turns into a field when it is pressed. Enter or leaving saves, Esc puts back.
 * @param {Options & {label: string, look?: string, text: ReadonlySignal<string>, before?: any, hint?: string,
 *   mode?: string, brief?: boolean}} props `text` is what it reads when nobody edits it
 */
export function Edit({ label, look = "edit", text, before, hint = "", mode, brief, ...options }) {
  const { store, people, canEdit } = useDesk();
  const key = keyOf(options.kind, options.id, options.field);
  const open = useSignal(store.drafts.has(key));
  const pressed = useSignal(false);
  const refused = useComputed(() => store.problem(key).value?.code === "invalid");
  useSignalEffect(() => {
    if (refused.value) open.value = true;
  });
  const person = people.editing(key).value;
  if (!canEdit.value) return html`<span class=${`${look} plain`}>${before}${text}</span>`;
  if (open.value) {
    const close = () => {
      open.value = false;
    };
    return html`<${Editor} ...${options} label=${label} look=${look} hint=${hint} mode=${mode} focus=${pressed} close=${close} />`;
  }
  const press = () => {
    pressed.value = true;
    open.value = true;
  };
  return html`<${Opener} focus=${pressed} press=${press} look=${look} person=${person}
    label=${`${label}: ${text.value || "none yet"}. ${person ? `${firstName(person.name)} is editing` : "Edit"}`}>
    ${person && html`<${Editing} person=${person} brief=${brief} />`}${before}${text.value || html`<span class="soft">${hint}</span>`}
  <//>`;
}

/** @param {{focus: Signal<boolean>, press: () => void, look: string, person: any, label: string, children?: any}} props */
function Opener({ focus, press, look, person, label, children }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (focus.peek() && document.activeElement === document.body) node.current?.focus({ preventScroll: true });
    focus.value = false;
  }, []);
  return html`<button type="button" ref=${node} class=${`${look} ${person ? "locked" : ""}`} data-who=${person?.colour}
    aria-label=${label} onClick=${press}>${children}</button>`;
}

/** @param {Options & {label: string, look: string, hint: string, mode?: string, focus: Signal<boolean>, close: () => void}} props */
function Editor({ label, look, hint, mode, focus, close, ...options }) {
  const edit = useDraft({ ...options, saved: close, back: close });
  const { people } = useDesk();
  const name = useRef(elementId()).current;
  const person = people.editing(edit.key).value;
  const error = edit.error.value;
  useLayoutEffect(() => {
    if (!focus.peek()) return;
    edit.node.current?.focus({ preventScroll: true });
    edit.node.current?.select();
  }, []);
  return html`<span class=${`${look} editing ${person ? "locked" : ""}`} data-who=${person?.colour} ...${edit.around}>
    <input class="input" aria-label=${label} placeholder=${hint} inputmode=${mode} autocomplete="off" ...${edit.within}
      aria-invalid=${error ? "true" : undefined} aria-describedby=${error ? `${name}-error` : undefined} />
    ${person && html`<${Editing} person=${person} />`}
    ${error && html`<${FieldError} id=${`${name}-error`} text=${error} />`}
    <${Theirs} edit=${edit} />
  </span>`;
}

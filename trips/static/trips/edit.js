/**
 * Text that turns into a field where it stands: the title, the destination, an amount.
 *
 * @import { ReadonlySignal, Signal } from "@preact/signals-core"
 * @import { Person } from "#realtime/people.js"
 * @import { Options } from "#trips/field-edit.js"
 *
 * `text` is what it reads when nobody edits it, `hint` what stands there while that is empty, `before` a picture.
 * @typedef {Options & {label: string, text: ReadonlySignal<string>, look?: string, before?: any, hint?: string,
 *   mode?: string, brief?: boolean}} Props
 */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { keyOf } from "#realtime/problems.js";
import { useDesk } from "#trips/desk.js";
import { useFieldEdit } from "#trips/field-edit.js";
import { Editing, FieldError, Theirs } from "#trips/field.js";
import { html } from "#trips/html.js";
import { elementId } from "#trips/screen.js";
import { firstName } from "#trips/words.js";

/** Enter or leaving the field saves, Esc puts back. @param {Props} props */
export function Edit(props) {
  const { kind, id, field, look = "edit", text, before } = props;
  const { store, canEdit, screen } = useDesk();
  const key = keyOf(kind, id, field);
  const open = useSignal(store.drafts.has(key));
  // Pressed by me: only then may the focus move, into the field and back.
  const pressed = useSignal(false);
  const refused = useComputed(() => store.problem(key).value?.code === "invalid");
  useSignalEffect(() => {
    if (refused.value || screen.returned.value.includes(key)) open.value = true;
  });
  if (!canEdit.value) return html`<span class=${`${look} plain`}>${before}${text}</span>`;
  const close = () => {
    open.value = false;
  };
  const press = () => {
    pressed.value = open.value = true;
  };
  return open.value
    ? html`<${Opened} ...${props} look=${look} pressed=${pressed} close=${close} />`
    : html`<${Closed} ...${props} look=${look} pressed=${pressed} press=${press} />`;
}

/** @param {Props & {pressed: Signal<boolean>, press: () => void}} props */
function Closed({ kind, id, field, label, look, text, before, hint, brief, pressed, press }) {
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  const person = useDesk().people.editing(keyOf(kind, id, field)).value;
  useLayoutEffect(() => {
    if (pressed.peek() && document.activeElement === document.body) node.current?.focus({ preventScroll: true });
    pressed.value = false;
  }, []);
  return html`<button type="button" ref=${node} class=${person ? `${look} locked` : look} data-who=${person?.colour}
    aria-label=${`${label}: ${text.value || hint || "none yet"}. ${verb(person)}`} onClick=${press}>
    ${person && html`<${Editing} person=${person} brief=${brief} />`}
    ${before}${text.value || html`<span class="soft">${hint}</span>`}
  </button>`;
}

/** @param {Person | null} person */
const verb = (person) => (person ? `${firstName(person.name)} is editing` : "Edit");

/** @param {Props & {pressed: Signal<boolean>, close: () => void}} props */
function Opened({ label, look, hint, mode, pressed, close, ...options }) {
  const edit = useFieldEdit({ ...options, saved: close, back: close });
  const name = useRef(elementId()).current;
  const person = useDesk().people.editing(edit.key).value;
  const error = edit.error.value;
  useLayoutEffect(() => {
    if (!pressed.peek()) return;
    edit.node.current?.focus({ preventScroll: true });
    edit.node.current?.select();
  }, []);
  const state = { "aria-invalid": error ? "true" : undefined, "aria-describedby": error ? name : undefined };
  return html`<span class=${`${look} editing ${person ? "locked" : ""}`} data-who=${person?.colour} ...${edit.around}>
    <input class="input" aria-label=${label} placeholder=${hint} inputmode=${mode} autocomplete="off"
      ...${edit.within} ...${state} />
    ${person && html`<${Editing} person=${person} />`}
    ${error && html`<${FieldError} id=${name} text=${error} />`}
    <${Theirs} edit=${edit} />
  </span>`;
}

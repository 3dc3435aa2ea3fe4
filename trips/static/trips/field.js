/**
 * A labelled field of an object: it saves for itself, and shows who else is editing it, what came in between, and what
 * is wrong with it.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { FieldEdit, Options } from "#trips/field-edit.js"
 */
import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";

import { keyOf } from "#realtime/problems.js";
import { useDesk } from "#trips/desk.js";
import { useFieldEdit } from "#trips/field-edit.js";
import { html, icon } from "#trips/html.js";
import { elementId } from "#trips/screen.js";
import { firstName, quoted } from "#trips/words.js";

/** @param {{person: {name: string, colour: number}, brief?: boolean}} props */
export const Editing = ({ person, brief = false }) => html`<span class="tag" data-who=${person.colour}>
  ${firstName(person.name)}${brief ? "" : " is editing"} <span class="dots" aria-hidden="true"><i /><i /><i /></span>
</span>`;

/** @param {{id: string, text: string}} props */
export const FieldError = ({ id, text }) =>
  html`<p class="err" id=${id} role="alert">${icon("warn", "s")}<span>${text}</span></p>`;

/** What somebody else saved while I was typing. Mine stays until I say otherwise. @param {{edit: FieldEdit}} props */
export function Theirs({ edit }) {
  const { personOf } = useDesk();
  const draft = edit.draft.value;
  const theirs = draft?.theirs.value;
  if (!draft || !theirs) return html`<${Returned} edit=${edit} />`;
  const name = theirs.by ? firstName(personOf(theirs.by).name) : "";
  const choose = (/** @type {() => void} */ how) => () => {
    how();
    edit.node.current?.focus();
  };
  const take = choose(() => draft.take());
  const keep = choose(() => draft.keep());
  return html`<div class="note" role="status">
    <span>${name ? html`<b>${name}</b> saved ` : "Saved meanwhile: "}${theirs.text ? quoted(theirs.text) : "it empty"}</span>
    <button type="button" class="btn text" onMouseDown=${stay} onClick=${take}>Take ${name ? `${name}’s` : "it"}</button>
    <button type="button" class="btn text" onMouseDown=${stay} onClick=${keep}>Keep mine</button>
  </div>`;
}

/** What I was writing when its page was closed, or died. @param {{edit: FieldEdit}} props */
function Returned({ edit }) {
  const draft = edit.draft.value;
  if (!draft?.returned.value || draft.text.value === draft.base) return null;
  const save = () => edit.save() && edit.options.saved?.();
  const putBack = () => {
    edit.putBack();
    edit.options.back?.();
  };
  return html`<div class="note" role="status">
    <span>You wrote this before the page was closed. It is not saved yet.</span>
    <button type="button" class="btn text" onMouseDown=${stay} onClick=${save}>Save it</button>
    <button type="button" class="btn text" onMouseDown=${stay} onClick=${putBack}>Put back</button>
  </div>`;
}

/** A press of the mouse leaves the focus in the field. @param {Event} event */
const stay = (event) => event.preventDefault();

/**
 * `hint` stands in the field while it is empty; `mode` is the keyboard of a phone.
 * @param {Options & {label: string, hint?: string, rows?: number, mode?: string}} props
 */
export function Field({ label, hint = "", rows, mode, ...options }) {
  const edit = useFieldEdit(options);
  const name = useRef(elementId()).current;
  const person = useDesk().people.editing(edit.key).value;
  const error = edit.error.value;
  const described = [error && `${name}-error`, person && `${name}-who`].filter(Boolean).join(" ");
  const shared = {
    ...edit.within, id: name, class: "input", placeholder: hint, inputmode: mode, autocomplete: "off",
    "aria-invalid": error ? "true" : undefined, "aria-describedby": described || undefined,
  };
  return html`<div class=${person ? "field locked" : "field"} data-who=${person?.colour} ...${edit.around}>
    <label for=${name}>
      ${label}<span class="grow" />${person && html`<span id=${`${name}-who`}><${Editing} person=${person} /></span>`}
    </label>
    ${rows ? html`<textarea rows=${rows} ...${shared} />` : html`<input ...${shared} />`}
    ${person && html`<${AlsoEditing} edit=${edit} name=${person.name} />`}
    ${error && html`<${FieldError} id=${`${name}-error`} text=${error} />`}
    <${Theirs} edit=${edit} />
  </div>`;
}

/** @param {{edit: FieldEdit, name: string}} props */
function AlsoEditing({ edit, name }) {
  const draft = edit.draft.value;
  const mine = draft && draft.text.value !== draft.base;
  return mine ? html`<p class="hint">${firstName(name)} is editing this too</p>` : null;
}

/**
 * A choice of a few words; it is saved when it is made.
 * @param {{kind: Kind, id: string, field: string, label: string, choices: [value: string, label: string][]}} props
 */
export function Choice({ kind, id, field, label, choices }) {
  const { store, people, typing } = useDesk();
  const name = useRef(elementId()).current;
  const key = keyOf(kind, id, field);
  const value = useComputed(() => String(/** @type {any} */ (store.cell(kind, id).view.value)?.[field] ?? ""));
  const person = people.editing(key).value;
  const problem = store.problem(key).value;
  const choose = (/** @type {any} */ event) => store.propose({ kind, id, data: { [field]: event.target.value } });
  return html`<div class=${person ? "field locked" : "field"} data-who=${person?.colour}>
    <label for=${name}>${label}<span class="grow" />${person && html`<${Editing} person=${person} />`}</label>
    <select class="input" id=${name} value=${value.value} onChange=${choose}
      onFocus=${() => typing(key, true)} onBlur=${() => typing(key, false)}>
      ${choices.map(([choice, word]) => html`<option key=${choice} value=${choice}>${word}</option>`)}
    </select>
    ${problem?.code === "invalid" && html`<${FieldError} id=${`${name}-error`} text=${problem.message} />`}
  </div>`;
}

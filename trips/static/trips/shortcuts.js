/** Keys that save a way; all of them are in a list ("?"), and none works while one types. */

/** @import { Desk } from "#trips/desk.js" */
import { useDesk } from "#trips/desk.js";
import { Modal } from "#trips/dialog.js";
import { html } from "#trips/html.js";

/** @type {[string, string][]} */
const LIST = [
  ["N", "Add to this day"],
  ["1", "Plan"],
  ["2", "Budget"],
  ["Space", "On a grip: lift a stop. Arrow keys, Home and End move it, Enter drops it, Esc puts it back"],
  ["Enter", "In a field: save it. In several lines: Ctrl and Enter"],
  ["Esc", "In a field: put it back. In an editor or a panel: close it"],
  ["Ctrl Z", "Undo, as long as it is offered at the foot of the page"],
  ["?", "This list"],
];

/** @param {Desk} desk @param {() => string | null} column the one I am at */
export function listenToKeys(desk, column) {
  const { screen, toasts, canEdit, go } = desk;
  const add = () => {
    go("plan");
    if (canEdit.peek()) screen.adding.value = column();
  };
  /** @type {Record<string, () => void>} */
  const keys = { n: add, 1: () => go("plan"), 2: () => go("budget"), "?": () => void (screen.help.value = true) };
  /** With Ctrl or ⌘. @type {Record<string, () => void>} */
  const held = { z: () => toasts.act() };
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    const act = (event.ctrlKey || event.metaKey ? held : keys)[event.key.toLowerCase()];
    const combined = event.altKey || event.isComposing || event.defaultPrevented;
    if (!act || combined || isBusy(event) || screen.lifted.peek()) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

/** Somebody types, or answers a question. @param {Event} event */
const isBusy = ({ target }) =>
  /** @type {HTMLElement} */ (target).closest("input, textarea, select, dialog") !== null ||
  document.querySelector("dialog[open], :popover-open") !== null;

export function Help() {
  const { screen } = useDesk();
  if (!screen.help.value) return null;
  const close = () => {
    screen.help.value = false;
  };
  const foot = html`<button class="btn main" autofocus onClick=${close}>Close</button>`;
  return html`<${Modal} title="Keys" close=${close} foot=${foot}>
    <dl class="keys">
      ${LIST.map(([key, words]) => html`<div key=${key}><dt><kbd>${key}</kbd></dt><dd>${words}</dd></div>`)}
    </dl>
  <//>`;
}

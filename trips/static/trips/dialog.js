/**
 * Questions: a native dialog, only where something cannot be undone or a choice is needed. The title asks, the buttons
 * answer it, and the focus is on the safe one.
 *
 * @typedef {{title: string, text: any, yes: string, no: string}} Question
 * @typedef {Question & {answer: (yes: boolean) => void}} Asked
 */
import { signal } from "@preact/signals-core";
import { useLayoutEffect, useRef } from "preact/hooks";

import { useDesk } from "#trips/desk.js";
import { html } from "#trips/html.js";

export class Dialogs {
  asked = signal(/** @type {Asked | null} */ (null));

  /** @param {Question} question @returns {Promise<boolean>} */
  ask(question) {
    this.asked.peek()?.answer(false);
    return new Promise((resolve) => {
      this.asked.value = {
        ...question,
        answer: (yes) => {
          this.asked.value = null;
          resolve(yes);
        },
      };
    });
  }
}

/**
 * A native modal dialog that is open as long as it is drawn. Esc closes it, and the focus goes back to where it was.
 * @param {{title: string, close: () => void, children?: any, foot?: any}} props
 */
export function Modal({ title, close, children, foot }) {
  const node = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useLayoutEffect(() => {
    const dialog = node.current;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog?.showModal();
    return () => {
      dialog?.close();
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return html`<dialog class="dialog" ref=${node} aria-labelledby="dialog-title" onCancel=${(/** @type {Event} */ event) => {
    event.preventDefault();
    close();
  }}>
    <h2 class="dialog-title" id="dialog-title">${title}</h2>
    ${children}
    <div class="foot">${foot}</div>
  </dialog>`;
}

export function Question() {
  const asked = useDesk().dialogs.asked.value;
  if (!asked) return null;
  const { title, text, yes, no, answer } = asked;
  return html`<${Modal} title=${title} close=${() => answer(false)} foot=${html`
    <button class="btn" autofocus onClick=${() => answer(false)}>${no}</button>
    <button class="btn main" onClick=${() => answer(true)}>${yes}</button>`}>
    <p>${text}</p>
  <//>`;
}

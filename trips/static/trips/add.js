/** The foot of a list: a button that becomes a line to write in. Enter adds, and the line is there for the next one. */
import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";

/**
 * @param {{list: string, label: any, hint: string, add: (text: string) => void}} props `list`: a column, `ideas` or
 * `budget`; one line is open at a time
 */
export function Add({ list, label, hint, add }) {
  const { screen } = useDesk();
  const open = useComputed(() => screen.adding.value === list);
  const returns = useSignal(false);
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (!open.value && returns.peek()) button.current?.focus();
    returns.value = false;
  }, [open.value]);
  const close = (/** @type {boolean} */ back) => {
    returns.value = back;
    if (open.peek()) screen.adding.value = null;
  };
  const press = () => {
    screen.adding.value = list;
  };
  if (open.value) return html`<${Line} list=${list} label=${label} hint=${hint} add=${add} close=${close} />`;
  return html`<button type="button" class="btn add" data-part="add" ref=${button} onClick=${press}>
    ${icon("plus", "s")}${label}
  </button>`;
}

/** @param {{list: string, label: any, hint: string, add: (text: string) => void, close: (back: boolean) => void}} props */
function Line({ list, label, hint, add, close }) {
  const { store, canEdit } = useDesk();
  const node = useRef(/** @type {HTMLInputElement | null} */ (null));
  const key = `new:${list}`;
  const keep = () => {
    const text = store.drafts.get(key)?.text.peek().trim();
    if (node.current) node.current.value = "";
    store.transact(() => {
      if (text && !canEdit.peek()) store.layAside(key);
      store.drafts.delete(key);
      if (text && canEdit.peek()) add(text);
    });
    return Boolean(text);
  };
  // Taken away under the hand that writes, by another view or because one may only look now: nothing written is lost.
  useLayoutEffect(() => {
    const before = store.drafts.get(key);
    if (before && node.current) node.current.value = before.text.peek();
    else node.current?.focus();
    return () => void keep();
  }, []);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") keep() || close(true);
    else if (event.key === "Escape") close(true);
    else return;
    event.preventDefault();
  };
  const onInput = (/** @type {any} */ event) => {
    store.drafts.open(key, "", store.seq).typed(event.target.value);
  };
  const onBlur = () => {
    if (!node.current?.isConnected) return;
    keep();
    close(false);
  };
  return html`<label class="add-line"><span class="hide">${label}</span>
    <input class="input" ref=${node} placeholder=${hint} maxlength="200" autocomplete="off"
      onInput=${onInput} onKeyDown=${onKeyDown} onBlur=${onBlur} />
  </label>`;
}

/**
 * The trip page over a tab, as far as a scene needs it: its desk, and a document to draw its components in.
 *
 * @import { Desk } from "#trips/desk.js"
 * @import { Tab } from "./tabs.js"
 */
import { computed } from "@preact/signals-core";
import { Window } from "happy-dom";
import { render } from "preact";
import { act } from "preact/test-utils";

import { Voice } from "#trips/announce.js";
import { DeskContext } from "#trips/desk.js";
import { Dialogs } from "#trips/dialog.js";
import { html } from "#trips/html.js";
import { Plan } from "#trips/plan.js";
import { Screen } from "#trips/screen.js";
import { Tints } from "#trips/tint.js";
import { Toasts } from "#trips/toast.js";

const window = new Window({ url: "https://trips.example.org/" });
const { document, HTMLElement, HTMLTextAreaElement, FormData, CSS } = window;
Object.assign(globalThis, { window, document, HTMLElement, HTMLTextAreaElement, FormData, CSS, requestAnimationFrame: (/** @type {() => void} */ work) => work() });

/** @param {Tab} tab @param {import("#trips/screen.js").View} [view] @returns {Desk} */
export function deskOf({ trip, desk: { clock } }, view = "plan") {
  const { store, people, role, sign } = trip;
  return {
    me: { user_id: store.me, name: "Alice Adler" }, store, people, role, sign, urls: {},
    screen: new Screen(view), plan: new Plan(store), toasts: new Toasts(clock), voice: new Voice(clock),
    dialogs: new Dialogs(), tints: new Tints(),
    canEdit: computed(() => role.value !== "viewer" && !trip.lost.value),
    ended: computed(() => null), keeps: computed(() => true),
    personOf: () => ({ name: "Bob Bauer", colour: 2 }), typing: () => {}, retry: () => {}, go: () => {},
  };
}

/** A component on the page. @param {Desk} desk @param {any} component @param {object} [props] */
export async function draw(desk, component, props = {}) {
  const place = document.createElement("div");
  document.body.append(place);
  await act(() => render(html`<${DeskContext.Provider} value=${desk}><${component} ...${props} /><//>`, /** @type {any} */ (place)));
  const button = (/** @type {string} */ name) => {
    const found = [...place.querySelectorAll("button")].find((each) => each.textContent.trim() === name);
    if (!found) throw new Error(`There is no button “${name}” in “${place.textContent}”`);
    return found;
  };
  return {
    get text() {
      return place.textContent;
    },
    press: (/** @type {string} */ name) => act(() => button(name).click()),
    /** @param {string} text @param {string} selector */
    write: (text, selector = "input") =>
      act(() => {
        const field = /** @type {import("happy-dom").HTMLInputElement} */ (place.querySelector(selector));
        field.value = text;
        field.dispatchEvent(new window.Event("input", { bubbles: true }));
      }),
    /** @param {string} key @param {string} selector */
    type: (key, selector = "input") =>
      act(() => void place.querySelector(selector)?.dispatchEvent(new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))),
  };
}

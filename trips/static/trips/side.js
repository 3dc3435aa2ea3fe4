/** The slot at the right, when somebody called for it: a panel beside the view, the whole screen on a phone. */
import { useLayoutEffect, useRef } from "preact/hooks";

import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { PeopleList } from "#trips/people-list.js";
import { isPhone } from "#trips/phone.js";

export function Side() {
  const { screen } = useDesk();
  const close = useRef(/** @type {HTMLElement | null} */ (null));
  const shut = () => {
    screen.side.value = null;
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector("#live .faces"))?.focus());
  };
  const node = useRef(/** @type {HTMLElement | null} */ (null));
  const covers = isPhone.value;
  useLayoutEffect(() => close.current?.focus(), []);
  useLayoutEffect(() => (covers && node.current ? alone(node.current) : undefined), [covers]);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") shut();
  };
  return html`<aside class="side" id="side" ref=${node} aria-labelledby="side-name" onKeyDown=${onKeyDown}>
    <header><h2 id="side-name">People</h2><span class="grow" />
      <button type="button" class="btn bare icon" ref=${close} aria-label="Close the list of people" onClick=${shut}>
        ${icon("x")}
      </button>
    </header>
    <div class="inside"><${PeopleList} /></div>
  </aside>`;
}

/**
 * What covers the whole screen is all there is: nothing behind it can be reached, but what is read out goes on.
 * @param {HTMLElement} node
 * @returns {() => void} ends it
 */
function alone(node) {
  /** @type {HTMLElement[]} */
  const behind = [];
  for (let at = node; at !== document.body && at.parentElement; at = at.parentElement) {
    const others = /** @type {HTMLElement[]} */ ([...at.parentElement.children].filter((each) => each !== at));
    behind.push(...others.filter((each) => !each.inert && !each.matches(".hide, script")));
  }
  for (const each of behind) each.inert = true;
  return () => behind.forEach((each) => (each.inert = false));
}

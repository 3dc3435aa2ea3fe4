/** The slot at the right, when somebody called for it: a panel beside the view, the whole screen on a phone. */
import { useLayoutEffect, useRef } from "preact/hooks";

import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { PeopleList } from "#trips/people-list.js";

export function Side() {
  const { screen } = useDesk();
  const close = useRef(/** @type {HTMLElement | null} */ (null));
  const shut = () => {
    screen.side.value = null;
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector("#live .faces"))?.focus());
  };
  useLayoutEffect(() => close.current?.focus(), []);
  const onKeyDown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") shut();
  };
  return html`<aside class="side" id="side" aria-labelledby="side-name" onKeyDown=${onKeyDown}>
    <header><h2 id="side-name">People</h2><span class="grow" />
      <button type="button" class="btn bare icon" ref=${close} aria-label="Close the list of people" onClick=${shut}>
        ${icon("x")}
      </button>
    </header>
    <div class="inside"><${PeopleList} /></div>
  </aside>`;
}

/**
 * A button that opens a short list of things to do, in the browser's top layer (a native popover: Esc and a press
 * elsewhere close it, and nothing clips it).
 *
 * `pressed` makes an item a switch.
 * @typedef {{icon: string, text: string, run: () => void, pressed?: boolean}} Item
 */
import { useRef } from "preact/hooks";

import { html, icon } from "#trips/html.js";
import { elementId } from "#trips/screen.js";

/** Beside its button, and on the screen. @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const { left, right, bottom, top } = button.getBoundingClientRect();
  const above = bottom + menu.offsetHeight + 8 > innerHeight && top > menu.offsetHeight;
  const x = left + menu.offsetWidth + 8 > innerWidth ? right - menu.offsetWidth : left;
  const y = above ? top - menu.offsetHeight - 4 : bottom + 4;
  Object.assign(menu.style, { inset: "auto", left: `${Math.max(8, x)}px`, top: `${y}px` });
}

/** @param {{label: string, items: Item[], look?: string, face?: any}} props `face`: what is on the button */
export function Menu({ label, items, look = "btn bare icon", face = icon("more") }) {
  const id = useRef(elementId()).current;
  const menu = useRef(/** @type {HTMLElement | null} */ (null));
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const onToggle = (/** @type {any} */ event) => {
    if (event.newState === "open" && menu.current && button.current) place(menu.current, button.current);
  };
  const run = (/** @type {() => void} */ work) => () => {
    menu.current?.hidePopover();
    work();
  };
  return html`<button type="button" class=${look} ref=${button} aria-label=${label} popovertarget=${id}>${face}</button>
    <div class="menu here" id=${id} popover="auto" ref=${menu} onToggle=${onToggle}>
      ${items.map((item) => html`
        <button type="button" key=${item.text} class="btn bare" aria-pressed=${item.pressed} onClick=${run(item.run)}>
          ${icon(item.icon)}${item.text}${item.pressed && html`<span class="grow" />${icon("check", "s")}`}
        </button>`)}
    </div>`;
}

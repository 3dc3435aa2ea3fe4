/**
 * One short message at the foot of the page, with a way back in it. It goes after a while, but not while somebody reads
 * it; one that stays is closed by hand. Never for one's own success alone.
 *
 * `closed` is told when it goes, and what it offers was not done.
 * @typedef {{text: string, action?: {label: string, run: () => void}, stays?: boolean, closed?: () => void}} Toast
 */
import { signal } from "@preact/signals-core";

import { systemClock } from "#trips/clock.js";
import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";

export const LASTS = 8_000;

export class Toasts {
  shown = signal(/** @type {Toast | null} */ (null));
  /** @type {any} */
  #timer;
  #clock;

  /** @param {import("#trips/clock.js").Clock} [clock] */
  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** @param {Toast} toast */
  show(toast) {
    this.close();
    this.shown.value = toast;
    this.leave();
  }

  /** Somebody reads it. */
  hold() {
    this.#clock.clearTimeout(this.#timer);
  }

  /** Nobody reads it any more: the time starts again. */
  leave() {
    this.hold();
    if (!this.shown.peek()?.stays) this.#timer = this.#clock.setTimeout(() => this.close(), LASTS);
  }

  /** Do what it offers. */
  act() {
    const action = this.shown.peek()?.action;
    if (!action) return;
    this.#take();
    action.run();
  }

  close() {
    this.#take()?.closed?.();
  }

  #take() {
    const toast = this.shown.peek();
    this.hold();
    this.shown.value = null;
    return toast;
  }
}

/** The region is always there, so that what appears in it is read out. */
export function ToastRegion() {
  const { toasts } = useDesk();
  const toast = toasts.shown.value;
  return html`<div role="status">${toast && html`
    <div class="toast" onMouseEnter=${() => toasts.hold()} onMouseLeave=${() => toasts.leave()}
      onFocusIn=${() => toasts.hold()} onFocusOut=${() => toasts.leave()}>
      <span>${toast.text}</span>
      ${toast.action && html`<button class="btn" onClick=${() => toasts.act()}>${toast.action.label}</button>`}
      ${toast.stays && html`<button class="btn icon" aria-label="Close" onClick=${() => toasts.close()}>${icon("x")}</button>`}
    </div>`}
  </div>`;
}

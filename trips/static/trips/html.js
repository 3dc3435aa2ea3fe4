/** Templates that need no build: tagged strings to Preact elements, and the icons of the page's sprite. */
import { h } from "preact";
import htm from "htm";

export const html = htm.bind(h);

/**
 * A picture of the sprite (sprite.html). It always stands beside a word, so it says nothing itself.
 * @param {string} name
 * @param {"" | "s"} [size] "s" is the small one
 */
export const icon = (name, size = "") =>
  html`<svg class=${`ico ${size}`} aria-hidden="true"><use href=${`#${name}`} /></svg>`;

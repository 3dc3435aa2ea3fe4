/** Is the screen a phone's? As in the style sheets. */
import { signal } from "@preact/signals-core";

const narrow = matchMedia("(max-width: 760px)");

export const isPhone = signal(narrow.matches);

narrow.addEventListener("change", () => (isPhone.value = narrow.matches));

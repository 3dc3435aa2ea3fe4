/**
 * What this person looks at: the view, the card that is open, the slot at the right, the stop in the air. Signals only;
 * nobody else sees them.
 *
 * @typedef {"plan" | "budget"} View
 * `lists`: the stops of each column when it was lifted; they are shown until it is dropped.
 * @typedef {{id: string, from: {column: string, index: number}, column: string, index: number,
 *   lists: Record<string, string[]>}} Lifted
 */
import { computed, signal } from "@preact/signals-core";

import { newId } from "#realtime/types.js";

export class Screen {
  view;
  /** The card whose editor is open: `itinerary:<id>` or `activity:<id>`. One at a time. */
  open = signal(/** @type {string | null} */ (null));
  /** What the slot at the right shows; `null` is its default, the ideas. `ideas` calls them where the slot is closed. */
  side = signal(/** @type {"people" | "ideas" | null} */ (null));
  /** The sign-in name of the person whom I have asked to add. */
  asked = signal("");
  /** The list at whose foot something is being added: a column, `ideas` or `budget`. */
  adding = signal(/** @type {string | null} */ (null));
  /** The stop that the keyboard has lifted, and where it would be dropped. */
  lifted = signal(/** @type {Lifted | null} */ (null));
  frozen = computed(() => this.lifted.value?.lists ?? null);
  /** The stop for which *Move to…* asks where to. */
  moving = signal(/** @type {{id: string, copies: boolean} | null} */ (null));
  /** The fields whose text has come back from a page that is no more, by `<kind>:<id>.<field>`. */
  returned = signal(/** @type {string[]} */ ([]));
  /** Is the list of shortcuts open? */
  help = signal(false);
  /**
   * Written, but not as it can be kept: a sentence a field.
   * @type {Map<string, import("@preact/signals-core").Signal<string>>}
   */
  #complaints = new Map();

  /** @param {View} view */
  constructor(view) {
    this.view = signal(view);
  }

  /** Why the text of a field cannot be kept; empty when it can. @param {string} key `<kind>:<id>.<field>` */
  complaint(key) {
    let complaint = this.#complaints.get(key);
    if (!complaint) this.#complaints.set(key, (complaint = signal("")));
    return complaint;
  }
}

/** An id for an element that labels another. */
export const elementId = () => `e${newId()}`;

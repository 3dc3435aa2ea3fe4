/**
 * The lists of a trip, each a signal of ids: `day:3`, `day:none`, `days` (those with a stop), `ideas`, `budget`,
 * `members`. A list is set only when its ids or their order change, never because an object of it did.
 *
 * @import { Kind, Objects, Stop } from "#realtime/types.js"
 * @import { Cell } from "#realtime/cells.js"
 */
import { signal } from "@preact/signals-core";

import { inOrder } from "#realtime/order.js";

/** @param {number | null | undefined} day */
export const dayList = (day) => `day:${day ?? "none"}`;

/** @type {Partial<Record<Kind, string>>} */
const ONE_LIST = { activity: "ideas", budget: "budget", member: "members" };

/**
 * @param {Kind} kind
 * @param {any} view
 * @returns {string | null}
 */
function containerOf(kind, view) {
  if (!view) return null;
  return kind === "itinerary" ? dayList(view.day) : (ONE_LIST[kind] ?? null);
}

export class Lists {
  /** @type {Map<string, import("@preact/signals-core").Signal<string[]>>} */
  #signals = new Map();
  /** @type {Map<string, Set<string>>} */
  #ids = new Map();
  /** @type {Map<string, number>} how many stops point to an activity: one that none points to is an idea */
  #pointers = new Map();
  /** @type {Set<string>} */
  #dirty = new Set();
  #cell;

  /** @param {(kind: Kind, id: string) => Cell<any>} cell */
  constructor(cell) {
    this.#cell = cell;
  }

  /** @param {string} container */
  get(container) {
    let list = this.#signals.get(container);
    if (!list) this.#signals.set(container, (list = signal(/** @type {string[]} */ ([]))));
    return list;
  }

  /**
   * Note that the view of an object has changed.
   * @param {Kind} kind
   * @param {string} id
   * @param {any} before
   * @param {any} after
   */
  changed(kind, id, before, after) {
    const from = containerOf(kind, before);
    const to = containerOf(kind, after);
    if (from !== to) {
      if (from) this.#touch(from).delete(id);
      if (to) this.#touch(to).add(id);
    } else if (to && before.position !== after.position) this.#touch(to);
    if (kind === "itinerary" && before?.activity_id !== after?.activity_id) {
      this.#point(before?.activity_id, -1);
      this.#point(after?.activity_id, +1);
    }
  }

  /** Ranks have changed: order anew the lists of what has no position. */
  reordered() {
    for (const container of Object.values(ONE_LIST)) this.#touch(container);
  }

  /** Set the signals of the lists that are not what they were. */
  flush() {
    if (this.#dirty.size === 0) return;
    const days = [...this.#dirty].some((container) => container.startsWith("day:"));
    for (const container of this.#dirty) this.#set(container, this.#sorted(container));
    this.#dirty.clear();
    if (days) this.#set("days", this.#days());
  }

  /** @param {string} container */
  #touch(container) {
    this.#dirty.add(container);
    let ids = this.#ids.get(container);
    if (!ids) this.#ids.set(container, (ids = new Set()));
    return ids;
  }

  /**
   * @param {string | null | undefined} activityId
   * @param {number} by
   */
  #point(activityId, by) {
    if (!activityId) return;
    this.#pointers.set(activityId, (this.#pointers.get(activityId) ?? 0) + by);
    this.#touch("ideas");
  }

  /**
   * @param {string} container
   * @param {string[]} ids
   */
  #set(container, ids) {
    const list = this.get(container);
    const old = list.peek();
    if (ids.length !== old.length || ids.some((id, index) => id !== old[index])) list.value = ids;
  }

  /** @param {string} container */
  #sorted(container) {
    const ids = [...this.#touch(container)];
    if (container.startsWith("day:")) {
      const stops = ids.map((id) => /** @type {Stop} */ (this.#cell("itinerary", id).view.peek()));
      return stops.sort(inOrder).map(({ id }) => id);
    }
    const kind = /** @type {Kind} */ (Object.entries(ONE_LIST).find(([, name]) => name === container)?.[0]);
    const rank = (/** @type {string} */ id) => this.#cell(kind, id).rank;
    const shown = container === "ideas" ? ids.filter((id) => !this.#pointers.get(id)) : ids;
    return shown.sort((a, b) => rank(a) - rank(b));
  }

  #days() {
    const numbers = [...this.#ids]
      .filter(([container, ids]) => container.startsWith("day:") && container !== "day:none" && ids.size > 0)
      .map(([container]) => Number(container.slice(4)));
    return numbers.sort((a, b) => a - b).map(String);
  }
}

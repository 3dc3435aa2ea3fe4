/**
 * What follows from a trip's data: the names of its days, its columns, and what it costs. All of it signals that are
 * only set when their value changes, so that a new title disturbs no sum.
 *
 * @import { ReadonlySignal } from "@preact/signals-core"
 * @import { Stop } from "#realtime/types.js"
 * @import { Store } from "#realtime/store.js"
 */
import { computed } from "@preact/signals-core";

import { dayCount, dayName } from "#trips/dates.js";
import { sum } from "#trips/money.js";
import { BUDGET_LINES, CATEGORIES } from "#trips/words.js";

/** What a stop takes from its activity where it says nothing itself. */
const INHERITED = /** @type {const} */ (["place", "cost", "duration", "category", "notes"]);

/** @param {string} column `none` or a number */
export const dayOf = (column) => (column === "none" ? null : Number(column));
/** @param {number | null} day */
export const columnOf = (day) => (day === null ? "none" : String(day));

export class Plan {
  /** @type {Map<string, ReadonlySignal<any>>} */
  #kept = new Map();
  #store;

  /** @param {Store} store */
  constructor(store) {
    this.#store = store;
  }

  get start() {
    return this.#once("start", () => this.#store.trip().view.value?.start_date ?? null);
  }

  get end() {
    return this.#once("end", () => this.#store.trip().view.value?.end_date ?? null);
  }

  get currency() {
    return this.#once("currency", () => this.#store.trip().view.value?.currency || "EUR");
  }

  /** “Tue 13” @param {number | null} day */
  dayName(day) {
    return dayName(this.start.value, day);
  }

  /** The columns of the board: `none` if something has no day, the days of the dates, and any later one in use. */
  get columns() {
    const joined = this.#once("columns", () => {
      const used = this.#store.list("days").value.map(Number);
      const days = dayCount(this.start.value, this.end.value);
      const last = days || Math.min(999, Math.max(0, ...used) + 1);
      const within = Array.from({ length: last }, (_, index) => index + 1);
      const unscheduled = this.#store.list("day:none").value.length ? ["none"] : [];
      return [...unscheduled, ...within, ...used.filter((day) => day > last)].join();
    });
    return this.#once("split", () => joined.value.split(","));
  }

  /** A stop as it is shown: what it leaves empty, its activity says. @param {string} id */
  stop(id) {
    return this.#once(`stop ${id}`, () => {
      const own = this.#store.cell("itinerary", id).view.value;
      const activity = own?.activity_id ? this.#store.cell("activity", own.activity_id).view.value : null;
      if (!own || !activity) return own;
      const empty = INHERITED.filter((field) => own[field] === "" || own[field] === null);
      return /** @type {Stop} */ ({ ...own, ...Object.fromEntries(empty.map((field) => [field, activity[field]])) });
    });
  }

  /** @param {string} id */
  cost(id) {
    return this.#once(`cost ${id}`, () => this.stop(id).value?.cost ?? 0);
  }

  /** The line of the budget that a stop's cost counts in. @param {string} id */
  line(id) {
    return this.#once(`line ${id}`, () => CATEGORIES[this.stop(id).value?.category ?? ""].budget);
  }

  /** @param {string} column */
  dayCost(column) {
    return this.#once(`day ${column}`, () => sum(this.#stopsIn(column).map((id) => this.cost(id).value)));
  }

  /** What all stops cost. */
  get inPlan() {
    return this.#once("in plan", () => sum(this.#used().map((column) => this.dayCost(column).value)));
  }

  /** @param {string} category of the budget */
  inCategory(category) {
    return this.#once(`in ${category}`, () => {
      const ids = this.#used().flatMap((column) => this.#stopsIn(column));
      return sum(ids.filter((id) => this.line(id).value === category).map((id) => this.cost(id).value));
    });
  }

  /** @param {string} category */
  planned(category) {
    return this.#once(`planned ${category}`, () => this.#store.cell("budget", category).view.value?.amount ?? 0);
  }

  get allPlanned() {
    const lines = this.#store.list("budget");
    return this.#once("planned", () => sum(lines.value.map((category) => this.planned(category).value)));
  }

  /** The rows of the budget: what has a planned amount, and what costs something without one. */
  get lines() {
    const joined = this.#once("lines", () => {
      const lines = this.#store.list("budget").value;
      const costs = Object.keys(BUDGET_LINES).filter((category) => this.inCategory(category).value > 0);
      const more = costs.filter((category) => !lines.includes(category));
      return [...lines, ...more].join();
    });
    return this.#once("lines split", () => joined.value.split(",").filter(Boolean));
  }

  /** The activities that are ideas. @returns {ReadonlySignal<string[]>} */
  get ideas() {
    return this.#store.list("ideas");
  }

  /** @param {string} column */
  #stopsIn(column) {
    return this.#store.list(`day:${column}`).value;
  }

  /** The columns that hold something, or may. */
  #used() {
    return ["none", ...this.#store.list("days").value];
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => T} compute
   * @returns {ReadonlySignal<T>}
   */
  #once(name, compute) {
    let kept = this.#kept.get(name);
    if (!kept) this.#kept.set(name, (kept = computed(compute)));
    return kept;
  }
}

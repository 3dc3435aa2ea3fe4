/**
 * The objects of a trip as signals: a cell each, and the lists they are in.
 *
 * A cell's `view` is the pending steps of the object, in order, applied to its `confirmed` state. It is set only when
 * it is not what it was, field by field, so that one change redraws one component.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Kind, Objects } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 */
import { signal } from "@preact/signals-core";

import { Lists } from "#realtime/lists.js";
import { hasMoves, replay } from "#realtime/order.js";
import { keyOf } from "#realtime/problems.js";
import { awaited } from "#realtime/queue.js";
import { fold, same } from "#realtime/steps.js";

/**
 * `last` is what the object was when it was last confirmed, `seen` when it was last shown; `rank` its place in lists
 * without positions.
 * @template T
 * @typedef {{key: string, kind: Kind, id: string, confirmed: T | null, last: T | null, seen: T | null, rank: number,
 *   view: Signal<T | null>, pending: Signal<boolean>}} Cell
 */

/** What only this browser knows comes after what everybody sees. */
const UNCONFIRMED = 2 ** 32;

export class Cells {
  /** @type {Map<string, Cell<any>>} */
  #cells = new Map();
  #lists = new Lists((kind, id) => this.get(kind, id));
  /** @type {Set<Cell<any>>} what may have to be shown anew */
  #stale = new Set();
  #ranks = 0;

  /**
   * @template {Kind} K
   * @param {K} kind
   * @param {string} id
   * @returns {Cell<Objects[K]>}
   */
  get(kind, id) {
    const key = keyOf(kind, id);
    let cell = this.#cells.get(key);
    if (!cell) {
      const rank = UNCONFIRMED + ++this.#ranks;
      cell = {
        key, kind, id, confirmed: null, last: null, seen: null, rank, view: signal(null), pending: signal(false),
      };
      this.#cells.set(key, cell);
    }
    return cell;
  }

  all() {
    return [...this.#cells.values()];
  }

  /** @param {string} container */
  list(container) {
    return this.#lists.get(container);
  }

  /**
   * @param {Cell<any>} cell
   * @param {any} object what the server says it is; `null` when it is gone
   */
  confirm(cell, object) {
    if (object && !cell.last) this.rank([cell]);
    cell.last = object ?? cell.confirmed ?? cell.last;
    cell.confirmed = object;
    this.#stale.add(cell);
  }

  /** @param {readonly Step[]} steps that came, went or changed */
  touch(steps) {
    for (const { kind, id } of steps) this.#stale.add(this.get(kind, id));
  }

  /** These are now the last of their lists, in this order. @param {Cell<any>[]} cells */
  rank(cells) {
    for (const cell of cells) cell.rank = ++this.#ranks;
    this.#lists.reordered();
  }

  /** Set the signals of all that was touched and is not what it was. @param {readonly Entry[]} pending */
  settle(pending) {
    if (hasMoves(pending)) this.#placeMoves(pending);
    for (const cell of this.#stale) this.#show(cell, pending);
    this.#stale.clear();
    this.#lists.flush();
  }

  /**
   * @param {Cell<any>} cell
   * @param {readonly Entry[]} pending
   */
  #show(cell, pending) {
    const concerns = (/** @type {Step} */ { kind, id }) => kind === cell.kind && id === cell.id;
    const entries = pending.filter((entry) => awaited(entry).some(concerns));
    const before = cell.view.peek();
    const after = fold(cell, entries.flatMap((entry) => awaited(entry).filter(concerns)));
    cell.pending.value = entries.some(({ ack }) => ack === null);
    if (same(before, after)) return;
    cell.seen = after ?? before;
    cell.view.value = after;
    this.#lists.changed(cell.kind, cell.id, before, after);
  }

  /** @param {readonly Entry[]} pending */
  #placeMoves(pending) {
    const stops = this.all().filter(({ kind, confirmed }) => kind === "itinerary" && confirmed);
    const world = new Map(stops.map(({ id, confirmed }) => [id, confirmed]));
    const moved = replay(world, pending, (id) => this.get("itinerary", id).last);
    for (const id of moved) this.#stale.add(this.get("itinerary", id));
  }
}

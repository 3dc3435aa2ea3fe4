/**
 * A trip as this browser knows it: what the server has confirmed, and on top of it what this person changed since.
 * No DOM, no socket: messages go in here, wishes come out through `pending`.
 *
 * @import { Ack, Change, ErrorMessage, Kind, Mutation, Objects, Snapshot } from "#realtime/types.js"
 * @import { Cell } from "#realtime/cells.js"
 * @import { Entry } from "#realtime/queue.js"
 * @import { StoreEvent } from "#realtime/events.js"
 * @import { Draft } from "#realtime/draft.js"
 * @import { Kept } from "#realtime/kept.js"
 * @import { Problem } from "#realtime/problems.js"
 *
 * @typedef {object} StoreOptions
 * @property {string} me the person's user_id
 * @property {() => string} [mutationId] makes a new one
 * @property {() => void} [changed] called after all that may change what is pending or what is wrong: for whoever sends
 *   it, and whoever keeps it
 * @property {() => void} [wrote] called when a draft changes
 * @property {(since: number) => void} [onGap] a change was missed: the trip has to be joined anew
 */
import { batch } from "@preact/signals-core";

import { Cells } from "#realtime/cells.js";
import { Drafts } from "#realtime/draft.js";
import { Events } from "#realtime/events.js";
import { VERSION } from "#realtime/kept.js";
import { Pending } from "#realtime/pending.js";
import { Problems, keyOf, setAside, titled } from "#realtime/problems.js";
import { kept } from "#realtime/queue.js";
import { blank, effectsOf, stepOf } from "#realtime/steps.js";
import { KINDS, kindOf, newId, objectsOf } from "#realtime/types.js";

/** @param {StoreOptions} options */
export const createStore = (options) => new Store(options);

export class Store {
  /** The last change of the trip that is taken in. */
  seq = 0;
  /** Empty until a snapshot was loaded. */
  tripId = "";
  drafts;

  #cells = new Cells();
  #problems = new Problems();
  #pending;
  #events = new Events();
  #depth = 0;
  #options;

  /** @param {StoreOptions} options */
  constructor({ me, mutationId = newId, changed = () => {}, wrote = () => {}, onGap = () => {} }) {
    this.me = me;
    // Within a transaction, what ends one text and begins another is written down once, at its end.
    this.drafts = new Drafts(() => this.#depth || wrote());
    this.#options = { changed, onGap };
    this.#pending = new Pending({ me, mutationId, touched: (steps) => this.#cells.touch(steps) });
  }

  /** What is not confirmed, in order. */
  get pending() {
    return this.#pending.entries;
  }

  /** How many of these are not known to be stored, as a signal: the "3 not saved" of the sign. */
  get pendingCount() {
    return this.#pending.count;
  }

  /**
   * The object of that kind and id. There is a cell also for one that is gone or not there yet: its view is `null`.
   * @template {Kind} K
   * @param {K} kind
   * @param {string} id
   * @returns {Cell<Objects[K]>}
   */
  cell(kind, id) {
    return this.#cells.get(kind, id);
  }

  /**
   * Every object of a kind that was ever seen, those that are gone too.
   * @template {Kind} K
   * @param {K} kind
   * @returns {Cell<Objects[K]>[]}
   */
  all(kind) {
    return this.#cells.all().filter((cell) => cell.kind === kind);
  }

  trip() {
    return this.cell("trip", this.tripId);
  }

  /**
   * The ids in a list, as a signal.
   * @param {string} container `day:3`, `day:none`, `days`, `ideas`, `budget`, `members`
   */
  list(container) {
    return this.#cells.list(container);
  }

  /** What is wrong, and what I wrote, as a signal. @param {string} key `<kind>:<id>` or `<kind>:<id>.<field>` */
  problem(key) {
    return this.#problems.get(key);
  }

  /** All problems there are, as a signal. */
  get problems() {
    return this.#problems.all;
  }

  /** @param {string} key of a problem that is settled */
  dismiss(key) {
    this.transact(() => this.#problems.dismiss([key]));
  }

  /** @param {(event: StoreEvent) => void} listener @returns {() => void} ends it */
  listen(listener) {
    return this.#events.listen(listener);
  }

  /** Do several things as one: signals are set once, at the end. @param {() => void} work */
  transact(work) {
    this.#depth += 1;
    batch(() => {
      try {
        work();
      } finally {
        this.#depth -= 1;
        if (this.#depth === 0) this.#settle();
      }
    });
    if (this.#depth > 0) return;
    this.#events.tell();
    this.#options.changed();
  }

  /** Take a whole trip over; what is pending stays on top of it. @param {Snapshot} snapshot */
  load(snapshot) {
    this.transact(() => {
      this.tripId = snapshot.trip.id;
      this.seq = snapshot.seq;
      const found = objectsOf(snapshot);
      const objects = new Map(found.map(([kind, object]) => [this.cell(kind, object[KINDS[kind].key]), object]));
      for (const cell of this.#cells.all()) this.#confirm(cell, objects.get(cell) ?? null, null);
      this.#cells.rank([...objects.keys()]);
      this.#pending.reached(this.seq);
    });
  }

  /** Take a change over: an old one is dropped, and one after a hole asks for the trip anew. @param {Change} change */
  receive(change) {
    if (!this.#follows(change.seq)) return;
    this.transact(() => {
      const mine = this.#pending.isMine(change);
      if (mine) this.#pending.arrived(change);
      const kind = kindOf(change.type);
      if (kind) this.#write(this.cell(kind, change.id), change, mine);
      this.#pending.reached(this.seq);
    });
  }

  /** There was a change that I may not see. @param {number} seq */
  skip(seq) {
    if (this.#follows(seq)) this.transact(() => this.#pending.reached(this.seq));
  }

  /** A mutation is stored. @param {Ack} ack */
  acked({ mutation_id, seq }) {
    const entry = this.#pending.find(mutation_id);
    if (!entry) return;
    this.transact(() => {
      this.#pending.acked(entry, seq);
      this.#pending.reached(this.seq);
    });
  }

  /** A mutation was refused: it is undone, and what I wrote is kept as a problem. @param {ErrorMessage} error */
  refused(error) {
    const entry = this.#pending.find(error.mutation_id);
    if (!entry) return;
    this.transact(() => {
      const problems = this.#pending.refused(entry, error)?.map((each) => titled(each, this.cell(each.kind, each.id).seen));
      if (!problems) return;
      this.#problems.raise(problems);
      this.#events.push({ type: "refused", error, problems });
    });
  }

  /**
   * Change something: it shows at once.
   * @param {Mutation} mutation
   * @returns {string} the id of the mutation that carries it
   */
  propose(mutation) {
    const wishes = "steps" in mutation ? mutation.steps : [mutation];
    const base_seq = "steps" in mutation ? undefined : mutation.base_seq;
    let id = "";
    this.transact(() => {
      const find = this.cell.bind(this);
      const own = wishes.map((wish) => stepOf(wish, find));
      const effects = own.flatMap((step) => effectsOf(step, () => this.#stops(), find));
      id = this.#pending.add([...own, ...effects], base_seq).mutation_id;
      this.#problems.forgive(own);
    });
    return id;
  }

  /**
   * The draft of a field: the open one, or a new one that starts from what the field shows.
   * @param {Kind} kind
   * @param {string} id
   * @param {string} field
   * @param {(value: any) => string} [format] a value as the field writes it
   * @returns {Draft}
   */
  draft(kind, id, field, format) {
    const view = /** @type {any} */ (this.cell(kind, id).view.peek());
    return this.drafts.open(keyOf(kind, id, field), view?.[field], this.seq, format);
  }

  /** What outlives the page. @returns {Kept} */
  kept() {
    const title = this.trip().view.peek()?.title ?? "";
    return { v: VERSION, title, pending: kept(this.pending), problems: this.problems.peek(), drafts: this.drafts.kept() };
  }

  /**
   * Go on with what a page that is no more has left.
   * @param {Kept} left
   * @param {boolean} [resume] with what was being written, too; else that is laid aside
   */
  takeUp({ pending, problems, drafts }, resume = false) {
    this.transact(() => {
      this.#pending.takeOver(pending);
      this.#problems.raise(problems);
      const back = resume ? this.drafts.back(drafts) : [];
      this.#problems.raise(drafts.filter((draft) => !back.includes(draft)).map((draft) => setAside(draft, this.tripId)));
      if (back.length) this.#events.push({ type: "returned", drafts: back.map(({ key }) => key) });
    });
  }

  /** What is being written there cannot be saved: it stays as something to settle. @param {string} key */
  layAside(key) {
    const text = this.drafts.get(key)?.text.peek();
    this.transact(() => {
      if (text) this.#problems.raise([setAside({ key, text }, this.tripId)]);
      this.drafts.delete(key);
    });
  }

  /** Another page goes on with this. @param {Kept} taken */
  disown({ pending, problems }) {
    this.transact(() => {
      this.#pending.disown(pending);
      this.#problems.disown(problems);
    });
  }

  /** @param {number} seq */
  #follows(seq) {
    if (seq > this.seq + 1) this.#options.onGap(this.seq);
    if (seq !== this.seq + 1) return false;
    this.seq = seq;
    return true;
  }

  /** @param {Cell<any>} cell @param {Change} change @param {boolean} mine */
  #write(cell, change, mine) {
    const before = cell.confirmed;
    const after = { ...(before ?? blank(cell.kind, cell.id)), ...change.data };
    this.#confirm(cell, change.op === "remove" ? null : after, change.updated_by, mine);
    this.#events.push({ type: "change", change, before, mine });
  }

  /**
   * @param {Cell<any>} cell
   * @param {any} object
   * @param {string | null} by whose change it is, `null` where that is not known
   * @param {boolean} [mine]
   */
  #confirm(cell, object, by, mine = false) {
    const before = cell.confirmed;
    this.#cells.confirm(cell, object);
    if (object) this.drafts.tell(cell.key, before, object, { seq: this.seq, by, mine, shown: cell.view.peek() });
  }

  #stops() {
    return this.all("itinerary").map(({ view }) => view.peek()).filter((view) => view !== null);
  }

  #settle() {
    this.#cells.settle(this.pending);
    this.#pending.recount();
  }
}

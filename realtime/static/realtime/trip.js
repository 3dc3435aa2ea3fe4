/**
 * One trip, live: socket, store, queue and people wired together. What the trip page uses, and any other site may.
 *
 * @import { ErrorMessage, Joined, Message, Role, Snapshot } from "#realtime/types.js"
 * @import { Kept } from "#realtime/kept.js"
 * @import { Page } from "#realtime/keep.js"
 * @import { SocketOptions } from "#realtime/socket.js"
 *
 * Where what is not saved outlives the page: a Keeper. Without one, it does not.
 * @typedef {object} Storage
 * @property {(page: Page) => void} open
 * @property {(kept: Kept, typing?: boolean) => void} save
 * @property {() => void} look whether there is something of a page that is no more
 * @property {boolean} settled nothing goes out before it is
 * @property {() => void} close
 *
 * @typedef {object} TripOptions
 * @property {string} tripId
 * @property {string} userId
 * @property {Snapshot} [snapshot] the trip as the page came with it; without it the first `joined` brings one
 * @property {Role} [role]
 * @property {Storage} [storage]
 * @property {() => boolean} [isOnline]
 */
import { signal } from "@preact/signals-core";

import { createPeople } from "#realtime/people.js";
import { next, resend, sent, toMessage, waitOut } from "#realtime/queue.js";
import { createSign } from "#realtime/sign.js";
import { createSocket, systemClock } from "#realtime/socket.js";
import { createStore } from "#realtime/store.js";

/** A change that is stored comes at once; one that has not come after so long, in ms, was lost on the way. */
export const CHANGE_WITHIN = 3_000;

/** Refusals that only ask for patience. */
const PATIENCE = new Set(["rate_limited", "unavailable"]);

/** @type {Storage} */
const forgetful = { open: () => {}, save: () => {}, look: () => {}, settled: true, close: () => {} };

/** @param {TripOptions & Partial<SocketOptions>} options */
export const connectTrip = (options) => new LiveTrip(options);

export class LiveTrip {
  /** @type {import("@preact/signals-core").Signal<Role>} */
  role;
  /** Why this person is out of the trip: `not_found` once it is gone or no longer shared with them. */
  lost = signal(/** @type {string | null} */ (null));
  #joined = false;
  #rejoining = false;
  /** @type {any} */
  #timer;
  #clock;
  #closeSign;
  #storage;

  /** @param {TripOptions & Partial<SocketOptions>} options */
  constructor({ tripId, userId, snapshot, role = "viewer", storage = forgetful, isOnline, ...options }) {
    this.tripId = tripId;
    this.role = signal(role);
    this.#clock = options.clock ?? systemClock;
    this.store = createStore({
      me: userId,
      onGap: () => this.#rejoin(),
      changed: () => {
        storage.save(this.store.kept());
        this.#pump();
      },
      wrote: () => storage.save(this.store.kept(), true),
    });
    this.#storage = storage;
    const together = (/** @type {() => void} */ work) => this.store.transact(work);
    this.socket = createSocket({ url: `/api/v1/ws/${userId}`, together, ...options });
    const send = (/** @type {object} */ message) => this.#joined && this.#tell(message);
    this.people = createPeople({ me: userId, clock: this.#clock, send });
    const { sign, close } = createSign(this.socket, { ...options, isOnline });
    this.sign = sign;
    this.#closeSign = close;
    if (snapshot) this.store.load(snapshot);
    this.store.listen((event) => {
      if (event.type === "change" && event.change.type === "member_updated") this.#readRole();
    });
    this.socket.on("*", (message) => this.#receive(message));
    this.socket.onState(() => this.#interrupted());
    this.socket.join(tripId, () => (this.store.tripId ? this.store.seq : undefined));
    storage.open({
      take: (left, first) => this.store.takeUp(left, first),
      taken: (mine) => this.store.disown(mine),
      settled: () => this.#pump(),
    });
  }

  /** Somebody changed what I may do. */
  #readRole() {
    this.role.value = this.store.cell("member", this.store.me).confirmed?.role ?? this.role.value;
  }

  /** Leave for good. */
  close() {
    this.#clock.clearTimeout(this.#timer);
    this.#closeSign();
    this.socket.close();
    this.#storage.close();
  }

  /** @param {Message} message */
  #receive(message) {
    if (message.trip_id !== undefined && message.trip_id !== this.tripId) return;
    if (message.type.endsWith("_updated")) this.store.receive(/** @type {any} */ (message));
    else this.#readers[message.type]?.(message);
    this.people.receive(message);
  }

  /** @type {Record<string, (message: any) => void>} */
  #readers = {
    joined: (joined) => this.#entered(joined),
    skipped: ({ seq }) => this.store.skip(seq),
    ack: (ack) => this.store.acked(ack),
    error: (error) => this.#refused(error),
    trip_unshared: () => this.#out("not_found"),
    trip_shared: () => this.#rejoin(),
  };

  /** @param {Joined} joined */
  #entered({ snapshot, role }) {
    if (!this.#joined) resend(this.store.pending);
    this.#joined = true;
    this.#rejoining = false;
    this.role.value = role;
    this.lost.value = null;
    if (snapshot) this.store.load(snapshot);
    this.#storage.look();
    this.#pump();
  }

  /** @param {ErrorMessage} error */
  #refused(error) {
    const wait = error.retry_after ?? 1;
    const isJoining = !error.mutation_id && (!this.#joined || this.#rejoining);
    if (PATIENCE.has(error.code) && !isJoining) this.#wait(error, wait);
    else if (error.mutation_id) this.store.refused(error);
    else if (isJoining && error.code === "not_found") this.#out(error.code);
    else if (isJoining) this.#clock.setTimeout(() => this.#enter(), wait * 1000);
  }

  /**
   * @param {ErrorMessage} error
   * @param {number} seconds
   */
  #wait(error, seconds) {
    // One that names no mutation is about whatever was sent last; to send that again later does no harm.
    const { pending } = this.store;
    const named = pending.find((entry) => entry.mutation_id === error.mutation_id);
    const entry = named ?? pending.find(({ sent, ack }) => sent && ack === null);
    if (entry) waitOut(entry, seconds, this.#clock.now());
    this.#pump();
  }

  /** Send what is due, and come back when something will be. */
  #pump() {
    this.#clock.clearTimeout(this.#timer);
    if (!this.#joined || !this.#storage.settled) return;
    const due = next(this.store.pending, this.#clock.now());
    if (due && "wait" in due) this.#pumpIn(due.wait);
    else if (due) {
      sent(due.send, this.#clock.now());
      this.#tell(toMessage(due.send, this.tripId));
      this.#pump();
    } else if (this.store.pending.length) {
      this.#timer = this.#clock.setTimeout(() => this.#rejoin(), CHANGE_WITHIN);
    }
  }

  /** @param {number} ms */
  #pumpIn(ms) {
    this.#timer = this.#clock.setTimeout(() => this.#pump(), ms);
  }

  /** @param {object} message */
  #tell(message) {
    this.socket.send({ trip_id: this.tripId, ...message });
  }

  /** Something was missed: ask for what came after the last change that is known. */
  #rejoin() {
    if (this.#rejoining) return;
    this.#rejoining = true;
    this.#enter();
  }

  #enter() {
    this.socket.join(this.tripId, () => (this.store.tripId ? this.store.seq : undefined));
  }

  #interrupted() {
    this.#joined = this.#rejoining = false;
    this.#clock.clearTimeout(this.#timer);
  }

  /** @param {string} code */
  #out(code) {
    this.#interrupted();
    this.lost.value = code;
  }
}

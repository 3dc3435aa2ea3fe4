/**
 * Tabs of one browser, with the trip page in them and the little server behind.
 *
 * @import { LiveTrip } from "#realtime/trip.js"
 * @import { Line } from "./line.js"
 */
import { Keeper } from "#realtime/keep.js";
import { connectTrip } from "#realtime/trip.js";

import { Browser } from "./browser.js";
import { HandClock, settled } from "./clock.js";
import { lineTo } from "./line.js";
import { Server } from "./server.js";

/** Also what is several promises away has happened. */
export async function rest() {
  for (let turn = 0; turn < 8; turn += 1) await settled();
}

export class Desk {
  clock = new HandClock();
  server = new Server();
  browser = new Browser();
  random = () => 1;

  constructor() {
    const louvre = { id: "louvre", day: 1, activity: "Louvre" };
    this.server.mutate("bob", { type: "itinerary_update", mutation_id: "b1", data: louvre });
  }

  /** A new tab, with the trip as it is now. @param {string} [userId] */
  async tab(userId = "alice") {
    const tab = new Tab(this, userId);
    await rest();
    return tab;
  }

  /** All that is on the way arrives, between everybody. */
  async flow() {
    for (let turn = 0; turn < 8; turn += 1) {
      for (const line of this.server.lines) {
        while (line.read());
        line.deliver();
      }
      await rest();
    }
  }
}

export class Tab {
  /** @type {Line[]} */
  lines = [];
  online = true;
  dead = false;

  /** @param {Desk} desk @param {string} userId */
  constructor(desk, userId) {
    this.desk = desk;
    this.userId = userId;
    const { clock, server, browser, random } = desk;
    const peer = {
      connected: (/** @type {Line} */ line) => {
        this.lines.push(line);
        if (this.online && !this.dead) server.connected(line);
      },
      heard: (/** @type {Line} */ line, /** @type {any} */ message) => server.heard(line, message),
    };
    this.keeper = new Keeper({ userId, tripId: "t", clock, ...browser.for(this) });
    /** @type {LiveTrip} */
    this.trip = connectTrip({
      tripId: "t", userId, role: "editor", url: `ws://here/api/v1/ws/${userId}`, clock, wakers: null, random,
      isOnline: () => true, WebSocketImpl: lineTo(peer), storage: this.keeper, snapshot: server.snapshot(),
    });
  }

  get store() {
    return this.trip.store;
  }

  get count() {
    return this.store.pendingCount.peek();
  }

  /** @param {string} id @param {import("#realtime/types.js").Data} data @param {number} [base_seq] */
  edit(id, data, base_seq) {
    return this.store.propose({ kind: "itinerary", id, data, ...(base_seq === undefined ? {} : { base_seq }) });
  }

  /** @param {string} id */
  shown(id) {
    return this.store.cell("itinerary", id).view.peek();
  }

  /** The network is gone. */
  goOffline() {
    this.online = false;
    this.#cut();
  }

  goOnline() {
    this.online = true;
  }

  /** It is killed, or its battery is flat: not a word to anybody. Of what it was writing, so much was written. @param {number} [written] */
  die(written = 0) {
    this.dead = true;
    this.#cut();
    this.desk.browser.kill(this, written);
    // What is left of it in this process must not go on.
    this.trip.close();
    this.desk.browser.kill(this);
  }

  /** It is closed, as one closes a tab. */
  async close() {
    this.keeper.close();
    await rest();
    this.die(Infinity);
  }

  #cut() {
    const { server } = this.desk;
    for (const line of this.lines.filter((each) => server.lines.has(each))) {
      server.lines.delete(line);
      server.room.delete(line);
      line.cut();
    }
  }
}

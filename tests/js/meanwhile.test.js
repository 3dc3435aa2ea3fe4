/**
 * What is shown before the server has answered is what the server makes of it: positions, names, what follows from a
 * removal, and the order of edits that were merged on the way.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { next, sent, toMessage } from "#realtime/queue.js";
import { createStore } from "#realtime/store.js";

import { chance } from "./clock.js";
import { Server } from "./server.js";
import { shownOf, someWish } from "./wishes.js";

const FLIGHTS = Number(process.env.WORLDS ?? 60);
const LISTS = ["day:1", "day:2", "day:none", "days", "ideas", "budget"];

class Flight {
  server = new Server();
  store = createStore({ me: "alice" });
  refusals = 0;
  ids = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.dice = chance(seed);
    this.store.load(this.server.snapshot());
  }

  edit() {
    const wish = someWish(this.store, this.dice, () => `s${++this.ids}`);
    if (wish) this.store.propose(wish);
  }

  /** Everything that was done in the air is done on the ground. */
  land() {
    for (let due = next(this.store.pending, 0); due && "send" in due; due = next(this.store.pending, 0)) {
      sent(due.send, 0);
      const known = this.server.seq;
      const message = toMessage(due.send, "t");
      const answer = this.server.mutate("alice", message);
      if (answer.type === "ack") this.store.acked({ mutation_id: message.mutation_id, seq: answer.seq ?? 0 });
      else {
        this.refusals += 1;
        this.store.refused({ mutation_id: message.mutation_id, .../** @type {any} */ (answer) });
      }
      for (const change of this.server.journal.slice(known)) this.store.receive(change);
    }
  }

  shown() {
    return { objects: shownOf(this.store), lists: LISTS.map((name) => [name, this.store.list(name).peek()]) };
  }
}

for (let seed = 1; seed <= FLIGHTS; seed += 1) {
  test(`flight ${seed}: what was shown offline is what is there after landing`, () => {
    const flight = new Flight(seed);
    for (let leg = 0; leg < 6; leg += 1) {
      for (let edit = 0; edit < 12; edit += 1) flight.edit();
      const offline = flight.shown();
      flight.land();
      assert.deepEqual(flight.store.pending, []);
      assert.equal(flight.refusals, 0);
      assert.deepEqual(flight.shown(), offline);
    }
  });
}

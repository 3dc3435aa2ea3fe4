/**
 * What is shown before the server has answered is what the server makes of it: positions, names, what follows from a
 * removal, and the order of edits that were merged on the way.
 *
 * @import { Wish } from "#realtime/types.js"
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { next, sent, toMessage } from "#realtime/queue.js";
import { createStore } from "#realtime/store.js";

import { chance } from "./clock.js";
import { Server } from "./server.js";

const FLIGHTS = Number(process.env.WORLDS ?? 60);
const DAYS = [1, 2, null];
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

  /** @returns {Wish | null} something that the server will take */
  wish() {
    const { dice, store } = this;
    const stops = store.all("itinerary").filter(({ view }) => view.peek()).map(({ id }) => id);
    const gone = store.all("itinerary").filter(({ view, last }) => !view.peek() && last).map(({ id }) => id);
    const activities = store.all("activity").filter(({ view }) => view.peek()).map(({ id }) => id);
    const place = dice.pick([{ day: dice.pick(DAYS) }, { day: dice.pick(DAYS), after: dice.pick([...stops, null]) }, { after: dice.pick([...stops, null]) }]);
    const stop = dice.pick(stops);
    const activity = dice.pick(activities);
    /** @type {(() => Wish | false)[]} */
    const wishes = [
      () => ({ kind: "itinerary", id: `s${++this.ids}`, data: { activity: "Walk", ...place } }),
      () => !!activity && { kind: "itinerary", id: `s${++this.ids}`, data: { activity_id: activity, ...place } },
      () => !!stop && { kind: "itinerary", id: stop, data: { notes: dice.pick(["a", "b", ""]) } },
      () => !!stop && { kind: "itinerary", id: stop, data: { place: dice.pick(["c", "d", ""]) } },
      () => !!stop && { kind: "itinerary", id: stop, data: place },
      () => !!stop && !!activity && { kind: "itinerary", id: stop, data: { activity_id: activity } },
      () => !!stop && { kind: "itinerary", id: stop, op: "remove" },
      () => gone.length > 0 && { kind: "itinerary", id: dice.pick(gone), op: "restore" },
      () => ({ kind: "activity", id: `a${++this.ids}`, data: { name: "Louvre", place: dice.pick(["", "1er"]) } }),
      () => !!activity && { kind: "activity", id: activity, data: { notes: dice.pick(["e", "f"]) } },
      () => !!activity && { kind: "activity", id: activity, op: "remove" },
      () => ({ kind: "budget", id: dice.pick(["food", "stay"]), data: { amount: dice.below(9) } }),
      () => ({ kind: "trip", id: "t", data: { title: dice.pick(["Paris", "Rome"]) } }),
    ];
    return dice.pick(wishes)() || null;
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
    const kinds = /** @type {const} */ (["itinerary", "activity", "budget", "trip"]);
    const views = kinds.flatMap((kind) => this.store.all(kind)).map(({ key, view }) => [key, view.peek()]).filter(([, view]) => view);
    return { views: Object.fromEntries(views), lists: LISTS.map((name) => [name, this.store.list(name).peek()]) };
  }
}

for (let seed = 1; seed <= FLIGHTS; seed += 1) {
  test(`flight ${seed}: what was shown offline is what is there after landing`, () => {
    const flight = new Flight(seed);
    for (let leg = 0; leg < 6; leg += 1) {
      for (let edit = 0; edit < 12; edit += 1) {
        const wish = flight.wish();
        if (wish) flight.store.propose(wish);
      }
      const offline = flight.shown();
      flight.land();
      assert.deepEqual(flight.store.pending, []);
      assert.equal(flight.refusals, 0);
      assert.deepEqual(flight.shown(), offline);
    }
  });
}

/**
 * Several people on one trip, with everything that can go wrong between them and the server, in any order. Whatever
 * happens, what a browser holds as confirmed is what the server had at that seq, its lists are those of its views, and
 * once all is quiet everybody sees the same and nothing is left unsaved.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { LiveTrip } from "#realtime/trip.js"
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder } from "#realtime/order.js";
import { connectTrip } from "#realtime/trip.js";
import { KINDS } from "#realtime/types.js";

import { HandClock, chance, settled } from "./clock.js";
import { lineTo } from "./line.js";
import { Server } from "./server.js";

const WORLDS = Number(process.env.WORLDS ?? 60);
const STEPS = 400;
const DAYS = [1, 2, 3, null];

class World {
  clock = new HandClock();
  server = new Server();
  ids = 0;

  /** @param {number} seed */
  constructor(seed) {
    this.dice = chance(seed);
    this.server.putOff = () => (this.dice.is(0.03) ? { code: this.dice.pick(["rate_limited", "unavailable"]), retry_after: 2 } : null);
    this.server.replays = () => this.dice.is(0.7);
    this.people = ["alice", "bob", "carol"].map((name) => this.#person(name));
  }

  /** @param {string} userId */
  #person(userId) {
    const trip = connectTrip({
      tripId: "t", userId, url: `ws://here/api/v1/ws/${userId}`, clock: this.clock, random: this.dice.random, wakers: null,
      WebSocketImpl: lineTo(this.server), isOnline: () => true,
      snapshot: this.dice.is(0.5) ? this.server.snapshot() : undefined,
    });
    return trip;
  }

  async step() {
    await this.dice.pick([
      () => this.propose(), () => this.propose(), () => this.propose(),
      () => this.line()?.read(), () => this.line()?.read(), () => this.line()?.read(), () => this.line()?.read(),
      () => this.line()?.deliver(1 + this.dice.below(4)), () => this.line()?.deliver(), () => this.line()?.deliver(),
      () => this.clock.pass(this.dice.below(2_000)),
      () => this.dice.is(0.08) && this.cut(),
      () => this.dice.is(0.05) && this.lose(),
      () => this.dice.is(0.01) && this.server.stop(this.dice.pick([1006, 4503, 4429])),
    ])();
    await settled();
    this.check();
  }

  line() {
    return this.dice.pick([...this.server.lines, undefined]);
  }

  cut() {
    const line = this.line();
    if (!line) return;
    this.server.lines.delete(line);
    this.server.room.delete(line);
    line.cut(this.dice.pick([1006, 4408]));
  }

  /** A change is lost between the server and one browser. */
  lose() {
    const line = this.line();
    const index = line?.down.findIndex(({ seq, type }) => seq && type.endsWith("_updated")) ?? -1;
    if (line && index >= 0) line.down.splice(index, 1);
  }

  propose() {
    const { store } = this.dice.pick(this.people);
    if (!store.tripId) return;
    if (this.dice.is(0.15)) store.propose({ steps: [this.wish(store), this.wish(store)] });
    else {
      const wish = this.wish(store);
      const base_seq = wish.op || this.dice.is(0.6) ? undefined : store.seq;
      store.propose({ ...wish, ...(base_seq === undefined ? {} : { base_seq }) });
    }
  }

  /** @param {LiveTrip["store"]} store @returns {import("#realtime/types.js").Wish} */
  wish(store) {
    const { dice } = this;
    const stops = DAYS.flatMap((day) => store.list(`day:${day ?? "none"}`).peek());
    const ideas = store.list("ideas").peek();
    const id = stops.length ? dice.pick(stops) : "none";
    const idea = ideas.length ? dice.pick(ideas) : "none";
    const place = dice.pick([{ day: dice.pick(DAYS) }, { day: dice.pick(DAYS), after: dice.pick([id, null]) }, { after: dice.pick([dice.pick([...stops, "none"]), null]) }]);
    const text = dice.pick(["x", "y", "z", "", dice.is(0.2) ? "BAD" : "w"]);
    return dice.pick([
      () => wish("itinerary", this.id("s"), { activity: "Walk", ...place }),
      () => wish("itinerary", this.id("s"), { activity_id: idea, ...place }),
      () => wish("itinerary", id, { [dice.pick(["notes", "place"])]: text }),
      () => wish("itinerary", id, { notes: text, time: "10:00" }),
      () => wish("itinerary", id, place),
      () => wish("itinerary", id, place),
      () => wish("itinerary", id, { activity_id: dice.pick([idea, null]) }),
      () => ({ ...wish("itinerary", id, {}), op: "remove" }),
      () => ({ ...wish("itinerary", `s${1 + dice.below(this.ids + 1)}`, {}), op: "restore" }),
      () => wish("activity", this.id("a"), { name: "Louvre", place: "1er", cost: 22 }),
      () => wish("activity", idea, { place: text }),
      () => ({ ...wish("activity", dice.pick([idea, `a${1 + dice.below(this.ids + 1)}`]), {}), op: dice.pick(["remove", "restore"]) }),
      () => wish("budget", dice.pick(["food", "stay"]), { amount: dice.below(100) }),
      () => ({ ...wish("budget", dice.pick(["food", "stay"]), {}), op: "remove" }),
      () => wish("trip", "t", { title: text, notes: "n" }),
    ])();
  }

  /** @param {string} letter */
  id(letter) {
    this.ids += 1;
    return `${letter}${this.ids}`;
  }

  check() {
    for (const { store } of this.people) {
      if (!store.tripId) continue;
      assert.deepEqual(confirmed(store), sortedById(this.server.history[store.seq]), `confirmed at ${store.seq}`);
      checkLists(store);
    }
  }

  /** Nothing breaks any more: let everything arrive. */
  async quiet() {
    this.server.putOff = () => null;
    const busy = () => this.people.some(({ store }) => store.pending.length || store.seq !== this.server.seq);
    for (let round = 0; round < 400 && busy(); round += 1) {
      for (const line of this.server.lines) {
        while (line.read());
        line.deliver();
      }
      await this.clock.pass(500);
    }
  }
}

/** @param {Kind} kind @param {string} id @param {import("#realtime/types.js").Data} data */
const wish = (kind, id, data) => ({ kind, id, data });

const COLLECTIONS = /** @type {const} */ (["itinerary", "activities", "budget"]);

/** @param {any} snapshot */
function sortedById({ trip, ...snapshot }) {
  const byId = (/** @type {any[]} */ list) => list.map((each) => JSON.stringify(each, Object.keys(each).sort())).sort();
  return [JSON.stringify(trip), ...COLLECTIONS.map((name) => byId(snapshot[name]))];
}

/** @param {LiveTrip["store"]} store */
function confirmed(store) {
  const kinds = /** @type {Kind[]} */ (["itinerary", "activity", "budget"]);
  const all = Object.fromEntries(kinds.map((kind) => [KINDS[kind].collection, store.all(kind).map((cell) => cell.confirmed).filter(Boolean)]));
  return sortedById({ trip: store.trip().confirmed, ...all });
}

/** @param {LiveTrip["store"]} store */
function checkLists(store) {
  const stops = store.all("itinerary").map(({ view }) => view.peek()).filter((stop) => stop !== null);
  const days = [...new Set(stops.map(({ day }) => day))];
  for (const day of DAYS) {
    const expected = stops.filter((stop) => stop.day === day).sort(inOrder).map(({ id }) => id);
    assert.deepEqual(store.list(`day:${day ?? "none"}`).peek(), expected);
  }
  assert.deepEqual(store.list("days").peek(), days.filter((day) => day !== null).sort().map(String));
  const used = new Set(stops.map(({ activity_id }) => activity_id));
  const ideas = store.all("activity").filter(({ id, view }) => view.peek() && !used.has(id)).map(({ id }) => id);
  assert.deepEqual([...store.list("ideas").peek()].sort(), ideas.sort());
  assert.equal(store.pendingCount.peek(), store.pending.filter(({ ack }) => ack === null).length);
}

for (let seed = 1; seed <= WORLDS; seed += 1) {
  test(`world ${seed}: whatever happens, everybody ends with what the server has`, async () => {
    const world = new World(seed);
    for (let step = 0; step < STEPS; step += 1) await world.step();
    await world.quiet();
    for (const { store, sign } of world.people) {
      assert.deepEqual(store.pending, []);
      assert.equal(store.pendingCount.value, 0);
      assert.deepEqual(confirmed(store), sortedById(world.server.snapshot()));
      for (const kind of /** @type {Kind[]} */ (["itinerary", "activity", "budget", "trip"])) {
        for (const cell of store.all(kind)) assert.deepEqual(cell.view.value, cell.confirmed);
      }
      checkLists(store);
      assert.equal(sign.value, "live");
    }
    for (const person of world.people) person.close();
    assert.equal(world.clock.waiting, 0, "no timer outlives a closed trip");
  });
}

/** A trip page and its server: what goes over the line, and what survives it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_WITHIN } from "#realtime/queue.js";
import { CHANGE_WITHIN, connectTrip } from "#realtime/trip.js";

import { HandClock, settled } from "./clock.js";
import { lineTo } from "./line.js";
import { Server } from "./server.js";

/** @import { Line } from "./line.js" */

/** @param {Partial<import("#realtime/trip.js").TripOptions>} [options] */
async function aliceAtHerDesk(options = {}) {
  const clock = new HandClock();
  const server = new Server();
  server.mutate("bob", { type: "itinerary_update", mutation_id: "b1", data: { id: "louvre", day: 1, activity: "Louvre" } });
  const trip = connectTrip({
    tripId: "t", userId: "alice", role: "editor", snapshot: server.snapshot(), url: "ws://here/api/v1/ws/alice", clock, wakers: null,
    random: () => 1, isOnline: () => true, WebSocketImpl: lineTo(server), ...options,
  });
  await settled();
  const line = () => /** @type {Line} */ ([...server.lines].at(-1));
  /** Everything that is on the way arrives. */
  const flow = () => {
    for (let turn = 0; turn < 5; turn += 1) {
      while (line().read());
      line().deliver();
    }
  };
  const note = (/** @type {string} */ notes) => trip.store.propose({ kind: "itinerary", id: "louvre", data: { notes } });
  const shown = () => trip.store.cell("itinerary", "louvre").view.value?.notes;
  const stored = () => server.snapshot().itinerary[0].notes;
  return { clock, server, trip, line, flow, note, shown, stored };
}

test("an edit is sent, stored, and no longer pending", async () => {
  const { flow, line, note, stored, trip } = await aliceAtHerDesk();
  flow();
  note("Book");
  assert.equal(line().up[0].type, "itinerary_update");
  flow();
  assert.deepEqual([stored(), trip.store.pending.length, trip.store.pendingCount.value], ["Book", 0, 0]);
});

test("one mutation is on the way at a time; what is typed meanwhile goes as one", async () => {
  const { flow, line, note, stored } = await aliceAtHerDesk();
  flow();
  for (const text of ["B", "Bo", "Boo", "Book"]) note(text);
  assert.deepEqual(line().up.map(({ data }) => data.notes), ["B"]);
  line().read();
  line().deliver();
  assert.deepEqual(line().up.map(({ data }) => data.notes), ["Book"]);
  flow();
  assert.equal(stored(), "Book");
});

test("the server is stopped and started: nothing that was written is lost, or stored twice", async () => {
  const { clock, flow, note, server, shown, stored, trip } = await aliceAtHerDesk();
  flow();
  note("Book");
  server.stop(4503);
  note("Book online");
  trip.store.propose({ kind: "trip", id: "t", data: { title: "Paris in April" } });
  assert.equal(shown(), "Book online");
  assert.equal(trip.store.pendingCount.value, 3);
  await clock.pass(1_000);
  flow();
  assert.deepEqual([stored(), server.snapshot().trip.title, trip.store.pendingCount.value], ["Book online", "Paris in April", 0]);
  assert.equal(server.seq, 4);
});

test("an answer that got lost is asked for again, and nothing is stored twice", async () => {
  const { clock, flow, line, note, server, trip } = await aliceAtHerDesk();
  flow();
  note("Book");
  line().read();
  server.stop();
  await clock.pass(1_000);
  flow();
  assert.deepEqual([server.seq, trip.store.pending.length], [2, 0]);
});

test("a connection that was away is told what it missed", async () => {
  const { clock, flow, line, server, shown } = await aliceAtHerDesk();
  flow();
  server.stop();
  server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", data: { id: "louvre", notes: "Closed" } });
  await clock.pass(1_000);
  line().deliver();
  assert.deepEqual(line().up, [{ type: "join_trip", trip_id: "t", since: 1 }]);
  flow();
  assert.equal(shown(), "Closed");
});

test("a change that got lost is fetched when the next one shows the hole", async () => {
  const { flow, line, server, shown, trip } = await aliceAtHerDesk();
  flow();
  server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", data: { id: "louvre", notes: "Closed" } });
  line().down.length = 0;
  server.mutate("bob", { type: "trip_update", mutation_id: "b3", data: { title: "Paris in April" } });
  server.mutate("bob", { type: "trip_update", mutation_id: "b4", data: { title: "April" } });
  line().deliver();
  assert.deepEqual(line().up, [{ type: "join_trip", trip_id: "t", since: 1 }], "asked for once");
  flow();
  assert.deepEqual([shown(), trip.store.trip().view.value?.title], ["Closed", "April"]);
});

test("my own change that got lost is fetched though nobody changes anything after it", async () => {
  const { clock, flow, line, note, trip } = await aliceAtHerDesk();
  flow();
  note("Book");
  line().read();
  line().down = line().down.filter(({ type }) => type === "ack");
  line().deliver();
  assert.deepEqual([trip.store.pendingCount.value, trip.store.pending.length], [0, 1]);
  await clock.pass(CHANGE_WITHIN);
  flow();
  assert.equal(trip.store.pending.length, 0);
});

for (const code of ["rate_limited", "unavailable"]) {
  test(`${code} is waited out in place, with the same mutation_id`, async () => {
    const { clock, flow, line, note, server, stored, trip } = await aliceAtHerDesk();
    flow();
    server.putOff = () => ({ code, retry_after: 2 });
    const id = note("Book");
    flow();
    trip.store.propose({ kind: "trip", id: "t", data: { title: "April" } });
    await clock.pass(1_999);
    assert.deepEqual(line().up, [], "the second does not overtake the first");
    server.putOff = () => null;
    await clock.pass(1);
    assert.equal(line().up[0].mutation_id, id);
    flow();
    assert.deepEqual([stored(), server.snapshot().trip.title, trip.store.problems.value], ["Book", "April", []]);
  });
}

test("a refusal that does not say of what is waited out too", async () => {
  const { clock, flow, line, note, stored } = await aliceAtHerDesk();
  flow();
  note("Book");
  line().up.length = 0;
  line().down.push({ type: "error", code: "rate_limited", message: "Slow down.", retry_after: 1 });
  line().deliver();
  await clock.pass(1_000);
  flow();
  assert.equal(stored(), "Book");
});

test("a mutation without an answer goes out again", async () => {
  const { clock, flow, line, note, stored } = await aliceAtHerDesk();
  flow();
  note("Book");
  line().up.length = 0;
  await clock.pass(ANSWER_WITHIN);
  flow();
  assert.equal(stored(), "Book");
});

test("joining that is put off is tried again", async () => {
  const { clock, flow, line, trip } = await aliceAtHerDesk();
  line().deliver();
  line().up.length = 0;
  line().down.push({ type: "error", code: "rate_limited", message: "Slow down.", trip_id: "t", retry_after: 1 });
  line().deliver();
  await clock.pass(1_000);
  flow();
  trip.store.propose({ kind: "trip", id: "t", data: { title: "April" } });
  flow();
  assert.equal(trip.store.pending.length, 0);
});

test("without a snapshot on the page the first answer brings one", async () => {
  const { flow, line, shown } = await aliceAtHerDesk({ snapshot: undefined });
  line().deliver();
  assert.deepEqual(line().up, [{ type: "join_trip", trip_id: "t" }]);
  flow();
  assert.equal(shown(), "");
});

test("a role that changes while I am here is seen at once", async () => {
  const { flow, line, server, trip } = await aliceAtHerDesk();
  flow();
  server.mutate("bob", { type: "member_update", mutation_id: "b2", data: { user_id: "alice", role: "viewer" } });
  line().deliver();
  assert.equal(trip.role.value, "viewer");
});

test("a trip that is no longer shared with me is lost, and comes back when it is", async () => {
  const { flow, line, trip } = await aliceAtHerDesk();
  flow();
  line().down.push({ type: "trip_unshared", trip_id: "t" });
  line().deliver();
  assert.equal(trip.lost.value, "not_found");
  line().down.push({ type: "trip_shared", trip_id: "t" });
  line().deliver();
  flow();
  assert.equal(trip.lost.value, null);
});

test("a trip that was lost while it was being joined anew comes back too, with what waited for it", async () => {
  const { flow, line, note, server, stored, trip } = await aliceAtHerDesk();
  flow();
  server.mutate("bob", { type: "trip_update", mutation_id: "b2", data: { title: "April" } });
  line().down.length = 0;
  server.mutate("bob", { type: "trip_update", mutation_id: "b3", data: { title: "May" } });
  line().deliver();
  assert.equal(line().up.shift().type, "join_trip");
  line().down.push({ type: "error", code: "not_found", message: "There is no such trip.", trip_id: "t" });
  line().deliver();
  assert.equal(trip.lost.value, "not_found");
  note("Book");
  line().down.push({ type: "trip_shared", trip_id: "t" });
  line().deliver();
  flow();
  assert.deepEqual([trip.lost.value, stored()], [null, "Book"]);
});

test("a trip that is gone when I come back is lost", async () => {
  const { line, trip } = await aliceAtHerDesk();
  line().deliver();
  line().down.push({ type: "error", code: "not_found", message: "There is no such trip.", trip_id: "t" });
  line().deliver();
  assert.equal(trip.lost.value, "not_found");
});

test("messages of another trip are none of ours", async () => {
  const { flow, line, trip } = await aliceAtHerDesk();
  flow();
  line().down.push({ type: "trip_updated", trip_id: "rome", seq: 2, op: "set", id: "rome", data: { title: "Rome" } });
  line().deliver();
  assert.deepEqual([trip.store.seq, trip.store.trip().view.value?.title], [1, "Paris"]);
});

test("where I am is told once I am in, and again after a reconnect", async () => {
  const { clock, flow, line, server, trip } = await aliceAtHerDesk();
  trip.people.look({ view: "plan", focus: null });
  line().deliver();
  line().read();
  line().deliver();
  assert.deepEqual(line().up, [{ trip_id: "t", type: "presence", data: { view: "plan", focus: null } }]);
  trip.people.typing("trip:t.title");
  assert.deepEqual(line().up[1], { trip_id: "t", type: "typing", field: "trip:t.title", active: true });
  server.stop();
  await clock.pass(1_000);
  line().deliver();
  line().read();
  line().deliver();
  assert.equal(line().up[0].type, "presence");
  flow();
});

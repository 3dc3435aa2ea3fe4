/** What a person sees of a trip, whoever changes it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { effect } from "@preact/signals-core";

import { createStore } from "#realtime/store.js";

import { aliceInParis, change, paris, stop } from "./paris.js";

/** @param {import("#realtime/store.js").Store} store @param {string} id */
const shown = (store, id) => store.cell("itinerary", id).view.value;

test("a trip is its objects and the lists they are in", () => {
  const store = aliceInParis();
  assert.equal(store.trip().view.value?.title, "Paris");
  assert.deepEqual(store.list("day:1").value, ["louvre", "lunch"]);
  assert.deepEqual(store.list("days").value, ["1", "2"]);
  assert.deepEqual(store.list("ideas").value, ["orsay", "opera"]);
  assert.deepEqual(store.list("members").value, ["alice", "bob"]);
  assert.deepEqual(store.list("budget").value, ["food"]);
  assert.equal(shown(store, "nowhere"), null);
});

test("what Bob changes is seen, and only that is set anew", () => {
  const store = aliceInParis();
  const redrawn = new Map();
  const watch = (/** @type {string} */ name, /** @type {() => unknown} */ read) =>
    effect(() => {
      read();
      redrawn.set(name, (redrawn.get(name) ?? -1) + 1);
    });
  for (const id of ["louvre", "lunch", "walk"]) watch(id, () => store.cell("itinerary", id).view.value);
  for (const list of ["day:1", "day:2", "days", "ideas", "budget", "members"]) watch(list, () => store.list(list).value);
  watch("count", () => store.pendingCount.value);
  const touched = () => {
    const names = [...redrawn].filter(([, times]) => times > 0).map(([name, times]) => `${name} ${times}`);
    for (const name of redrawn.keys()) redrawn.set(name, 0);
    return names;
  };

  store.receive(change(store, "itinerary", "louvre", { id: "louvre", notes: "Book" }));
  assert.deepEqual(touched(), ["louvre 1"]);
  store.receive(change(store, "itinerary", "louvre", { id: "louvre", notes: "Book" }));
  assert.deepEqual(touched(), [], "the same again is no news");
  store.receive(change(store, "itinerary", "lunch", { id: "lunch", position: "Zz" }));
  assert.deepEqual(touched(), ["lunch 1", "day:1 1"]);
  store.receive(change(store, "itinerary", "lunch", { id: "lunch", day: 2, position: "a1" }));
  assert.deepEqual(touched(), ["lunch 1", "day:1 1", "day:2 1"]);
  store.receive(change(store, "itinerary", "walk", { id: "walk", activity_id: "opera" }));
  assert.deepEqual(touched(), ["walk 1", "ideas 1"]);
  store.load({ ...paris(), seq: 20, itinerary: store.all("itinerary").map(({ confirmed }) => structuredClone(confirmed)).filter((one) => one !== null) });
  assert.deepEqual(touched(), [], "a fresh snapshot of the same trip redraws nothing");
  store.transact(() => {
    for (let turn = 0; turn < 50; turn += 1) store.receive(change(store, "itinerary", "walk", { notes: `${turn}` }));
  });
  assert.deepEqual(touched(), ["walk 1"], "a frame of fifty changes draws it once");
});

test("an edit shows at once, waits for the server, and does not flicker on the way", () => {
  const store = aliceInParis();
  const seen = /** @type {unknown[]} */ ([]);
  effect(() => void seen.push(store.cell("itinerary", "louvre").view.value?.time));
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "09:00" } });
  assert.equal(store.cell("itinerary", "louvre").pending.value, true);
  assert.equal(store.pendingCount.value, 1);

  store.acked({ mutation_id: id, seq: 12 });
  assert.equal(store.pendingCount.value, 0, "acknowledged is saved");
  store.receive(change(store, "itinerary", "louvre", { time: "23:00" }));
  store.receive(change(store, "itinerary", "louvre", { time: "09:00" }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual(seen, ["10:00", "09:00"]);
  assert.deepEqual(store.pending, []);
});

test("a change may come before its ack", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "09:00" } });
  store.receive(change(store, "itinerary", "louvre", { time: "09:00" }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual(store.pending, []);
  store.acked({ mutation_id: id, seq: 11 });
  assert.equal(shown(store, "louvre")?.time, "09:00");
});

test("what has come back of several changes is no longer mine to show, and the rest is", () => {
  const store = aliceInParis();
  const steps = ["louvre", "lunch"].map((id) => ({ kind: /** @type {const} */ ("itinerary"), id, data: { day: 2 } }));
  const id = store.propose({ steps });
  const sent = JSON.stringify(store.pending[0].steps.map(({ data }) => data));
  const mine = { updated_by: "alice", mutation_id: id };
  store.receive(change(store, "itinerary", "louvre", { day: 2, position: "a1" }, mine));
  store.receive(change(store, "itinerary", "louvre", { day: 1, position: "a0" }));
  assert.deepEqual(["louvre", "lunch"].map((each) => shown(store, each)?.day), [1, 2]);
  assert.deepEqual(["louvre", "lunch"].map((each) => store.cell("itinerary", each).pending.value), [false, true]);
  assert.equal(JSON.stringify(store.kept().pending[0].steps.map(({ data }) => data)), sent, "it goes out again as it was");
  store.receive(change(store, "itinerary", "lunch", { day: 2, position: "a1" }, mine));
  assert.deepEqual(store.pending, []);
});

test("somebody who sends my mutation_id does not take my edit away", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "09:00" } });
  store.receive(change(store, "itinerary", "louvre", { time: "23:00" }, { updated_by: "mallory", mutation_id: id }));
  assert.equal(shown(store, "louvre")?.time, "09:00");
  assert.equal(store.pendingCount.value, 1);
});

test("my edit stays on top of what Bob changes meanwhile, field by field", () => {
  const store = aliceInParis();
  store.propose({ kind: "itinerary", id: "louvre", data: { time: "09:00" } });
  store.receive(change(store, "itinerary", "louvre", { time: "23:00", notes: "Book" }));
  assert.equal(shown(store, "louvre")?.time, "09:00");
  assert.equal(shown(store, "louvre")?.notes, "Book");
});

test("a change seen before is dropped, and a hole asks for the trip anew", () => {
  const asked = /** @type {number[]} */ ([]);
  const store = createStore({ me: "alice", onGap: (since) => asked.push(since) });
  store.load(paris());
  store.receive({ ...change(store, "itinerary", "louvre", { time: "01:00" }), seq: 10 });
  store.receive({ ...change(store, "itinerary", "louvre", { time: "02:00" }), seq: 13 });
  assert.equal(shown(store, "louvre")?.time, "10:00");
  assert.deepEqual([store.seq, asked], [10, [10]]);
  store.skip(11);
  store.receive({ ...change(store, "itinerary", "louvre", { time: "03:00" }), seq: 12 });
  assert.equal(shown(store, "louvre")?.time, "03:00");
});

test("a kind that this page does not know yet only counts", () => {
  const store = aliceInParis();
  store.receive(change(store, "expense", "e1", { amount: 3 }));
  assert.equal(store.seq, 11);
});

test("a refused edit is undone, and what I wrote is kept beside its field", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "25:30" } });
  store.refused({ code: "invalid", message: "No.", mutation_id: id, fields: { time: ["“25:30” is not a time."] } });
  assert.equal(shown(store, "louvre")?.time, "10:00");
  const problem = store.problem("itinerary:louvre.time").value;
  assert.equal(problem?.message, "“25:30” is not a time.");
  assert.equal(problem?.mine, "25:30");
  assert.equal(store.problems.value.length, 1);
  store.propose({ kind: "itinerary", id: "louvre", data: { time: "19:30" } });
  assert.equal(store.problem("itinerary:louvre.time").value, null, "a new try settles it");
  assert.deepEqual(store.problems.value, []);
});

test("a conflict keeps both: theirs with who and when, and mine", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "19:30" }, base_seq: 10 });
  const current = { seq: 11, updated_by: "bob", timestamp: "2026-04-12T10:00:00Z", data: { time: "20:30" } };
  store.refused({ code: "conflict", message: "Bob changed this.", mutation_id: id, current });
  const problem = store.problem("itinerary:louvre.time").value;
  assert.deepEqual(problem?.theirs, { value: "20:30", seq: 11, by: "bob", at: "2026-04-12T10:00:00Z" });
  assert.equal(problem?.mine, "19:30");
});

test("who mends a word of theirs has not yet chosen between the two; who writes mine has", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book by phone" }, base_seq: 10 });
  const current = { seq: 11, updated_by: "bob", timestamp: "", data: { notes: "Book onlin" } };
  store.refused({ code: "conflict", message: "Bob changed this.", mutation_id: id, current });
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book online" }, base_seq: 11 });
  assert.deepEqual(store.problems.value.map(({ mine }) => mine), ["Book by phone"]);
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book by phone" }, base_seq: 11 });
  assert.deepEqual(store.problems.value, []);
});

test("a refused text goes only when it is written again, or closed", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book by phone" } });
  store.refused({ code: "internal", message: "This went wrong here.", mutation_id: id });
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book online" } });
  assert.deepEqual(store.problems.value.map(({ mine }) => mine.notes), ["Book by phone"]);
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book by phone" } });
  assert.deepEqual(store.problems.value, []);
});

test("a refused role goes when another is chosen: nobody wrote it", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "member", id: "bob", data: { role: "viewer" } });
  store.refused({ code: "read_only", message: "Only owners say who takes part.", mutation_id: id });
  store.propose({ kind: "member", id: "bob", data: { role: "owner" } });
  assert.deepEqual(store.problems.value, []);
});

test("a conflict in which both wrote the same is none", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "20:30" }, base_seq: 10 });
  const current = { seq: 11, updated_by: "bob", timestamp: "", data: { time: "20:30" } };
  store.refused({ code: "conflict", message: "Bob changed this.", mutation_id: id, current });
  assert.deepEqual(store.problems.value, []);
});

test("what has no field is a problem of the object, with all that I wanted", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  store.refused({ code: "read_only", message: "Viewers cannot change the plan.", mutation_id: id });
  assert.deepEqual(store.problem("itinerary:louvre").value?.mine, { id: "louvre", notes: "Book" });
  store.dismiss("itinerary:louvre");
  assert.deepEqual(store.problems.value, []);
});

test("edits that were merged on the way are judged one by one when they are refused together", () => {
  const store = aliceInParis();
  store.propose({ kind: "itinerary", id: "louvre", data: { time: "25:30" } });
  const merged = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  store.propose({ kind: "trip", id: "t", data: { title: "April" } });
  assert.equal(store.pending.length, 2);
  store.refused({ code: "invalid", message: "No.", mutation_id: merged, fields: { time: ["Not a time."] } });
  assert.deepEqual(store.problems.value, []);
  const [time, notes, title] = store.pending;
  assert.equal(title.steps[0].kind, "trip", "they keep their place");
  store.refused({ code: "invalid", message: "No.", mutation_id: time.mutation_id, fields: { time: ["Not a time."] } });
  assert.equal(store.problem("itinerary:louvre.time").value?.mine, "25:30");
  assert.deepEqual(notes.steps[0].data, { id: "louvre", notes: "Book" });
  assert.equal(shown(store, "louvre")?.notes, "Book");
});

test("a new stop has a place in its day before the server has given it one", () => {
  const store = aliceInParis();
  store.propose({ kind: "itinerary", id: "tea", data: { day: 1, activity: "Tea", after: "louvre" } });
  assert.deepEqual(store.list("day:1").value, ["louvre", "tea", "lunch"]);
  assert.equal("after" in (shown(store, "tea") ?? {}), false);
  store.propose({ kind: "itinerary", id: "walk", data: { day: 1, after: "tea" } });
  assert.deepEqual(store.list("day:1").value, ["louvre", "tea", "walk", "lunch"]);
  assert.deepEqual(store.list("days").value, ["1"]);
  store.propose({ kind: "itinerary", id: "lunch", data: { after: null } });
  store.propose({ kind: "itinerary", id: "louvre", data: { day: null } });
  assert.deepEqual(store.list("day:1").value, ["lunch", "tea", "walk"]);
  assert.deepEqual(store.list("day:none").value, ["louvre"]);
});

test("a stop that I placed stays behind its neighbour when the server puts that one elsewhere", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "tea", data: { day: 1, activity: "Tea", after: "louvre" } });
  store.pending[0].sent = true;
  store.propose({ kind: "itinerary", id: "cake", data: { day: 1, activity: "Cake", after: "tea" } });
  const data = stop({ id: "tea", day: 1, activity: "Tea", position: "a9" });
  store.receive(change(store, "itinerary", "tea", { ...data }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual(store.list("day:1").value, ["louvre", "lunch", "tea", "cake"]);
});

test("putting an idea on a day takes it from the ideas; removing it there brings it back", () => {
  const store = aliceInParis();
  store.propose({ kind: "itinerary", id: "visit", data: { day: 2, activity_id: "orsay" } });
  assert.equal(shown(store, "visit")?.activity, "Musée d’Orsay");
  assert.deepEqual(store.list("ideas").value, ["opera"]);
  store.propose({ kind: "itinerary", id: "visit", op: "remove" });
  assert.deepEqual(store.list("ideas").value, ["orsay", "opera"]);
});

test("Undo shows a removed stop again where it was", () => {
  const store = aliceInParis();
  store.receive(change(store, "itinerary", "louvre", { id: "louvre" }, { op: "remove" }));
  assert.equal(shown(store, "louvre"), null);
  store.propose({ kind: "itinerary", id: "louvre", op: "restore" });
  assert.deepEqual(store.list("day:1").value, ["louvre", "lunch"]);
  assert.equal(shown(store, "louvre")?.time, "10:00");
});

test("an edit of what somebody removed meanwhile conjures up nothing", () => {
  const store = aliceInParis();
  store.receive(change(store, "itinerary", "louvre", { id: "louvre" }, { op: "remove" }));
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  assert.equal(shown(store, "louvre"), null);
  assert.deepEqual(store.list("day:1").value, ["lunch"]);
});

test("a stop keeps what it showed of an activity that is removed", () => {
  const store = aliceInParis();
  store.receive(change(store, "itinerary", "walk", { activity_id: "orsay", cost: 5 }));
  store.propose({ kind: "activity", id: "orsay", op: "remove" });
  assert.equal(shown(store, "walk")?.activity_id, null);
  assert.equal(shown(store, "walk")?.place, "7e");
  assert.equal(shown(store, "walk")?.cost, 5);
});

test("several steps go as one, and come back one by one", () => {
  const store = aliceInParis();
  const id = store.propose({
    steps: [
      { kind: "activity", id: "eiffel", data: { name: "Eiffel" } },
      { kind: "itinerary", id: "tower", data: { day: 1, activity_id: "eiffel", activity: "Eiffel" } },
    ],
  });
  assert.equal(store.pendingCount.value, 1);
  store.receive(change(store, "activity", "eiffel", { activity_id: "eiffel", name: "Eiffel" }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual(store.list("day:1").value, ["louvre", "lunch", "tower"], "the second is still on top");
  store.acked({ mutation_id: id, seq: 12 });
  assert.equal(store.pending.length, 1);
  store.skip(12);
  assert.equal(store.pending.length, 0);
});

test("a snapshot keeps what is pending on top, and drops what it contains", () => {
  const store = aliceInParis();
  const stored = store.propose({ kind: "trip", id: "t", data: { title: "Paris in April" } });
  store.pending[0].sent = true;
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  store.acked({ mutation_id: stored, seq: 12 });
  store.load({ ...paris(), seq: 14, trip: { ...paris().trip, title: "April" }, itinerary: paris().itinerary.slice(0, 1) });
  assert.equal(store.trip().view.value?.title, "April");
  assert.equal(shown(store, "louvre")?.notes, "Book");
  assert.deepEqual(store.list("day:1").value, ["louvre"]);
  assert.deepEqual(store.list("days").value, ["1"]);
});

test("new ideas stand behind the old ones, mine behind everybody's until it is stored", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "activity", id: "mine", data: { name: "Mine" } });
  store.receive(change(store, "activity", "bobs", { activity_id: "bobs", name: "Bob's" }));
  assert.deepEqual(store.list("ideas").value, ["orsay", "opera", "bobs", "mine"]);
  store.receive(change(store, "activity", "mine", { activity_id: "mine", name: "Mine" }, { updated_by: "alice", mutation_id: id }));
  store.receive(change(store, "activity", "last", { activity_id: "last", name: "Last" }));
  assert.deepEqual(store.list("ideas").value, ["orsay", "opera", "bobs", "mine", "last"]);
});

test("listeners are told what changed, from what, and whether it was me", () => {
  const store = aliceInParis();
  const heard = /** @type {any[]} */ ([]);
  const stop = store.listen((event) => {
    if (event.type === "change") heard.push([event.change.id, event.before?.time, event.mine]);
    else if (event.type === "refused") heard.push(event.error.code);
  });
  store.receive(change(store, "itinerary", "louvre", { time: "11:00" }));
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { time: "12:00" } });
  store.receive(change(store, "itinerary", "louvre", { time: "12:00" }, { updated_by: "alice", mutation_id: id }));
  const other = store.propose({ kind: "trip", id: "t", data: { title: "" } });
  store.refused({ code: "invalid", message: "No.", mutation_id: other });
  stop();
  store.receive(change(store, "itinerary", "louvre", { time: "13:00" }));
  assert.deepEqual(heard, [["louvre", "10:00", false], ["louvre", "11:00", true], "invalid"]);
});

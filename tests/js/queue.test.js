/** What goes out when, and what is merged while it waits. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_WITHIN, enqueue, entryOf, next, resend, sent, toMessage, waitOut } from "#realtime/queue.js";

/**
 * @import { Data, Kind } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 */

/** @param {string} id @param {Data} data @param {Partial<Step>} [more] @returns {Step} */
const step = (id, data, more = {}) => ({
  kind: "itinerary", id, op: "set", data: { id, ...data }, shown: data, creates: false, effect: false, ...more,
});

/** @param {Entry[]} pending @param {string} id @param {Data} data @param {number} [base_seq] */
const edit = (pending, id, data, base_seq) => enqueue(pending, entryOf(`m${pending.length + 1}`, [step(id, data)], base_seq));

/** @param {Entry[]} pending */
const bodies = (pending) => pending.map(({ steps }) => steps[0].data);

test("one mutation is out at a time, and goes again only when it is long without an answer", () => {
  const pending = /** @type {Entry[]} */ ([]);
  const first = edit(pending, "louvre", { notes: "a" });
  assert.deepEqual(next(pending, 0), { send: first });
  sent(first, 0);
  edit(pending, "lunch", { notes: "b" });
  assert.deepEqual(next(pending, 0), { wait: ANSWER_WITHIN });
  assert.deepEqual(next(pending, ANSWER_WITHIN), { send: first });
  first.ack = 4;
  assert.deepEqual(next(pending, 0), { send: pending[1] });
  pending[1].ack = 5;
  assert.equal(next(pending, 0), null);
});

test("what waits is merged field by field", () => {
  const pending = /** @type {Entry[]} */ ([]);
  sent(edit(pending, "louvre", { notes: "a" }), 0);
  for (const notes of ["b", "bc", "bcd"]) edit(pending, "louvre", { notes });
  edit(pending, "louvre", { time: "10:00" });
  edit(pending, "lunch", { notes: "x" });
  edit(pending, "louvre", { place: "1er" });
  assert.deepEqual(bodies(pending), [
    { id: "louvre", notes: "a" },
    { id: "louvre", notes: "bcd", time: "10:00", place: "1er" },
    { id: "lunch", notes: "x" },
  ]);
});

test("two hundred edits made on a flight are as many mutations as there are stops", () => {
  const pending = /** @type {Entry[]} */ ([]);
  for (let turn = 0; turn < 200; turn += 1) edit(pending, `s${turn % 8}`, { [turn % 2 ? "notes" : "place"]: `${turn}` });
  assert.equal(pending.length, 8);
});

test("an edit does not overtake what its meaning depends on", () => {
  const pending = /** @type {Entry[]} */ ([]);
  edit(pending, "louvre", { notes: "a" });
  edit(pending, "lunch", { day: 2 });
  edit(pending, "louvre", { day: 2, after: "lunch" });
  assert.equal(pending.length, 3);
  enqueue(pending, entryOf("m4", [step("lunch", {}, { op: "remove" })]));
  edit(pending, "louvre", { notes: "b" });
  assert.equal(pending.length, 5);
});

test("moves of one stop are one move, to where it went last", () => {
  const pending = /** @type {Entry[]} */ ([]);
  edit(pending, "louvre", { day: 2, after: "walk" });
  edit(pending, "louvre", { notes: "a" });
  assert.deepEqual(bodies(pending), [{ id: "louvre", day: 2, after: "walk", notes: "a" }]);
  edit(pending, "louvre", { day: 3 });
  assert.deepEqual(bodies(pending), [{ id: "louvre", day: 3, notes: "a" }]);
});

test("guarded and unguarded edits do not mix, and a merged guard is the oldest", () => {
  const pending = /** @type {Entry[]} */ ([]);
  edit(pending, "louvre", { notes: "a" }, 7);
  edit(pending, "louvre", { notes: "b" }, 9);
  assert.deepEqual([pending.length, pending[0].base_seq], [1, 7]);
  edit(pending, "louvre", { day: 2 });
  assert.equal(pending.length, 2);
});

test("patience asked for is patience given, in place", () => {
  const pending = /** @type {Entry[]} */ ([]);
  const first = edit(pending, "louvre", { notes: "a" });
  edit(pending, "lunch", { notes: "b" });
  sent(first, 0);
  waitOut(first, 2, 1_000);
  assert.deepEqual(next(pending, 1_500), { wait: 1_500 });
  assert.deepEqual(next(pending, 3_000), { send: first });
  sent(first, 3_000);
  resend(pending);
  assert.deepEqual(next(pending, 3_000), { send: first }, "a new connection has not heard of it");
});

test("an entry is written as the protocol has it", () => {
  assert.deepEqual(toMessage(entryOf("m1", [step("louvre", { time: "10:00" })], 7), "t"), {
    type: "itinerary_update", trip_id: "t", mutation_id: "m1", base_seq: 7, data: { id: "louvre", time: "10:00" },
  });
  const removal = step("a1", {}, { kind: /** @type {Kind} */ ("activity"), op: "remove", data: { activity_id: "a1" } });
  const effect = step("louvre", { activity_id: null }, { effect: true });
  assert.deepEqual(toMessage(entryOf("m2", [removal, effect]), "t"), {
    type: "activity_update", trip_id: "t", mutation_id: "m2", op: "remove", data: { activity_id: "a1" },
  });
  assert.deepEqual(toMessage(entryOf("m3", [removal, step("lunch", { day: 2 })]), "t"), {
    type: "batch", trip_id: "t", mutation_id: "m3",
    mutations: [
      { type: "activity_update", op: "remove", data: { activity_id: "a1" } },
      { type: "itinerary_update", data: { id: "lunch", day: 2 } },
    ],
  });
});

/** How people write times and lengths, and what lies between two stops. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { gapBetween, lengthOf, parseLength, parseTime } from "#trips/times.js";

/** @type {[string, string | null][]} */
const TIMES = [
  ["19:30", "19:30"], ["7:30 PM", "19:30"], ["7pm", "19:00"], ["12 am", "00:00"], ["12:05 p.m.", "12:05"], ["9", "09:00"],
  ["9.15", "09:15"], ["19h30", "19:30"], ["0815", "08:15"], [" ", null],
];
for (const [text, value] of TIMES) {
  test(`“${text}” is ${value ?? "no time"}`, () => assert.deepEqual(parseTime(text), { value }));
}

for (const text of ["25:30", "13 pm", "10:60", "noon", "7:3"]) {
  test(`“${text}” is not a time, and the sentence says how to write one`, () => {
    assert.deepEqual(parseTime(text), { wrong: `“${text}” is not a time. Write 19:30 or 7:30 PM.` });
  });
}

/** @type {[string, number | null][]} */
const LENGTHS = [["1 h 15", 75], ["90 min", 90], ["1:15", 75], ["1h", 60], ["90", 90], ["1.5 h", 90], ["1,5h", 90], ["2 hours 5 minutes", 125], ["", null]];
for (const [text, value] of LENGTHS) {
  test(`“${text}” lasts ${value ?? "unknown"}`, () => assert.deepEqual(parseLength(text), { value }));
}

test("what is no length is said, and so is one that is too long", () => {
  assert.deepEqual(parseLength("long"), { wrong: "“long” is not a length of time. Write 1 h 15 or 90 min." });
  assert.deepEqual(parseLength("800 h"), { wrong: "A stop lasts a month at most." });
});

test("a length is written as it is read, and read again the same", () => {
  for (const minutes of [0, 5, 60, 65, 75, 135]) assert.deepEqual(parseLength(lengthOf(minutes)), { value: minutes });
  assert.deepEqual([lengthOf(75), lengthOf(60), lengthOf(45), lengthOf(null)], ["1 h 15", "1 h", "45 min", ""]);
});

test("between two stops there is free time, an overlap, or nothing to say", () => {
  const noon = { time: "12:00", duration: 60, category: "food" };
  assert.deepEqual(gapBetween(noon, { time: "14:30" }), { clash: false, text: "1 h 30 free" });
  assert.deepEqual(gapBetween(noon, { time: "12:45" }), { clash: true, text: "Overlaps by 15 min" });
  assert.deepEqual(gapBetween(noon, { time: "13:00" }), { clash: false, text: "" });
  assert.deepEqual(gapBetween(noon, { time: null }), { clash: false, text: "" });
  assert.deepEqual(gapBetween({ ...noon, duration: null }, { time: "14:30" }), { clash: false, text: "" });
  assert.deepEqual(gapBetween(noon, { time: "09:00" }), { clash: true, text: "Starts before 12:00" });
  assert.deepEqual(gapBetween({ ...noon, category: "stay", duration: 900 }, { time: "14:30" }), { clash: false, text: "" });
});

/** What is read out of what others do, and how often; and how long a toast stays. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Voice, sentence } from "#trips/announce.js";
import { LASTS, Toasts } from "#trips/toast.js";
import { HandClock } from "./clock.js";

const news = (what = "Louvre", who = "Camille", verb = "changed", where = "Tue 13") => ({ who, verb, what, where });

test("one change is said as it is", () => {
  assert.equal(sentence([news()]), "Camille changed Louvre");
  assert.equal(sentence([news("Louvre", "Camille", "added")]), "Camille added Louvre to Tue 13");
  assert.equal(sentence([news("Louvre", "Camille", "changed"), news("Louvre", "Camille", "moved")]), "Camille changed Louvre");
});

test("several are one sentence", () => {
  assert.equal(sentence([news("a"), news("b"), news("c")]), "Camille changed 3 stops of Tue 13");
  assert.equal(sentence([news("a"), news("b", "Mei", "changed", "Wed 14")]), "Camille and Mei made 2 changes");
  assert.equal(sentence([news("a", "Mei", "added"), news("b", "Mei", "removed")]), "Mei changed 2 stops of Tue 13");
});

test("at most one sentence each five seconds", async () => {
  const clock = new HandClock();
  const voice = new Voice(clock);
  voice.tell(news());
  await clock.pass(400);
  assert.equal(voice.polite.value, "Camille changed Louvre");
  for (const what of ["a", "b", "c"]) voice.tell(news(what));
  await clock.pass(4_000);
  assert.equal(voice.polite.value, "Camille changed Louvre");
  await clock.pass(1_000);
  assert.equal(voice.polite.value, "Camille changed 3 stops of Tue 13");
});

test("a step of my own is said at once, also when it is the same again", () => {
  const voice = new Voice(new HandClock());
  voice.say("Tue 13, 1st of 1");
  const first = voice.now.value;
  voice.say("Tue 13, 1st of 1");
  assert.notEqual(voice.now.value, first);
  assert.equal(voice.now.value.trim(), first);
});

test("a toast goes after a while, but not while it is read, and one that stays only by hand", async () => {
  const clock = new HandClock();
  const toasts = new Toasts(clock);
  const text = () => toasts.shown.value?.text;
  toasts.show({ text: "Removed Louvre" });
  await clock.pass(LASTS - 1);
  toasts.hold();
  await clock.pass(60_000);
  assert.equal(text(), "Removed Louvre");
  toasts.leave();
  await clock.pass(LASTS);
  assert.equal(text(), undefined);
  toasts.show({ text: "Not saved", stays: true });
  await clock.pass(60_000);
  assert.equal(text(), "Not saved");
});

test("a toast is told when it goes, by hand or for another one, but not when what it offers is done", () => {
  const toasts = new Toasts(new HandClock());
  const told = /** @type {string[]} */ ([]);
  const toast = (/** @type {string} */ text) => ({ text, action: { label: "Undo", run: () => {} }, stays: true, closed: () => told.push(text) });
  for (const text of ["Louvre", "Lunch", "Walk"]) toasts.show(toast(text));
  toasts.act();
  toasts.show(toast("Opera"));
  toasts.close();
  assert.deepEqual(told, ["Louvre", "Lunch", "Opera"]);
});

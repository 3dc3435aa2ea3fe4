/** A tab may die at any moment: what somebody has written is in its note before the next write, and after it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TYPING } from "#realtime/keep.js";
import { Add } from "#trips/add.js";
import { DatesFact } from "#trips/dates-field.js";
import { FieldEdit } from "#trips/field-edit.js";
import { Refusals } from "#trips/refusals.js";

import { deskOf, draw } from "./page.js";
import { Desk, rest } from "./tabs.js";

/** @import { Tab } from "./tabs.js" */

const NOTES = /** @type {const} */ ({ kind: "itinerary", id: "louvre", field: "notes" });

async function aliceOffline() {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  tab.goOffline();
  return { desk, tab, page: deskOf(tab) };
}

/** A refusal of the server, on the page. @param {object} refusal */
async function aliceRefused(refusal) {
  const scene = await aliceOffline();
  const { tab } = scene;
  tab.store.refused({ mutation_id: tab.edit("louvre", { notes: "Book" }, 1), message: "No.", .../** @type {any} */ (refusal) });
  await rest();
  return { ...scene, card: await draw(scene.page, Refusals, { kind: "itinerary", id: "louvre" }) };
}

/** It dies when one more write is done: what has the next tab of it? @param {Desk} desk @param {Tab} tab @param {() => unknown} work */
async function leftBy(desk, tab, work) {
  desk.browser.quick = false;
  await work();
  await rest();
  tab.die(1);
  desk.browser.quick = true;
  const { store } = await desk.tab();
  const steps = store.pending.flatMap((entry) => entry.steps);
  const wrote = steps.map(({ data }) => data.notes ?? data.name ?? data.end_date ?? data.day);
  return { wrote, drafts: [...store.drafts.keys()], problems: store.problems.peek().map(({ mine }) => mine) };
}

const ONCE = { wrote: ["Book"], drafts: [], problems: [] };

test("a field that is left", async () => {
  const { desk, tab, page } = await aliceOffline();
  const edit = new FieldEdit(page, NOTES);
  edit.begin().typed("Book");
  await desk.clock.pass(2 * TYPING);
  assert.deepEqual(await leftBy(desk, tab, () => edit.save()), ONCE);
});

test("a line that is added to a list", async () => {
  const { desk, tab, page } = await aliceOffline();
  page.screen.adding.value = "ideas";
  const add = (/** @type {string} */ name) => page.store.propose({ kind: "activity", id: "idea", data: { name } });
  const line = await draw(page, Add, { list: "ideas", label: "Add", hint: "", add });
  await line.write("Book");
  await desk.clock.pass(2 * TYPING);
  assert.deepEqual(await leftBy(desk, tab, () => line.type("Enter")), ONCE);
});

test("my version, chosen of two", async () => {
  const current = { seq: 2, updated_by: "bob", timestamp: "", data: { notes: "Closed" } };
  const { desk, tab, card } = await aliceRefused({ code: "conflict", current });
  assert.deepEqual(await leftBy(desk, tab, () => card.press("Use my Book")), ONCE);
});

test("what is sent once more", async () => {
  const { desk, tab, card } = await aliceRefused({ code: "internal" });
  assert.deepEqual(await leftBy(desk, tab, () => card.press("Save it now")), ONCE);
});

test("what is laid aside", async () => {
  const { desk, tab, page } = await aliceOffline();
  new FieldEdit(page, NOTES).begin().typed("Book");
  await desk.clock.pass(2 * TYPING);
  const left = await leftBy(desk, tab, () => page.store.layAside("itinerary:louvre.notes"));
  assert.deepEqual(left, { wrote: [], drafts: [], problems: ["Book"] });
});

/** Alice has made the trip a day shorter, and is asked whether its last stop may go. */
async function aliceShortens() {
  const desk = new Desk();
  desk.server.mutate("bob", { type: "trip_update", mutation_id: "b2", data: { start_date: "2026-04-12", end_date: "2026-04-13" } });
  desk.server.mutate("bob", { type: "itinerary_update", mutation_id: "b3", data: { id: "walk", day: 2, activity: "Walk" } });
  const tab = await desk.tab();
  await desk.flow();
  tab.goOffline();
  const page = deskOf(tab);
  const dates = await draw(page, DatesFact);
  await dates.press("Sun 12 – Mon 13 Apr 2026");
  await dates.write("2026-04-12", "[data-field$=end_date]");
  await desk.clock.pass(2 * TYPING);
  await dates.press("Done");
  return { desk, tab, page, dates };
}

test("dates, while there is a question about them", async () => {
  const { desk, tab } = await aliceShortens();
  assert.deepEqual(await leftBy(desk, tab, () => {}), { wrote: [], drafts: ["trip:t.end_date"], problems: [] });
});

test("dates, once it is answered", async () => {
  const { desk, tab, page } = await aliceShortens();
  const answer = () => page.dialogs.asked.peek()?.answer(true);
  assert.deepEqual(await leftBy(desk, tab, answer), { wrote: ["2026-04-12", null], drafts: [], problems: [] });
});

test("dates that stay as they were leave nothing behind", async () => {
  const { desk, tab, page } = await aliceShortens();
  const answer = () => page.dialogs.asked.peek()?.answer(false);
  assert.deepEqual(await leftBy(desk, tab, answer), { wrote: [], drafts: [], problems: [] });
});

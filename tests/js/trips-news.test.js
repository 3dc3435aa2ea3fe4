/** What I am writing when somebody removes the object under it, or its editor gives way to another. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { effect } from "@preact/signals-core";

import { keepHidden, listenToOthers } from "#trips/news.js";

import { deskOf } from "./page.js";
import { Desk, rest } from "./tabs.js";

async function bobRemovesWhatAliceIsIn() {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  const page = deskOf(tab);
  listenToOthers(page, () => null);
  page.screen.open.value = "itinerary:louvre";
  for (const field of ["notes", "place"]) tab.store.draft("itinerary", "louvre", field).typed(`My ${field}`);
  const bob = async (/** @type {string} */ op) => {
    desk.server.mutate("bob", { type: "itinerary_update", mutation_id: op, op, data: { id: "louvre" } });
    await desk.flow();
    await rest();
  };
  await bob("remove");
  const written = () => ({
    drafts: [...tab.store.drafts.values()].map(({ text }) => text.peek()),
    aside: tab.store.problems.peek().map(({ mine }) => mine),
  });
  return { desk, tab, page, bob, written };
}

const WRITTEN = ["My notes", "My place"];

test("it comes back with it by Undo", async () => {
  const { desk, tab, page, written } = await bobRemovesWhatAliceIsIn();
  assert.equal(page.toasts.shown.value?.text, "Bob removed Louvre while you wrote “My notes”");
  page.toasts.act();
  await desk.flow();
  assert.notEqual(tab.shown("louvre"), null);
  assert.deepEqual(written(), { drafts: WRITTEN, aside: [] });
});

for (const [how, go] of /** @type {const} */ ([["is closed", "close"], ["gives way to another", "show"]])) {
  test(`all of it is laid aside when the toast ${how}`, async () => {
    const { page, written } = await bobRemovesWhatAliceIsIn();
    page.toasts[go]({ text: "Bob removed Lunch" });
    assert.deepEqual(written(), { drafts: [], aside: WRITTEN });
  });
}

test("it stays in its fields when Bob brings it back himself", async () => {
  const { page, bob, written } = await bobRemovesWhatAliceIsIn();
  await bob("restore");
  page.toasts.close();
  assert.deepEqual(written(), { drafts: WRITTEN, aside: [] });
});

test("what cannot be saved as it is written is laid aside when another editor opens, and the field is as it was", async () => {
  const tab = await new Desk().tab();
  const page = deskOf(tab);
  const stop = effect(() => keepHidden(page));
  page.screen.open.value = "itinerary:louvre";
  tab.store.draft("itinerary", "louvre", "time").typed("25:99");
  tab.store.draft("trip", "t", "title").typed("April");
  const complaint = page.screen.complaint("itinerary:louvre.time");
  complaint.value = "This is not a time.";
  page.screen.open.value = "activity:opera";
  assert.deepEqual([...tab.store.drafts.keys()], ["trip:t.title"]);
  assert.deepEqual([tab.store.problems.peek().map(({ mine }) => mine), complaint.value], [["25:99"], ""]);
  stop();
});

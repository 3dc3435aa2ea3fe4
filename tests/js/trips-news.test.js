/** What I am writing when somebody removes the object under it. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { listenToOthers } from "#trips/news.js";

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

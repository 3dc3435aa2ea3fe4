/** What was being written when its page died, on the next one: in its field, or laid aside, and always in sight. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { TYPING } from "#realtime/keep.js";
import { listenToReturns } from "#trips/returned.js";

import { deskOf } from "./page.js";
import { Desk, rest } from "./tabs.js";

const STOPS = [{ id: "lunch", day: 1, activity: "Lunch", category: "food", cost: 20 }];

/**
 * Alice writes these, one after the other, and her tab dies.
 * @param {[key: string, text: string][]} texts
 * @param {import("#trips/screen.js").View} [view] the next page
 */
async function aliceComesBack(texts, view) {
  const desk = new Desk();
  for (const data of STOPS) desk.server.mutate("bob", { type: "itinerary_update", mutation_id: `b-${data.id}`, data });
  const tab = await desk.tab();
  await desk.flow();
  for (const [key, text] of texts) tab.store.drafts.open(key, "", 1).typed(text);
  await desk.clock.pass(2 * TYPING);
  tab.die();
  desk.browser.quick = false;
  const page = deskOf(await desk.tab(), view);
  listenToReturns(page);
  desk.browser.quick = true;
  desk.browser.disk();
  await rest();
  const { open, adding } = page.screen;
  const aside = page.store.problems.peek().map(({ mine }) => mine);
  return { open: open.peek(), adding: adding.peek(), drafts: [...page.store.drafts.keys()], aside };
}

test("the editor that was open last is open again, and what stood in another is laid aside", async () => {
  const back = await aliceComesBack([
    ["itinerary:louvre.time", "25:99"], ["itinerary:lunch.notes", "With Bob"], ["itinerary:lunch.place", "Rue Cler"],
  ]);
  const drafts = ["itinerary:lunch.notes", "itinerary:lunch.place"];
  assert.deepEqual(back, { open: "itinerary:lunch", adding: null, drafts, aside: ["25:99"] });
});

test("one line is open to add to, and one editor beside it; the fields of the page are all open", async () => {
  const back = await aliceComesBack([
    ["new:1", "Postc"], ["new:ideas", "Opera"], ["trip:t.title", "April"], ["trip:t.destination", "Rome"], ["itinerary:louvre.notes", "Book"],
  ]);
  const drafts = ["new:ideas", "trip:t.title", "trip:t.destination", "itinerary:louvre.notes"];
  assert.deepEqual(back, { open: "itinerary:louvre", adding: "ideas", drafts, aside: ["Postc"] });
});

test("amounts have a field each, also where something costs without a plan", async () => {
  const back = await aliceComesBack([["budget:food.amount", "100"], ["budget:gone.amount", "5"]], "budget");
  assert.deepEqual(back, { open: null, adding: null, drafts: ["budget:food.amount"], aside: ["5"] });
});

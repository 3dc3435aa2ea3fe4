/** Where a refusal stands: at its object, once, and above the page where that is not to be seen. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PeopleList } from "#trips/people-list.js";
import { Leftovers } from "#trips/refusals.js";

import { deskOf, draw } from "./page.js";
import { Desk } from "./tabs.js";

/** @import { Wish } from "#realtime/types.js" */

/** Alice's wish is refused, and she looks at it. @param {Wish} wish @param {object} refusal @param {import("#trips/screen.js").View} [view] */
async function aliceRefused(wish, refusal, view) {
  const desk = new Desk();
  const lunch = { id: "lunch", day: 1, activity: "Lunch", category: "food", cost: 20 };
  desk.server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", data: lunch });
  const tab = await desk.tab();
  await desk.flow();
  tab.store.refused({ mutation_id: tab.store.propose(wish), message: "There is nobody of that name.", .../** @type {any} */ (refusal) });
  const page = deskOf(tab, view);
  return { tab, page, above: await draw(page, Leftovers) };
}

test("of an amount that has a row, though no line in the plan, at that row", async () => {
  const { above } = await aliceRefused({ kind: "budget", id: "food", data: { amount: 100 } }, { code: "internal" }, "budget");
  assert.equal(above.text, "");
});

test("of a person who takes no part, above the page, also while People is open", async () => {
  const { page, above } = await aliceRefused({ kind: "member", id: "zoe", data: { role: "editor" } }, { code: "not_found" });
  const stands = /Zoe|zoe|gone/i;
  assert.match(above.text, stands);
  page.screen.side.value = "people";
  assert.match((await draw(page, Leftovers)).text, stands);
});

test("of a person whom I ask to add, where I ask, as long as People is open", async () => {
  const { tab, page } = await aliceRefused({ kind: "itinerary", id: "louvre", data: { notes: "Book" } }, { code: "internal" });
  tab.trip.role.value = "owner";
  page.screen.side.value = "people";
  const people = await draw(page, PeopleList);
  await people.write("zoe", "[name=name]");
  await people.press("Add to this trip");
  const [asked] = tab.store.pending;
  tab.store.refused({ code: "invalid", message: "There is nobody of that name.", mutation_id: asked.mutation_id, fields: { user_id: ["There is nobody of that name."] } });
  const above = await draw(page, Leftovers);
  assert.doesNotMatch(above.text, /nobody/);
  assert.match((await draw(page, PeopleList)).text, /There is nobody of that name/, "also when it was closed and opened again");
});

test("of a trip that is lost, what I wrote is not called read only", async () => {
  const { tab, page } = await aliceRefused({ kind: "activity", id: "gone", data: { name: "Opera" } }, { code: "read_only" });
  tab.trip.lost.value = "not_found";
  assert.match((await draw(page, Leftovers)).text, /This was not saved/);
  tab.trip.lost.value = null;
  tab.trip.role.value = "viewer";
  assert.match((await draw(page, Leftovers)).text, /You can only look at this trip now/);
});

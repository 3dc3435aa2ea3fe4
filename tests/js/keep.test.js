/** What is written outlives its page: a closed tab, a crash, a flat battery, somebody else at the same browser. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { LOOK_EACH, PATIENCE, TYPING } from "#realtime/keep.js";

import { Desk, rest } from "./tabs.js";

/** @param {Desk} desk */
const stored = (desk) => Object.fromEntries(desk.server.snapshot().itinerary.map((/** @type {any} */ stop) => [stop.id, stop.notes]));

/** @param {Desk} desk how often the server stored something for Alice */
const stores = (desk) => desk.server.journal.filter(({ updated_by }) => updated_by === "alice").length;

/** Alice, offline, with two edits that are not saved. */
async function aliceOffline() {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  tab.goOffline();
  tab.edit("louvre", { notes: "Book" });
  tab.edit("walk", { activity: "Walk", day: 1 });
  await rest();
  return { desk, tab };
}

test("a tab that dies offline leaves its edits to the next one, which shows, counts and sends them once", async () => {
  const { desk, tab } = await aliceOffline();
  tab.die();
  const next = await desk.tab();
  assert.deepEqual([next.count, next.shown("louvre")?.notes, next.shown("walk")?.activity], [2, "Book", "Walk"]);
  await desk.flow();
  assert.deepEqual([next.count, stored(desk), stores(desk)], [0, { louvre: "Book", walk: "" }, 2]);
  assert.equal(desk.browser.notes.size, 0);
});

test("a tab that is closed gets done what it was about to write", async () => {
  const { desk, tab } = await aliceOffline();
  tab.edit("louvre", { notes: "Book online" });
  await tab.close();
  const next = await desk.tab();
  await desk.flow();
  assert.deepEqual([next.count, stored(desk).louvre], [0, "Book online"]);
});

test("nothing goes out before it is written down", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  desk.browser.quick = false;
  tab.edit("louvre", { notes: "Book" });
  await desk.flow();
  assert.equal(stored(desk).louvre, "");
  desk.browser.disk();
  await desk.flow();
  assert.equal(stored(desk).louvre, "Book");
});

test("an edit that the server has, and whose answer the dead tab did not hear, is not stored twice", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  tab.edit("louvre", { notes: "Book" });
  await rest();
  while (tab.lines[0].read());
  tab.die();
  const next = await desk.tab();
  await desk.flow();
  assert.deepEqual([next.count, stores(desk), next.store.problems.peek()], [0, 1, []]);
});

test("several changes that came back in part are not stored twice, and not called another thing", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  tab.store.propose({
    steps: [
      { kind: "activity", id: "eiffel", data: { name: "Eiffel" } },
      { kind: "itinerary", id: "tower", data: { day: 1, activity_id: "eiffel", activity: "Eiffel" } },
    ],
  });
  await rest();
  while (tab.lines[0].read());
  tab.lines[0].deliver(1);
  await rest();
  tab.die();
  const next = await desk.tab();
  await desk.flow();
  assert.deepEqual([next.count, next.store.pending, stores(desk), next.store.problems.peek()], [0, [], 2, []]);
});

test("what somebody adds after a restart is not merged into what may be stored already", async () => {
  const { desk, tab } = await aliceOffline();
  tab.die();
  desk.server.stop();
  const next = await desk.tab();
  next.goOffline();
  next.edit("louvre", { notes: "Book online" });
  await rest();
  assert.deepEqual(next.store.pending.map(({ steps: [{ data }] }) => data.notes ?? data.activity), ["Book", "Walk", "Book online"]);
  next.goOnline();
  await desk.clock.pass(15_000);
  await desk.flow();
  assert.deepEqual([stored(desk).louvre, next.count], ["Book online", 0]);
});

test("two tabs that live leave each other's edits alone, and the one that stays takes over those of the other", async () => {
  const { desk, tab } = await aliceOffline();
  const other = await desk.tab();
  await desk.flow();
  assert.deepEqual([tab.count, other.count, stores(desk)], [2, 0, 0]);
  other.goOffline();
  tab.die();
  await desk.clock.pass(LOOK_EACH);
  await rest();
  assert.equal(other.count, 2);
  other.goOnline();
  await desk.clock.pass(15_000);
  await desk.flow();
  assert.deepEqual([other.count, stores(desk)], [0, 2]);
});

test("two tabs that open at once do not both take what a third has left", async () => {
  const { desk, tab } = await aliceOffline();
  tab.die();
  desk.browser.quick = false;
  const tabs = [await desk.tab(), await desk.tab()];
  desk.browser.quick = true;
  for (let turn = 0; turn < 6; turn += 1) {
    desk.browser.disk();
    await rest();
  }
  assert.deepEqual(tabs.map(({ count }) => count).sort(), [0, 2]);
  await desk.flow();
  assert.equal(stores(desk), 2);
});

test("what several dead tabs have left goes out in the order in which they were opened", async () => {
  const { desk, tab } = await aliceOffline();
  await desk.clock.pass(10);
  const second = await desk.tab();
  second.goOffline();
  second.edit("louvre", { notes: "Booked" });
  await rest();
  second.die();
  tab.die();
  const next = await desk.tab();
  assert.equal(next.shown("louvre")?.notes, "Booked");
  await desk.flow();
  assert.deepEqual([stored(desk).louvre, next.count], ["Booked", 0]);
});

test("a tab that slept, and was taken for dead, neither sends again nor counts what another has sent", async () => {
  const { desk, tab } = await aliceOffline();
  desk.browser.holding.delete(tab);
  const other = await desk.tab();
  assert.equal(other.count, 2);
  tab.edit("walk", { notes: "in the evening" });
  tab.edit("lunch", { activity: "Lunch", day: 1 });
  await rest();
  assert.equal(tab.count, 2, "what came since is its own");
  tab.goOnline();
  await desk.clock.pass(15_000);
  await desk.flow();
  assert.deepEqual([tab.count, other.count], [0, 0]);
  assert.deepEqual(stored(desk), { louvre: "Book", walk: "in the evening", lunch: "" });
  assert.deepEqual([...tab.store.problems.peek(), ...other.store.problems.peek()], []);
  assert.equal(desk.browser.notes.size, 0);
});

test("when a tab that was taken for dead takes over a third one's note, each edit is in one tab only", async () => {
  const { desk, tab } = await aliceOffline();
  const third = await desk.tab();
  third.goOffline();
  third.edit("lunch", { activity: "Lunch", day: 1 });
  await rest();
  desk.browser.holding.delete(tab);
  const other = await desk.tab();
  other.goOffline();
  third.die();
  tab.keeper.look();
  await desk.clock.pass(LOOK_EACH);
  await rest();
  const ids = [tab, other].flatMap(({ store }) => store.pending.map(({ steps: [{ id }] }) => id));
  assert.deepEqual(ids.sort(), ["louvre", "lunch", "walk"]);
});

test("a tab that could not write before it was taken for dead knows all the same what was written of it", async () => {
  const { desk, tab } = await aliceOffline();
  desk.browser.holding.delete(tab);
  const other = await desk.tab();
  other.goOffline();
  for (const broken of [new Error("QuotaExceededError"), null]) {
    desk.browser.broken = broken;
    tab.edit("lunch", { activity: "Lunch", day: 1 });
    await rest();
  }
  assert.deepEqual([tab.count, other.count], [1, 2]);
});

test("a page that was put away, and is shown again, learns that another goes on with what it had written", async () => {
  const { desk, tab } = await aliceOffline();
  tab.keeper.close();
  await rest();
  const other = await desk.tab();
  other.goOffline();
  tab.keeper.reopen();
  await rest();
  assert.deepEqual([tab.count, other.count], [0, 2]);
});

test("another person at the same browser neither sends nor sees it, and the first one gets it back", async () => {
  const { desk, tab } = await aliceOffline();
  tab.die();
  const bobs = await desk.tab("bob");
  await desk.flow();
  assert.deepEqual([bobs.count, bobs.shown("louvre")?.notes, stores(desk)], [0, "", 0]);
  bobs.die();
  await desk.tab("alice");
  await desk.flow();
  assert.deepEqual([stored(desk).louvre, stores(desk)], ["Book", 2]);
});

test("what was refused stays with what I wrote, also in the next page, until I have chosen", async () => {
  const { desk, tab } = await aliceOffline();
  desk.server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", data: { id: "louvre", place: "Carrousel" } });
  tab.edit("louvre", { place: "Rivoli" }, 1);
  tab.goOnline();
  await desk.clock.pass(15_000);
  await desk.flow();
  tab.die();
  const next = await desk.tab();
  await desk.flow();
  const [problem] = next.store.problems.peek();
  assert.deepEqual([problem.code, problem.mine, problem.theirs?.value], ["conflict", "Rivoli", "Carrousel"]);
  next.store.dismiss(problem.key);
  await rest();
  assert.equal(desk.browser.notes.size, 0);
});

test("a tab that was taken for dead keeps what was refused since, and leaves to the other what was refused before", async () => {
  const { desk, tab } = await aliceOffline();
  const refuse = async (/** @type {string} */ notes) => {
    const mutation_id = tab.edit("walk", { notes }, 1);
    const current = { seq: 2, updated_by: "bob", timestamp: "", data: { notes: "Closed" } };
    tab.store.refused({ code: "conflict", message: "No.", mutation_id, current });
    await rest();
  };
  tab.store.pending[1].sent = true;
  await refuse("By bike");
  desk.browser.holding.delete(tab);
  const other = await desk.tab();
  other.goOffline();
  await refuse("On foot");
  const mine = [tab, other].map(({ store }) => store.problems.peek().map((problem) => problem.mine));
  assert.deepEqual(mine, [["On foot"], ["By bike"]]);
});

test("an edit whose stop is gone by then, or whose id is used, ends as what I wrote", async () => {
  const { desk, tab } = await aliceOffline();
  const [{ mutation_id }] = tab.store.pending;
  tab.die();
  desk.server.mutate("alice", { type: "trip_update", mutation_id, data: { title: "Another thing" } });
  const next = await desk.tab();
  next.edit("louvre", { place: "Rivoli" });
  await rest();
  desk.server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", op: "remove", data: { id: "louvre" } });
  await desk.flow();
  const kept = next.store.problems.peek().map(({ code, mine }) => `${code}: ${mine.notes ?? mine.place}`);
  assert.deepEqual(kept.sort(), ["mutation_reused: Book", "not_found: Rivoli"]);
});

test("what is being written is there again in the next page, and says what came in between", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  const draft = tab.store.draft("itinerary", "louvre", "notes");
  for (const text of ["B", "Bo", "Boo", "Book"]) draft.typed(text);
  await desk.clock.pass(TYPING);
  tab.die();
  desk.server.mutate("bob", { type: "itinerary_update", mutation_id: "b2", data: { id: "louvre", notes: "Closed" } });
  const next = await desk.tab();
  const back = next.store.draft("itinerary", "louvre", "notes");
  assert.deepEqual([back.text.value, back.touched, back.returned.value], ["Book", true, true]);
  back.resume(String, next.shown("louvre")?.notes, next.store.seq);
  assert.deepEqual([back.text.value, back.theirs.value?.text], ["Book", "Closed"]);
  next.store.drafts.delete(back.key);
  await desk.clock.pass(TYPING);
  assert.equal(desk.browser.notes.size, 0);
});

test("the first key is kept at once, those after it together", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  const draft = tab.store.draft("itinerary", "louvre", "notes");
  draft.typed("B");
  await rest();
  assert.match([...desk.browser.notes.values()].join(), /"text":"B"/);
  for (const text of ["Bo", "Boo", "Book"]) {
    draft.typed(text);
    await rest();
  }
  assert.equal(desk.browser.writes, 1);
  await desk.clock.pass(TYPING);
  assert.match([...desk.browser.notes.values()].join(), /"text":"Book"/);
  assert.equal(desk.browser.writes, 2);
});

test("what was being written in a tab that ends while I am in another is laid aside, and puts nothing in my fields", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  const other = await desk.tab();
  tab.store.draft("itinerary", "louvre", "notes").typed("Book");
  await desk.clock.pass(TYPING);
  tab.die();
  other.keeper.look();
  await rest();
  assert.equal(other.store.drafts.size, 0);
  assert.deepEqual(other.store.problems.peek().map(({ code, mine }) => [code, mine]), [["unsaved", "Book"]]);
});

test("of two texts for one field the last is in it, and the other is laid aside", async () => {
  const desk = new Desk();
  const tabs = [await desk.tab(), await desk.tab()];
  for (const [index, tab] of tabs.entries()) {
    tab.goOffline();
    tab.store.draft("itinerary", "louvre", "notes").typed(["Book", "Booked"][index]);
    await desk.clock.pass(TYPING);
  }
  tabs[0].die();
  desk.browser.quick = false;
  tabs[1].keeper.look();
  for (let turn = 0; turn < 2; turn += 1) {
    desk.browser.disk(1);
    await rest();
  }
  tabs[1].die();
  desk.browser.quick = true;
  const { store } = await desk.tab();
  assert.deepEqual([...store.drafts.values()].map(({ text }) => text.peek()), ["Booked"]);
  assert.deepEqual(store.problems.peek().map(({ code, mine }) => [code, mine]), [["unsaved", "Book"]]);
});

test("where nothing can be kept all works as before, and it is known that it will not last", async () => {
  const desk = new Desk();
  desk.browser.broken = new Error("QuotaExceededError");
  const tab = await desk.tab();
  await desk.flow();
  tab.edit("louvre", { notes: "Book" });
  await desk.flow();
  assert.deepEqual([stored(desk).louvre, tab.count, tab.keeper.works.value], ["Book", 0, false]);
  desk.browser.broken = null;
  tab.edit("louvre", { notes: "Book online" });
  await rest();
  assert.equal(tab.keeper.works.value, true, "there is room again");
});

test("what could not be written is not tried for ever, but again with the next key", async () => {
  const desk = new Desk();
  const tab = await desk.tab();
  await desk.flow();
  desk.browser.broken = new Error("QuotaExceededError");
  const draft = tab.store.draft("itinerary", "louvre", "notes");
  draft.typed("B");
  await rest();
  const timers = desk.clock.waiting;
  await desk.clock.pass(10 * TYPING);
  assert.ok(desk.clock.waiting < timers, "nothing waits to be written");
  desk.browser.broken = null;
  draft.typed("Bo");
  await rest();
  assert.match([...desk.browser.notes.values()].join(), /"text":"Bo"/);
});

test("storage that does not answer holds nothing up for long", async () => {
  const desk = new Desk();
  desk.browser.quick = false;
  const tab = await desk.tab();
  await desk.flow();
  tab.edit("louvre", { notes: "Book" });
  await desk.clock.pass(PATIENCE);
  await desk.flow();
  assert.deepEqual([stored(desk).louvre, tab.keeper.works.value], ["Book", false]);
});

test("who only looks on writes nothing, whatever others do", async () => {
  const desk = new Desk();
  await desk.tab();
  for (let turn = 0; turn < 5; turn += 1) {
    desk.server.mutate("bob", { type: "itinerary_update", mutation_id: `n${turn}`, data: { id: "louvre", notes: `${turn}` } });
    await desk.flow();
  }
  assert.equal(desk.browser.writes, 0);
});

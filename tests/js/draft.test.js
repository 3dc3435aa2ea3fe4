/** What happens to my text when somebody saves the field that I am in. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { aliceInParis, change, paris } from "./paris.js";

function aliceIsInNotes() {
  const store = aliceInParis();
  store.receive(change(store, "itinerary", "louvre", { notes: "Book" }));
  const draft = store.draft("itinerary", "louvre", "notes");
  const bob = (/** @type {string} */ notes) => store.receive(change(store, "itinerary", "louvre", { notes }));
  return { store, draft, bob };
}

test("a draft starts from what the field shows, and is the same until it ends", () => {
  const { store, draft } = aliceIsInNotes();
  assert.equal(draft.text.value, "Book");
  assert.equal(draft.seq, 11);
  draft.typed("Book it", [7, 7]);
  assert.equal(store.draft("itinerary", "louvre", "notes"), draft, "a card that was mounted anew finds its text");
  assert.deepEqual(draft.sel, [7, 7]);
  store.drafts.delete(draft.key);
  assert.notEqual(store.draft("itinerary", "louvre", "notes"), draft);
});

test("a field I have not typed in takes what Bob saved", () => {
  const { draft, bob } = aliceIsInNotes();
  bob("Book online");
  assert.deepEqual([draft.text.value, draft.theirs.value, draft.seq], ["Book online", null, 12]);
});

test("my text stays, and a note tells what Bob saved", () => {
  const { store, draft, bob } = aliceIsInNotes();
  draft.typed("Book by phone", null);
  bob("Book online");
  store.receive(change(store, "itinerary", "louvre", { place: "1er" }));
  assert.equal(draft.text.value, "Book by phone");
  assert.deepEqual(draft.theirs.value, { text: "Book online", value: "Book online", by: "bob", seq: 12 });
  assert.equal(draft.seq, 11, "saving now would be a conflict");
  draft.keep();
  assert.deepEqual([draft.text.value, draft.theirs.value, draft.seq], ["Book by phone", null, 12]);
});

test("taking theirs puts it in", () => {
  const { draft, bob } = aliceIsInNotes();
  draft.typed("Book by phone", null);
  bob("Book online");
  draft.take();
  assert.deepEqual([draft.text.value, draft.theirs.value, draft.touched], ["Book online", null, false]);
});

test("the note goes when Bob comes to write what I wrote", () => {
  const { draft, bob } = aliceIsInNotes();
  draft.typed("Book it", null);
  bob("Book onl");
  bob("Book it");
  assert.deepEqual([draft.theirs.value, draft.touched, draft.seq], [null, false, 13]);
});

test("the note goes when Bob puts back what I started from", () => {
  const { draft, bob } = aliceIsInNotes();
  draft.typed("Book by phone", null);
  bob("Book online");
  bob("Book");
  assert.deepEqual([draft.text.value, draft.theirs.value, draft.seq], ["Book by phone", null, 13]);
});

test("while an input method composes nothing is touched", () => {
  const { draft, bob } = aliceIsInNotes();
  draft.compose(true);
  bob("Book online");
  assert.equal(draft.text.value, "Book");
  draft.typed("Book 日本", null);
  draft.compose(false);
  assert.equal(draft.text.value, "Book 日本");
  assert.equal(draft.theirs.value?.text, "Book online");
});

test("what I saved myself is no news to me", () => {
  const { store, draft } = aliceIsInNotes();
  draft.typed("Book it", null);
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book it" }, base_seq: draft.seq });
  draft.typed("Book it now", null);
  store.receive(change(store, "itinerary", "louvre", { notes: "Book it" }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual([draft.text.value, draft.theirs.value, draft.seq], ["Book it now", null, 12]);
});

test("a field that I left as it was follows what I saved, also after it took another's text over", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  const draft = store.draft("itinerary", "louvre", "notes");
  store.receive(change(store, "itinerary", "louvre", { notes: "Closed" }));
  store.receive(change(store, "itinerary", "louvre", { notes: "Book" }, { updated_by: "alice", mutation_id: id }));
  assert.deepEqual([draft.text.value, draft.touched, draft.seq], ["Book", false, 12]);
});

test("a field does not go back to what I saved before the last time", () => {
  const store = aliceInParis();
  const id = store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book" } });
  store.pending[0].sent = true;
  store.propose({ kind: "itinerary", id: "louvre", data: { notes: "Book online" } });
  const draft = store.draft("itinerary", "louvre", "notes");
  store.receive(change(store, "itinerary", "louvre", { notes: "Book" }, { updated_by: "alice", mutation_id: id }));
  assert.equal(draft.text.value, "Book online");
});

test("a draft outlives a reconnect, and learns what changed meanwhile", () => {
  const { store, draft } = aliceIsInNotes();
  draft.typed("Book by phone", null);
  const trip = paris();
  trip.itinerary[0].notes = "Closed on Tuesday";
  store.load({ ...trip, seq: 15 });
  assert.equal(draft.text.value, "Book by phone");
  assert.deepEqual(draft.theirs.value, { text: "Closed on Tuesday", value: "Closed on Tuesday", by: null, seq: 15 });
});

test("a field that writes its value in its own way compares what is written", () => {
  const store = aliceInParis();
  const euros = (/** @type {number} */ amount) => amount.toFixed(2);
  const draft = store.draft("budget", "food", "amount", euros);
  draft.typed("350.00", null);
  store.receive(change(store, "budget", "food", { category: "food", amount: 350 }));
  assert.equal(draft.theirs.value, null);
});

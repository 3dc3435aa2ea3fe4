/** Who is here, where they look, and which field they are editing. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { effect } from "@preact/signals-core";

import { createPeople } from "#realtime/people.js";

import { HandClock } from "./clock.js";

const BOB = { user_id: "bob", name: "Bob Bauer", colour: 2 };
const VERA = { user_id: "vera", name: "Vera Vogt", colour: 3 };

function room() {
  const clock = new HandClock();
  const sent = /** @type {any[]} */ ([]);
  const people = createPeople({ me: "alice", clock, send: (message) => sent.push(message) });
  people.receive({
    type: "joined",
    present: [
      { user_id: "alice", name: "Alice Adler", colour: 1, connections: 2, data: {} },
      { ...BOB, connections: 1, data: { view: "plan", focus: "itinerary:louvre" }, typing: "itinerary:louvre.time" },
    ],
  });
  return { clock, sent, people };
}

/** @param {import("#realtime/people.js").People} people */
const names = (people) => people.present.value.map(({ user_id }) => user_id);

test("everybody in the room is there once, me too", () => {
  const { people } = room();
  people.receive({ type: "user_joined", ...VERA });
  people.receive({ type: "user_joined", ...VERA });
  assert.deepEqual(names(people), ["alice", "bob", "vera"]);
  assert.deepEqual(people.present.value.map(({ me }) => me), [true, false, false]);
  people.receive({ type: "user_left", ...BOB });
  assert.deepEqual(names(people), ["alice", "vera"]);
});

test("who looks at a stop is seen there, the latest first, and nowhere else", () => {
  const { people } = room();
  const here = () => people.at("itinerary:louvre").value.map(({ name }) => name);
  assert.deepEqual(here(), ["Bob Bauer"]);
  people.receive({ type: "presence", ...VERA, data: { view: "plan", focus: "itinerary:louvre" } });
  assert.deepEqual(here(), ["Vera Vogt", "Bob Bauer"]);
  people.receive({ type: "presence", ...BOB, data: { view: "plan", focus: "itinerary:walk" } });
  assert.deepEqual(here(), ["Vera Vogt"]);
  people.receive({ type: "user_left", ...VERA });
  assert.deepEqual(here(), []);
});

test("who moves redraws the two cards that they left and came to", () => {
  const { people } = room();
  let redrawn = -1;
  effect(() => {
    people.at("itinerary:lunch").value;
    people.editing("itinerary:lunch.time").value;
    redrawn += 1;
  });
  people.receive({ type: "presence", ...BOB, data: { view: "plan", focus: "itinerary:walk" } });
  assert.equal(redrawn, 0);
});

test("my other tab is nobody else", () => {
  const { people } = room();
  people.receive({ type: "presence", user_id: "alice", name: "Alice Adler", colour: 1, data: { focus: "itinerary:walk" } });
  people.receive({ type: "typing", user_id: "alice", field: "itinerary:walk.notes", active: true, expires_in: 6 });
  assert.deepEqual(people.at("itinerary:walk").value, []);
  assert.equal(people.editing("itinerary:walk.notes").value, null);
});

test("a typing sign sits on its field, is renewed, and ends by itself", async () => {
  const { clock, people } = room();
  const editor = () => people.editing("itinerary:louvre.time").value?.name;
  assert.equal(editor(), "Bob Bauer");
  await clock.pass(5_000);
  people.receive({ type: "typing", ...BOB, field: "itinerary:louvre.time", active: true, expires_in: 6 });
  await clock.pass(5_000);
  assert.equal(editor(), "Bob Bauer");
  await clock.pass(1_000);
  assert.equal(editor(), undefined);
});

test("a typing sign moves with its person, and ends when they leave the field", () => {
  const { people } = room();
  people.receive({ type: "typing", ...BOB, field: "trip:t.title", active: true, expires_in: 6 });
  assert.equal(people.editing("itinerary:louvre.time").value, null);
  people.receive({ type: "typing", ...BOB, field: "itinerary:louvre.time", active: false, expires_in: 0 });
  assert.equal(people.editing("trip:t.title").value?.user_id, "bob", "the end of another field");
  people.receive({ type: "typing", ...BOB, field: "trip:t.title", active: false, expires_in: 0 });
  assert.equal(people.editing("trip:t.title").value, null);
});

test("two on one field: who is left keeps the sign", () => {
  const { people } = room();
  people.receive({ type: "typing", ...VERA, field: "itinerary:louvre.time", active: true, expires_in: 6 });
  people.receive({ type: "user_left", ...VERA });
  assert.equal(people.editing("itinerary:louvre.time").value?.user_id, "bob");
});

test("other words than a field are shown beside the person", () => {
  const { people } = room();
  people.receive({ type: "typing", ...BOB, field: "itinerary_day1", active: true, expires_in: 6 });
  assert.equal(people.present.value[1].typing, "itinerary_day1");
});

test("I tell that I type at the first key, each 3 s, and when I leave", async () => {
  const { clock, people, sent } = room();
  people.typing("trip:t.title");
  people.typing("trip:t.title");
  await clock.pass(3_000);
  people.typing("trip:t.title");
  people.typing("trip:t.title", false);
  people.typing("trip:t.title", false);
  assert.deepEqual(sent.map(({ active }) => active), [true, true, false]);
});

test("I tell where I am when it changes, and again on a new connection", () => {
  const { people, sent } = room();
  people.look({ view: "plan", focus: null });
  people.look({ view: "plan", focus: null });
  people.look({ view: "plan", focus: "itinerary:walk" });
  assert.deepEqual(sent.map(({ data }) => data.focus), [null, "itinerary:walk"]);
  people.receive({ type: "joined", present: [{ user_id: "alice", name: "Alice Adler", colour: 1 }] });
  assert.equal(sent.length, 3);
  assert.deepEqual(names(people), ["alice"], "who left while I was away is gone");
  assert.deepEqual(people.at("itinerary:louvre").value, []);
});

test("of a crowd the count is right, and nobody stays who was only known by typing", async () => {
  const { clock, people } = room();
  assert.equal(people.count.value, 2);
  people.receive({ type: "crowd", present_count: 1500 });
  people.receive({ type: "user_joined", ...VERA });
  people.receive({ type: "presence", user_id: "p900", name: "Pia Park", colour: 4, data: { view: "plan", focus: "itinerary:walk" } });
  assert.deepEqual([people.count.value, names(people)], [1500, ["alice", "bob", "vera"]]);
  people.receive({ type: "typing", user_id: "p900", name: "Pia Park", colour: 4, field: "trip:t.title", active: true, expires_in: 6 });
  assert.equal(people.editing("trip:t.title").value?.name, "Pia Park");
  await clock.pass(6_000);
  assert.deepEqual([people.count.value, names(people)], [1500, ["alice", "bob", "vera"]]);
  people.receive({ type: "user_left", ...VERA });
  assert.equal(people.count.value, 1500, "the crowd is told of by its number");
});

test("when a crowd is none any more each counts again", () => {
  const { people } = room();
  people.receive({ type: "joined", present: [BOB], present_count: 150 });
  people.receive({ type: "user_joined", user_id: "alice", name: "Alice Adler", colour: 1 });
  assert.equal(people.count.value, 150);
  people.receive({ type: "user_joined", ...VERA });
  people.receive({ type: "crowd", present_count: 3 });
  assert.deepEqual([people.count.value, names(people)], [3, ["bob", "alice", "vera"]]);
  people.receive({ type: "user_left", ...BOB });
  assert.equal(people.count.value, 2);
});

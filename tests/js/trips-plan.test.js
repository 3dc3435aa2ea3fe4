/** What follows from a trip's data: columns, sums, what a stop takes from its activity. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { effect } from "@preact/signals-core";

import { createStore } from "#realtime/store.js";
import { Plan } from "#trips/plan.js";

/** @param {Partial<import("#realtime/types.js").Trip>} [trip] */
function parisPlan(trip = {}) {
  const store = createStore({ me: "alice" });
  const stop = { position: "a0", activity: "", activity_id: null, time: null, duration: null, place: "", category: /** @type {const} */ (""), cost: null, notes: "", status: /** @type {const} */ ("") };
  store.load({
    seq: 1,
    trip: { id: "paris", title: "Paris", destination: "", start_date: "2027-04-12", end_date: "2027-04-14", currency: "EUR", notes: "", ...trip },
    members: [],
    activities: [{ activity_id: "louvre", name: "Louvre", place: "1er", latitude: null, longitude: null, category: "art", cost: 22, duration: 210, link: "", notes: "Book" }],
    itinerary: [
      { ...stop, id: "visit", day: 1, activity: "Louvre at last", activity_id: "louvre", cost: 17 },
      { ...stop, id: "lunch", day: 2, activity: "Lunch", category: "food", cost: 0.1 },
    ],
    budget: [{ category: "food", amount: 450, name: "" }],
  });
  return { store, plan: new Plan(store) };
}

test("the columns are the days of the dates, before them what has no day, after them what lies beyond", () => {
  const { store, plan } = parisPlan();
  assert.deepEqual(plan.columns.value, ["1", "2", "3"]);
  store.propose({ kind: "itinerary", id: "lunch", data: { day: null } });
  store.propose({ kind: "itinerary", id: "visit", data: { day: 9 } });
  assert.deepEqual(plan.columns.value, ["none", "1", "2", "3", "9"]);
});

test("without dates there is one day more than is used", () => {
  const { store, plan } = parisPlan({ start_date: null, end_date: null });
  assert.deepEqual(plan.columns.value, ["1", "2", "3"]);
  store.propose({ kind: "itinerary", id: "lunch", op: "remove" });
  store.propose({ kind: "itinerary", id: "visit", op: "remove" });
  assert.deepEqual(plan.columns.value, ["1"]);
});

test("a stop shows of its activity what it leaves empty itself", () => {
  const { plan } = parisPlan();
  const { activity, place, cost, duration, category, notes } = plan.stop("visit").value ?? assert.fail();
  assert.deepEqual({ activity, place, cost, duration, category, notes }, { activity: "Louvre at last", place: "1er", cost: 17, duration: 210, category: "art", notes: "Book" });
});

test("costs add up by day, by category and in all", () => {
  const { store, plan } = parisPlan();
  assert.deepEqual([plan.dayCost("1").value, plan.inCategory("tickets").value, plan.inPlan.value], [17, 17, 17.1]);
  store.propose({ kind: "itinerary", id: "lunch", data: { cost: 0.2 } });
  assert.equal(plan.inPlan.value, 17.2);
  assert.equal(plan.allPlanned.value, 450);
  assert.deepEqual(plan.lines.value, ["food", "tickets"], "what costs something has a row without being planned");
});

test("a new title disturbs no sum and no column", () => {
  const { store, plan } = parisPlan();
  let runs = 0;
  effect(() => {
    runs += 1;
    return void [plan.inPlan.value, plan.columns.value, plan.lines.value, plan.dayName(1)];
  });
  store.propose({ kind: "itinerary", id: "lunch", data: { activity: "Brunch" } });
  store.propose({ kind: "trip", id: "paris", data: { title: "Paris in spring" } });
  assert.equal(runs, 1);
});

/** The table of kinds, and ids. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { KINDS, kindOf, newId } from "#realtime/types.js";

test("a change tells its kind, unless this page does not know it", () => {
  assert.equal(kindOf("itinerary_updated"), "itinerary");
  assert.equal(kindOf("expense_updated"), null);
  assert.equal(kindOf("itinerary"), null);
  assert.equal(kindOf("constructor_updated"), null);
});

test("each kind is named by a field of its own", () => {
  for (const { key, blank } of Object.values(KINDS)) assert.equal(key in blank, true);
});

test("an id is in the alphabet of the protocol, and new", () => {
  const ids = new Set(Array.from({ length: 1_000 }, newId));
  assert.equal(ids.size, 1_000);
  for (const id of ids) assert.match(id, /^[A-Za-z0-9_-]{1,64}$/);
});

/** How the page says things. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { CATEGORIES, ago, bare, categoryWord, count, firstName, initials, listing, ordinal, quoted } from "#trips/words.js";

test("people go by their first name, and by their initials on a face", () => {
  assert.deepEqual([firstName("Noor Haddad"), firstName("Mei")], ["Noor", "Mei"]);
  assert.deepEqual([initials("Noor Haddad"), initials("Mei"), initials("ana de la Cruz")], ["NH", "M", "AC"]);
});

test("numbers are said with their noun, their order, their listing", () => {
  assert.deepEqual([count(1, "stop"), count(1200, "stop")], ["1 stop", "1,200 stops"]);
  assert.deepEqual([1, 2, 3, 4, 11, 12, 21, 112].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "21st", "112th"]);
  assert.deepEqual([listing(["Mei"]), listing(["Mei", "Sam"]), listing(["Mei", "Sam", "Noor"])], ["Mei", "Mei and Sam", "Mei, Sam and Noor"]);
});

test("a long text is quoted short and on one line", () => {
  assert.equal(quoted("two\nlines"), "“two lines”");
  assert.equal(quoted("x".repeat(60)).length, 43);
});

test("how long ago something was", () => {
  const now = Date.parse("2027-04-12T12:00:00Z");
  const said = ["2027-04-12T11:59:40Z", "2027-04-12T11:56:00Z", "2027-04-12T09:00:00Z", "2027-04-10T09:00:00Z"].map((at) => ago(at, now));
  assert.deepEqual(said, ["just now", "4 min ago", "3 h ago", "2 days ago"]);
});

test("every category of a stop counts in a line of the budget that has a word", () => {
  for (const { budget } of Object.values(CATEGORIES)) assert.ok(categoryWord(budget).length > 3);
  assert.equal(categoryWord("scuba-diving"), "Scuba diving");
});

test("nobody reads the name of a field", () => {
  assert.equal(bare("user_id: Nobody here is called “x”."), "Nobody here is called “x”.");
  assert.equal(bare("Only an owner can: say it."), "Only an owner can: say it.");
});

/** How days are named, and which dates make a trip. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { addDays, dayCount, dayName, range, today, wrongDates } from "#trips/dates.js";

test("a day is named by its date, and by its number before there is one", () => {
  assert.equal(dayName("2027-04-12", 2), "Tue 13");
  assert.equal(dayName(null, 2), "Day 2");
  assert.equal(dayName("2027-04-12", null), "Unscheduled");
});

test("days are counted and added across months, leap days and changes of the clock", () => {
  assert.equal(dayCount("2027-03-27", "2027-03-29"), 3);
  assert.equal(dayCount("2027-04-12", null), 0);
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
  assert.equal(addDays("2027-12-31", 1), "2028-01-01");
});

test("a month or a year that both dates share is said once", () => {
  assert.equal(range("2027-04-12", "2027-04-16"), "Mon 12 – Fri 16 Apr 2027");
  assert.equal(range("2027-04-29", "2027-05-02"), "Thu 29 Apr – Sun 2 May 2027");
  assert.equal(range("2027-12-30", "2028-01-02"), "Thu 30 Dec 2027 – Sun 2 Jan 2028");
  assert.equal(range("2027-04-12", "2027-04-12"), "Mon 12 Apr 2027");
  assert.equal(range("2027-04-12", null), "From Mon 12 Apr 2027");
  assert.equal(range(null, null), "");
});

test("what is wrong with dates is said with the dates", () => {
  assert.equal(wrongDates("2027-04-12", "2027-04-16"), null);
  assert.equal(wrongDates(null, "2027-04-16"), null);
  assert.match(wrongDates("2027-04-12", "2027-04-10") ?? "", /^Sat 10 Apr 2027 is before Mon 12 Apr 2027/);
  assert.equal(wrongDates("2027-01-01", "2030-01-01"), "A trip has at most 999 days; these dates span 1,097.");
});

test("today is today here, not in Greenwich", () => {
  const late = new Date("2027-04-12T23:30:00Z");
  late.getTimezoneOffset = () => -120;
  assert.equal(today(late), "2027-04-13");
});

/** How amounts are read, shown and added. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { money, parseMoney, plainMoney, share, shortMoney, sum } from "#trips/money.js";

test("money always has its sign, and cents where it matters", () => {
  assert.equal(money(1438.4, "EUR"), "€1,438.40");
  assert.equal(money(1500, "JPY"), "¥1,500");
  assert.deepEqual([shortMoney(75, "EUR"), shortMoney(36.7, "EUR")], ["€75", "€36.70"]);
  assert.deepEqual([plainMoney(36.7, "EUR"), plainMoney(75, "EUR"), plainMoney(null, "EUR"), plainMoney(1.2345, "EUR")], ["36.70", "75", "", "1.2345"]);
});

/** @type {[string, number | null][]} */
const AMOUNTS = [
  ["12.50", 12.5], ["12,50", 12.5], ["€1,438.40", 1438.4], ["1.438,40 €", 1438.4], ["1,438", 1438], ["1 438", 1438], ["12,5", 12.5],
  ["EUR 20", 20], [".5", 0.5], ["1'200.50", 1200.5], ["1.234.567", 1234567], ["", null],
];
for (const [text, value] of AMOUNTS) {
  test(`“${text}” is ${value ?? "no amount"}`, () => assert.deepEqual(parseMoney(text, "EUR"), { value }));
}

test("what is no amount is said as the server says it", () => {
  assert.deepEqual(parseMoney("abc", "EUR"), { wrong: "“abc” is not a number. Write 12.50." });
  assert.deepEqual(parseMoney("-5", "EUR"), { wrong: "An amount is at least 0 and below 1,000,000,000." });
  assert.deepEqual(parseMoney("1000000000", "EUR"), { wrong: "An amount is at least 0 and below 1,000,000,000." });
  assert.deepEqual(parseMoney("1.23456", "EUR"), { wrong: "An amount in EUR has at most 4 decimal places." });
  assert.deepEqual(parseMoney("1.123456", "CLF"), { wrong: "An amount in CLF has at most 5 decimal places." });
  assert.deepEqual(parseMoney("€", "EUR"), { wrong: "“€” is not a number. Write 12.50." });
});

test("no cent is lost in a sum", () => {
  assert.equal(sum([0.1, 0.2]), 0.3);
  assert.equal(sum(Array.from({ length: 1000 }, () => 1.15)), 1150);
});

test("a share is whole percent, and something of nothing is all of it", () => {
  assert.deepEqual([share(76, 100), share(391.4, 380), share(5, 0), share(0, 0)], [76, 103, 100, 0]);
});

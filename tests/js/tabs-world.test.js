/**
 * One person, several tabs, and everything that can happen to them: killed while they write, closed, put to sleep and
 * taken for dead, cut off, a full disk. Whatever was written down once is stored in the end, once, and what was refused
 * is there with its text.
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE } from "#realtime/keep.js";

import { chance } from "./clock.js";
import { Desk, rest } from "./tabs.js";

/** @import { Tab } from "./tabs.js" */

const WORLDS = Math.ceil(Number(process.env.WORLDS ?? 60) / 2);
const STEPS = 120;

class World extends Desk {
  /** @type {Tab[]} */
  tabs = [];
  made = 0;
  /** Did a tab ever go on without waiting for the disk? Then an edit may have gone out in two forms. */
  slow = false;
  /** @type {Set<string>} the stops that were written down, or sent, at some time */
  kept = new Set();

  /** @param {number} seed */
  constructor(seed) {
    super();
    this.dice = chance(seed);
    this.random = this.dice.random;
    this.browser.quick = false;
    this.server.putOff = () => (this.dice.is(0.05) ? { code: "unavailable", retry_after: 1 } : null);
  }

  async step() {
    const { dice, browser } = this;
    const tab = dice.pick([...this.tabs, undefined]);
    await dice.pick([
      () => this.tabs.length < 3 && dice.is(0.3) && this.open(),
      () => tab && this.write(tab), () => tab && this.write(tab), () => tab && this.write(tab),
      () => browser.disk(1 + dice.below(2)), () => browser.disk(), () => browser.disk(),
      () => this.wire(), () => this.wire(), () => this.wire(), () => this.wire(),
      () => this.clock.pass(dice.below(1_500)),
      () => tab && dice.is(0.3) && this.end(tab),
      () => tab && dice.is(0.3) && this.cut(tab),
      () => tab && dice.is(0.1) && browser.holding.delete(tab), // it sleeps
      () => dice.is(0.05) && this.server.stop(),
    ])();
    await rest();
    this.slow ||= this.tabs.some(({ keeper }) => !keeper.works.peek());
    for (const note of browser.notes.values()) {
      for (const { steps: [{ id }] } of JSON.parse(note).pending) this.kept.add(id);
    }
  }

  async open() {
    this.tabs.push(await this.tab());
  }

  /** @param {Tab} tab */
  write(tab) {
    const stop = `s${++this.made}`;
    if (this.dice.is(0.5)) tab.edit(stop, { activity: "Walk", day: 1 });
    else tab.edit("louvre", { [this.dice.pick(["notes", "place"])]: stop });
  }

  wire() {
    const line = this.dice.pick([...this.server.lines, undefined]);
    for (let turn = 0; turn < 1 + this.dice.below(3); turn += 1) line?.read();
    line?.deliver(1 + this.dice.below(4));
  }

  /** @param {Tab} tab */
  async end(tab) {
    this.tabs = this.tabs.filter((each) => each !== tab);
    if (this.dice.is(0.3)) await tab.close();
    else tab.die(this.dice.below(3));
  }

  /** @param {Tab} tab */
  cut(tab) {
    tab.goOffline();
    tab.goOnline();
  }

  /** All die, and the last one comes in peace. */
  async quiet() {
    for (const tab of this.tabs) tab.die(this.dice.below(3));
    this.browser.disk();
    this.server.putOff = () => null;
    this.browser.quick = true;
    const last = await this.tab();
    for (let round = 0; round < 60 && last.store.pending.length; round += 1) {
      await this.flow();
      await this.clock.pass(1_000);
    }
    return last;
  }
}

for (let seed = 1; seed <= WORLDS; seed += 1) {
  test(`tabs ${seed}: what was written down once is stored once`, async () => {
    const world = new World(seed);
    await world.open();
    for (let step = 0; step < STEPS; step += 1) await world.step();
    const last = await world.quiet();
    assert.deepEqual([last.count, last.store.pending.length], [0, 0]);
    const refused = last.store.problems.peek().map(({ code }) => code);
    assert.deepEqual(refused.filter((code) => !world.slow || code !== "mutation_reused"), []);
    for (const { key } of last.store.problems.peek()) last.store.dismiss(key);
    await rest();
    assert.equal(world.browser.notes.size, 0);
    const stored = world.server.snapshot().itinerary.map((/** @type {any} */ { id }) => id);
    const lost = [...world.kept].filter((id) => !stored.includes(id));
    assert.deepEqual(lost, []);
    assert.equal(new Set(stored).size, stored.length);
    const ids = world.server.journal.map(({ mutation_id }) => mutation_id);
    assert.equal(new Set(ids).size, ids.length, "nothing was stored twice");
    last.trip.close();
    await world.clock.pass(PATIENCE); // of those that were killed while they wrote
    assert.equal(world.clock.waiting, 0, "no timer outlives a closed trip");
  });
}

/**
 * One person, several tabs, and everything that can happen to them: killed while they write, closed, put to sleep and
 * taken for dead, cut off, a full disk, somebody else in the same fields. Whatever was written down once is stored in the
 * end, once, or is there with its text: as what was refused, or as what was being written.
 *
 * Each edit writes a value that no other writes, so that it is known again: the id of a new stop, or a text.
 * @import { Draft } from "#realtime/draft.js"
 * @import { Tab } from "./tabs.js"
 * @typedef {{value: string, tab: Tab, field: string, typing: boolean}} Edit
 */
import assert from "node:assert/strict";
import { test } from "node:test";

import { PATIENCE, TYPING } from "#realtime/keep.js";

import { chance } from "./clock.js";
import { Desk, rest } from "./tabs.js";

const WORLDS = Math.ceil(Number(process.env.WORLDS ?? 60) / 2);
const STEPS = 240;

class World extends Desk {
  /** @type {Tab[]} */
  tabs = [];
  /** @type {Edit[]} */
  edits = [];
  /** Did a tab ever go on without waiting for the disk? Then an edit may have gone out in two forms, and a late write undo another. */
  slow = false;
  /** @type {Set<string>} what was written down at some time */
  kept = new Set();
  /** @type {Set<string>} what its writer has replaced in the same tab */
  overwritten = new Set();

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
      () => tab && this.write(tab), () => tab && this.write(tab), () => tab && this.write(tab), () => tab && this.write(tab),
      () => tab && this.leave(tab),
      () => dice.is(0.2) && this.bob(),
      () => browser.disk(1 + dice.below(2)), () => browser.disk(), () => browser.disk(),
      () => this.wire(), () => this.wire(), () => this.wire(), () => this.wire(),
      () => this.clock.pass(dice.below(1_000)),
      () => tab && dice.is(0.3) && this.end(tab),
      () => tab && dice.is(0.3) && this.cut(tab),
      () => tab?.goOnline(),
      () => tab && dice.is(0.3) && browser.holding.delete(tab), // it sleeps
      () => dice.is(0.05) && this.server.stop(),
    ])();
    await rest();
    this.slow ||= this.tabs.some(({ keeper }) => !keeper.works.peek());
    this.look();
  }

  /** What is written down by now? */
  look() {
    const notes = [...this.browser.notes.values()].map((note) => JSON.parse(note));
    const written = notes.flatMap(({ pending, drafts }) => [...valuesOf(pending.flatMap(stepsOf)), ...drafts.map(textOf)]);
    const settled = this.tabs.filter(({ keeper }) => keeper.settled && keeper.works.peek());
    const done = this.edits.filter(({ tab, typing }) => !typing && settled.includes(tab)).map(({ value }) => value);
    for (const value of [...written, ...done]) this.kept.add(value);
  }

  async open() {
    this.tabs.push(await this.tab());
  }

  /** @param {Tab} tab */
  write(tab) {
    const value = `s${this.edits.length}`;
    const field = this.dice.pick(["id", "notes", "place"]);
    const typing = field !== "id" && this.dice.is(0.3);
    this.edits.push({ value, tab, field: field === "id" ? value : field, typing });
    if (field === "id") tab.edit(value, { activity: "Walk", day: 1 });
    else if (typing) this.type(tab.store.draft("itinerary", "louvre", field), value);
    else tab.edit("louvre", { [field]: value }, this.dice.pick([undefined, tab.store.seq]));
  }

  /** @param {Draft} draft @param {string} value */
  type(draft, value) {
    if (draft.touched) this.overwritten.add(draft.text.peek());
    draft.typed(value);
  }

  /** A field is left, and so saved; perhaps in another tab than it was typed in. @param {Tab} tab */
  leave(tab) {
    const { drafts } = tab.store;
    const draft = this.dice.pick([...drafts.values(), undefined]);
    if (!draft?.touched) return;
    const [, field] = draft.key.split(".");
    const value = draft.text.peek();
    this.edits.push({ value, tab, field, typing: false });
    tab.store.transact(() => {
      drafts.delete(draft.key);
      tab.edit("louvre", { [field]: value }, draft.seq);
    });
  }

  bob() {
    const data = { id: "louvre", [this.dice.pick(["notes", "place"])]: "Bob’s" };
    this.server.mutate("bob", { type: "itinerary_update", mutation_id: `bob${this.server.seq}`, data });
  }

  /** What was written down, and is neither stored nor there with its text. @param {Tab} last */
  lost({ store }) {
    const refused = store.problems.peek().map(({ field, mine }) => ({ data: field ? { [field]: mine } : mine }));
    const found = new Set([...valuesOf([...this.server.journal, ...refused]), ...store.drafts.kept().map(textOf)]);
    const instead = this.edits.filter(({ tab, field }, index) =>
      this.edits.some((later, at) => at > index && later.tab === tab && later.field === field && found.has(later.value)));
    for (const { value } of instead) this.overwritten.add(value);
    return [...this.kept].filter((value) => !found.has(value) && !this.overwritten.has(value));
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

  /** For a moment, or for longer. @param {Tab} tab */
  cut(tab) {
    tab.goOffline();
    if (this.dice.is(0.5)) tab.goOnline();
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

/** @param {any} entry */
const stepsOf = ({ steps }) => steps;

/** @param {{text: string}} draft */
const textOf = ({ text }) => text;

/** @param {any[]} steps @returns {string[]} */
const valuesOf = (steps) => steps.flatMap(({ data = {} }) => [data.id, data.notes, data.place].filter(Boolean));

for (let seed = 1; seed <= WORLDS; seed += 1) {
  test(`tabs ${seed}: what was written down once is stored once`, async () => {
    const world = new World(seed);
    await world.open();
    for (let step = 0; step < STEPS; step += 1) await world.step();
    const last = await world.quiet();
    assert.deepEqual([last.count, last.store.pending.length], [0, 0]);
    const refused = last.store.problems.peek().map(({ code }) => code);
    const expected = ["conflict", "unsaved", ...(world.slow ? ["mutation_reused"] : [])];
    assert.deepEqual(refused.filter((code) => !expected.includes(code)), []);
    if (!world.slow) assert.deepEqual(world.lost(last), []);
    for (const { key } of last.store.problems.peek()) last.store.dismiss(key);
    for (const key of last.store.drafts.keys()) last.store.drafts.delete(key);
    await world.clock.pass(TYPING);
    await rest();
    assert.equal(world.browser.notes.size, 0);
    const stored = world.server.snapshot().itinerary.map((/** @type {any} */ { id }) => id);
    assert.equal(new Set(stored).size, stored.length);
    const ids = world.server.journal.map(({ mutation_id }) => mutation_id);
    assert.equal(new Set(ids).size, ids.length, "nothing was stored twice");
    last.trip.close();
    await world.clock.pass(PATIENCE); // of those that were killed while they wrote
    assert.equal(world.clock.waiting, 0, "no timer outlives a closed trip");
  });
}

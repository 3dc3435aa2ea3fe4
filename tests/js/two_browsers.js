/**
 * Two browsers without a page, on a real server: `tests/realtime/test_browser_core.py` runs this, and stops and starts
 * the server when a line here asks for it.
 *
 * Arguments: the server's address, the trip, then `<user_id>=<session key>` twice.
 */
import assert from "node:assert/strict";
import { createInterface } from "node:readline";

import WebSocket from "ws";

import { connectTrip } from "#realtime/trip.js";
import { KINDS } from "#realtime/types.js";

import { chance } from "./clock.js";
import { shownOf, someWish } from "./wishes.js";

const [server, tripId, ...sessions] = process.argv.slice(2);
const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const dice = chance(7);
const browsers = sessions.map((session) => open(session.split("=")));
const stores = browsers.map(({ store }) => store);
let ids = 0;

/** @param {string[]} session */
function open([userId, key]) {
  const headers = { Cookie: `sessionid=${key}`, Origin: server };
  const WebSocketImpl = /** @type {any} */ (
    class extends WebSocket {
      /** @param {string} url @param {string[]} protocols */
      constructor(url, protocols) {
        super(url, protocols, { headers });
      }
    }
  );
  const url = `${server}/api/v1/ws/${userId}`;
  return connectTrip({ tripId, userId, url, WebSocketImpl, wakers: null, isOnline: () => true, random: () => 0.2 });
}

/** Something to be done to the server. @param {string} wish */
async function ask(wish) {
  console.log(wish);
  await answers.next();
}

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await new Promise((done) => setTimeout(done, 10));
}

const quiet = () => until(() => stores.every(({ pending, seq }) => pending.length === 0 && seq === stores[0].seq));

/** @param {number} times @param {typeof stores} who */
async function edit(times, who) {
  for (let turn = 0; turn < times; turn += 1) {
    const store = dice.pick(who);
    const wish = someWish(store, dice, () => `n${++ids}`);
    if (wish) store.propose(wish);
    if (dice.is(0.5)) await new Promise((done) => setTimeout(done, dice.below(20)));
  }
}

async function saved() {
  const [, key] = sessions[0].split("=");
  const answer = await fetch(`${server}/api/v1/trips/${tripId}/`, { headers: { Cookie: `sessionid=${key}` } });
  const snapshot = await answer.json();
  const kinds = Object.entries(KINDS);
  const all = kinds.flatMap(([kind, { key, collection }]) => [snapshot[collection]].flat().map((each) => [`${kind}:${each[key]}`, each]));
  return Object.fromEntries(all);
}

await until(() => stores.every((store) => store.tripId !== ""));
await edit(40, stores);
await ask("stop");
await edit(40, stores);
await until(() => browsers.every(({ sign }) => sign.value === "reconnecting"));
await ask("start");
await edit(20, stores);
await quiet();
assert.deepEqual(shownOf(stores[0]), shownOf(stores[1]), "both see the same");
assert.deepEqual(shownOf(stores[0]), await saved(), "and it is what is saved");

for (const store of stores) {
  await ask("stop");
  await edit(15, [store]);
  const offline = shownOf(store);
  await ask("start");
  await quiet();
  assert.deepEqual(shownOf(store), offline, "what one alone did offline is what came of it");
}
assert.ok(browsers.every(({ sign }) => sign.value === "live"));
for (const browser of browsers) browser.close();
console.log("done");
process.exit(0);

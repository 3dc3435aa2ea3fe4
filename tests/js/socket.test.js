/** A connection that is lost and found again. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER_WITHIN, PING_EACH, createSocket, delay, messagesIn, socketUrl } from "#realtime/socket.js";

import { HandClock, settled } from "./clock.js";
import { lineTo } from "./line.js";

/** @import { Line } from "./line.js" */

/** A server that says hello, and nothing else. @param {Partial<import("#realtime/socket.js").SocketOptions>} [options] */
async function call(options = {}) {
  const clock = new HandClock();
  const lines = /** @type {Line[]} */ ([]);
  const wakers = new EventTarget();
  const socket = createSocket({
    url: "ws://here/api/v1/ws/alice", clock, random: () => 1, wakers,
    WebSocketImpl: lineTo({ connected: (line) => void lines.push(line), heard: () => {} }), ...options,
  });
  await settled();
  return { clock, lines, socket, wakers, last: () => /** @type {Line} */ (lines.at(-1)) };
}

/** @param {Line} line */
function hello(line) {
  line.down.push({ type: "connection", status: "connected" });
  line.deliver();
}

/** @param {Line} line */
const types = (line) => line.up.map(({ type }) => type);

test("the wait before an attempt is anything up to a limit that doubles", () => {
  assert.equal(delay(1, () => 1), 1_000);
  assert.equal(delay(3, () => 0.5), 2_000);
  assert.equal(delay(50, () => 1), 15_000);
  assert.equal(delay(9, () => 0), 0);
});

test("the address is a page's own host, or any other", () => {
  assert.equal(socketUrl("/api/v1/ws/alice", "https://trips.example.org/trips/t/"), "wss://trips.example.org/api/v1/ws/alice");
  assert.equal(socketUrl("http://localhost:8000/api/v1/ws/alice", undefined), "ws://localhost:8000/api/v1/ws/alice");
  assert.equal(socketUrl("wss://far/api/v1/ws/alice", "http://here/"), "wss://far/api/v1/ws/alice");
});

test("a frame holds one message a line, and what is none does no harm", () => {
  assert.deepEqual(messagesIn('{"type":"a"}\n{"type":"b"}\n').map(({ type }) => type), ["a", "b"]);
  assert.deepEqual(messagesIn('{"type":"a"}\n{oops\nnull\n[1]\n7\n{"no":"type"}\n{"type":"b"}').map(({ type }) => type), ["a", "b"]);
  assert.deepEqual(messagesIn(new ArrayBuffer(4)), []);
});

test("it is open when the server has said hello, in our protocol", async () => {
  const { last, socket } = await call();
  assert.deepEqual(last().protocols, ["globetrotter.v1"]);
  assert.equal(socket.state, "connecting");
  assert.equal(socket.send({ type: "typing" }), false);
  hello(last());
  assert.equal(socket.state, "open");
  assert.equal(socket.send({ type: "typing" }), true);
  assert.deepEqual(types(last()), ["typing"]);
});

test("listeners hear their type, or all, until they stop", async () => {
  const { last, socket } = await call();
  const heard = /** @type {string[]} */ ([]);
  const stop = socket.on("left", ({ type }) => heard.push(type));
  socket.on("*", ({ type }) => heard.push(`*${type}`));
  hello(last());
  last().down.push({ type: "left" });
  last().deliver();
  stop();
  last().down.push({ type: "left" });
  last().deliver();
  assert.deepEqual(heard, ["*connection", "left", "*left", "*left"]);
});

test("a lost line is called again, each time later, and at once from the start after a hello", async () => {
  const { clock, last, lines, socket } = await call();
  hello(last());
  for (const wait of [1_000, 2_000, 4_000]) {
    last().cut();
    assert.equal(socket.state, "connecting");
    await clock.pass(wait - 1);
    const before = lines.length;
    await clock.pass(1);
    assert.equal(lines.length, before + 1);
  }
  hello(last());
  last().cut(4503);
  await clock.pass(1_000);
  assert.equal(lines.length, 5);
});

test("rooms are entered again after a reconnect, with what is known by then", async () => {
  const { clock, last, socket } = await call();
  let known = 4;
  socket.join("t", () => known);
  socket.join("other");
  hello(last());
  assert.deepEqual(last().up, [{ type: "join_trip", trip_id: "t", since: 4 }, { type: "join_trip", trip_id: "other" }]);
  socket.leave("other");
  known = 9;
  last().cut();
  await clock.pass(1_000);
  hello(last());
  assert.deepEqual(last().up, [{ type: "join_trip", trip_id: "t", since: 9 }]);
});

test("it pings each 20 s, and a line that does not answer is dropped and called again", async () => {
  const { clock, last, lines, socket } = await call();
  hello(last());
  await clock.pass(PING_EACH);
  assert.deepEqual(types(last()), ["ping"]);
  assert.match(last().up[0].timestamp, /^\d{4}-.*Z$/);
  last().down.push({ type: "pong" });
  last().deliver();
  await clock.pass(PING_EACH);
  assert.equal(socket.state, "open");
  const dead = last();
  await clock.pass(ANSWER_WITHIN);
  assert.equal(socket.state, "connecting");
  assert.equal(dead.open, false);
  await clock.pass(1_000);
  assert.equal(lines.length, 2);
  dead.onmessage?.({ data: '{"type":"connection"}' });
  assert.equal(socket.state, "connecting", "the dead line has nothing to say any more");
});

test("a server that never says hello is called again", async () => {
  const { clock, lines } = await call();
  await clock.pass(ANSWER_WITHIN + 1_000);
  assert.equal(lines.length, 2);
});

test("after 4401 it tries once, with fresh credentials, and then no more", async () => {
  let token = 0;
  const { clock, last, lines, socket } = await call({ protocols: async () => ["globetrotter.v1", `bearer.${++token}`] });
  await settled();
  hello(last());
  last().cut(4401);
  await clock.pass(0);
  await settled();
  assert.deepEqual(last().protocols, ["globetrotter.v1", "bearer.2"]);
  last().cut(4401);
  await clock.pass(60_000);
  assert.deepEqual([lines.length, socket.state, socket.refusedWith], [2, "closed", 4401]);
});

test("who was signed out, and comes back to the page signed in, is connected again", async () => {
  const { clock, last, lines, socket, wakers } = await call();
  hello(last());
  last().cut(4401);
  await clock.pass(0);
  await settled();
  last().cut(4401);
  assert.deepEqual([lines.length, socket.state, socket.refusedWith], [2, "closed", 4401]);
  for (let times = 0; times < 2; times++) wakers.dispatchEvent(new Event("visibilitychange"));
  await settled();
  assert.equal(lines.length, 3);
  hello(last());
  assert.deepEqual([socket.state, socket.refusedWith], ["open", 0]);
});

test("credentials that cannot be had are asked for again later", async () => {
  let asked = 0;
  const { clock, lines } = await call({
    protocols: () => (++asked === 1 ? Promise.reject(new Error("offline")) : ["globetrotter.v1"]),
  });
  await clock.pass(1_000);
  await settled();
  assert.equal(lines.length, 1);
});

for (const code of [4403, 4404]) {
  test(`after ${code} it does not retry`, async () => {
    const { clock, last, lines, socket } = await call();
    last().cut(code);
    await clock.pass(60_000);
    assert.deepEqual([lines.length, socket.state, socket.refusedWith], [1, "closed", code]);
  });
}

test("after 4429 it waits longer", async () => {
  const { clock, last, lines } = await call();
  hello(last());
  last().cut(4429);
  await clock.pass(7_999);
  assert.equal(lines.length, 1);
  await clock.pass(1);
  assert.equal(lines.length, 2);
});

test("when the network comes back it does not wait for its turn", async () => {
  const { last, lines, wakers } = await call();
  hello(last());
  last().cut();
  wakers.dispatchEvent(new Event("online"));
  await settled();
  assert.equal(lines.length, 2);
  hello(last());
  wakers.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(types(last()), ["ping"], "an open line is looked after at once");
});

test("closed is closed: nothing is left behind", async () => {
  const { clock, last, lines, socket, wakers } = await call();
  hello(last());
  const line = last();
  socket.close();
  wakers.dispatchEvent(new Event("online"));
  await clock.pass(60_000);
  assert.deepEqual([socket.state, line.closedWith, lines.length, clock.waiting], ["closed", 1000, 1, 0]);
});

test("what one frame brought is handed over as one", async () => {
  const steps = /** @type {string[]} */ ([]);
  const { last, socket } = await call({ together: (work) => (steps.push("("), work(), steps.push(")")) });
  socket.on("*", ({ type }) => steps.push(type));
  last().down.push({ type: "connection" }, { type: "joined" });
  last().deliver();
  assert.equal(steps.join(" "), "( connection joined )");
});

/** The sign that says whether what I do arrives. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { createSign, signOf } from "#realtime/sign.js";
import { createSocket } from "#realtime/socket.js";

import { HandClock, settled } from "./clock.js";
import { lineTo } from "./line.js";

test("a blink is not worth a word; after 1.5 s it is, and after 10 s it is offline", () => {
  assert.equal(signOf(0, true), "live");
  assert.equal(signOf(1_499, true), "live");
  assert.equal(signOf(1_500, true), "reconnecting");
  assert.equal(signOf(10_000, true), "offline");
  assert.equal(signOf(0, false), "offline");
});

test("the sign goes through its states by itself, and back at once", async () => {
  const clock = new HandClock();
  const wakers = new EventTarget();
  const lines = /** @type {import("./line.js").Line[]} */ ([]);
  let online = true;
  const WebSocketImpl = lineTo({ connected: (line) => void lines.push(line), heard: () => {} });
  const socket = createSocket({ url: "ws://here/", clock, wakers, random: () => 1, WebSocketImpl });
  const { sign, close } = createSign(socket, { clock, wakers, isOnline: () => online });
  const hello = async () => {
    await settled();
    lines.at(-1)?.onmessage?.({ data: '{"type":"connection"}' });
  };
  assert.equal(sign.value, "live");
  await clock.pass(1_500);
  assert.equal(sign.value, "reconnecting");
  await hello();
  assert.equal(sign.value, "live");
  await clock.pass(5_000);

  lines.at(-1)?.cut();
  await clock.pass(1_499);
  assert.equal(sign.value, "live");
  await clock.pass(1);
  assert.equal(sign.value, "reconnecting");
  await clock.pass(8_500);
  assert.equal(sign.value, "offline");
  await hello();
  assert.equal(sign.value, "live");

  online = false;
  wakers.dispatchEvent(new Event("offline"));
  assert.equal(sign.value, "offline");
  online = true;
  wakers.dispatchEvent(new Event("online"));
  assert.equal(sign.value, "live");

  lines.at(-1)?.cut(4403);
  assert.equal(sign.value, "offline", "it will not come back by itself");
  close();
  socket.close();
  assert.equal(clock.waiting, 0);
});

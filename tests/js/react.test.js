/** `useWebSocket` in real React and in Preact, used as the feature document has it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Window } from "happy-dom";

import { HandClock, settled } from "./clock.js";
import { lineTo } from "./line.js";

/** @import { Line } from "./line.js" */

const window = new Window({ url: "https://trips.example.org/" });
Object.assign(globalThis, { window, document: window.document, location: window.location, IS_REACT_ACT_ENVIRONMENT: true });
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
after(() => window.close());

const { act, createElement, StrictMode } = await import("react");
const { createRoot } = await import("react-dom/client");
const preact = await import("preact");
const { act: preactAct } = await import("preact/test-utils");
const reactHook = (await import("#realtime/react.js")).useWebSocket;
const preactHook = (await import("#realtime/preact.js")).useWebSocket;

const REACT = {
  name: "React",
  useWebSocket: reactHook,
  /** @param {() => null} component */
  mount(component) {
    const root = createRoot(/** @type {any} */ (window.document.createElement("div")));
    const show = (/** @type {any} */ child) => act(() => root.render(child));
    return { show: () => show(createElement(StrictMode, null, createElement(component))), close: () => show(null) };
  },
  /** @param {() => void} work */
  within: (work) => act(async () => work()),
};

const PREACT = {
  name: "Preact",
  useWebSocket: preactHook,
  /** @param {() => null} component */
  mount(component) {
    const root = /** @type {any} */ (window.document.createElement("div"));
    const show = (/** @type {any} */ child) => preactAct(() => preact.render(child, root));
    return { show: () => show(preact.h(component, null)), close: () => show(null) };
  },
  /** @param {() => void} work */
  within: (work) => preactAct(work),
};

for (const { name, useWebSocket, mount, within } of [REACT, PREACT]) {
  async function component() {
    const clock = new HandClock();
    const lines = /** @type {Line[]} */ ([]);
    const WebSocketImpl = lineTo({ connected: (line) => void lines.push(line), heard: () => {} });
    const page = { userId: "user123", live: /** @type {import("#realtime/hook.js").Live | null} */ (null) };
    const { show, close } = mount(() => {
      page.live = useWebSocket(page.userId, { WebSocketImpl, clock, wakers: null, random: () => 1, keep: 3 });
      return null;
    });
    const open = () => lines.filter((line) => line.open);
    /** @param {...object} messages */
    const arrive = (...messages) =>
      within(() => {
        open()[0].down.push(...messages);
        open()[0].deliver();
      });
    await show();
    await settled();
    const live = () => /** @type {import("#realtime/hook.js").Live} */ (page.live);
    return { page, live, show, close, open, arrive, clock };
  }

  test(`${name}: the shape is that of the feature document`, async () => {
    const { live, open, close } = await component();
    assert.deepEqual(Object.keys(live()), ["messages", "isConnected", "sendMessage", "joinTrip", "leaveTrip"]);
    assert.deepEqual(open().map(({ url }) => url), ["wss://trips.example.org/api/v1/ws/user123"]);
    assert.deepEqual([live().messages, live().isConnected], [[], false]);
    await close();
  });

  test(`${name}: messages come in, pongs aside, and no more than were asked for are kept`, async () => {
    const { arrive, live, close } = await component();
    await arrive({ type: "connection", status: "connected", user_id: "user123" });
    assert.equal(live().isConnected, true);
    assert.equal(live().messages[0].user_id, "user123");
    await arrive({ type: "pong" }, { type: "a" }, { type: "b" }, { type: "c" });
    assert.deepEqual(live().messages.map(({ type }) => type), ["a", "b", "c"]);
    await close();
  });

  test(`${name}: it joins, sends and leaves, and its functions stay the same`, async () => {
    const { arrive, live, open, close } = await component();
    const { joinTrip, leaveTrip, sendMessage } = live();
    await arrive({ type: "connection" });
    joinTrip("trip123");
    sendMessage({ type: "trip_update", trip_id: "trip123", data: { title: "New Trip Title" } });
    leaveTrip("trip123");
    assert.deepEqual(open()[0].up, [
      { type: "join_trip", trip_id: "trip123" },
      { type: "trip_update", trip_id: "trip123", data: { title: "New Trip Title" } },
      { type: "leave_trip", trip_id: "trip123" },
    ]);
    assert.equal(live().joinTrip, joinTrip);
    await close();
  });

  test(`${name}: after a reconnect it is in its trips again, once, also if the app joins whenever it is connected`, async () => {
    const { arrive, clock, live, open, close } = await component();
    await arrive({ type: "connection" });
    live().joinTrip("trip123");
    live().joinTrip("trip456");
    live().leaveTrip("trip456");
    await within(() => open()[0].cut());
    assert.equal(live().isConnected, false);
    await clock.pass(1_000);
    await arrive({ type: "connection" });
    live().joinTrip("trip123");
    assert.deepEqual(open()[0].up, [{ type: "join_trip", trip_id: "trip123" }]);
    live().joinTrip("trip123");
    assert.equal(open()[0].up.length, 2, "to ask again is possible");
    await close();
  });

  test(`${name}: what is joined before there is a connection is joined when there is one`, async () => {
    const { arrive, live, open, close } = await component();
    live().joinTrip("trip123");
    live().sendMessage({ type: "ping" });
    await arrive({ type: "connection" });
    assert.deepEqual(open()[0].up, [{ type: "join_trip", trip_id: "trip123" }]);
    await close();
  });

  test(`${name}: another user is another connection, and unmounting leaves nothing behind`, async () => {
    const { clock, open, page, show, close } = await component();
    page.userId = "user 456";
    await show();
    await settled();
    assert.deepEqual(open().map(({ url }) => url), ["wss://trips.example.org/api/v1/ws/user%20456"]);
    await close();
    assert.deepEqual([open().length, clock.waiting], [0, 0]);
  });
}

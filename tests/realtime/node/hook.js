/**
 * Draws the component of the feature document with its hook, or with ours (`node hook.js ours`), and tells what is on
 * the page each time it is drawn.
 */
import { readFileSync } from "node:fs";

import { Window } from "happy-dom";
import WebSocket from "ws";

import { obey, tell } from "./commands.js";
import { SignedIn } from "./socket.js";

const { PORT, TOKEN, USER, TRIP } = process.env;
const window = new Window({ url: `http://127.0.0.1:${PORT}/` });
const globals = { window, document: window.document, navigator: window.navigator, WebSocket: SignedIn };
for (const [name, value] of Object.entries(globals)) Object.defineProperty(globalThis, name, { value });
console.log = (...said) => tell({ said: said.join(" ") });

const { createElement, useEffect } = await import("react");
const { createRoot } = await import("react-dom/client");

const theirs = async () => (await import(String(new URL("../feature_document_js/use_websocket.js", import.meta.url)))).useWebSocket;

const ours = async () => {
  const { useWebSocket } = await import("#realtime/react.js");
  const options = {
    url: `ws://127.0.0.1:${PORT}/api/v1/ws/${USER}`,
    protocols: ["globetrotter.v1", `bearer.${TOKEN}`],
    WebSocketImpl: /** @type {any} */ (WebSocket),
  };
  return (/** @type {string} */ userId) => useWebSocket(userId, options);
};

const useWebSocket = await (process.argv[2] === "ours" ? ours() : theirs());

/** @type {any} */
let live = {};
const watched = (/** @type {string} */ userId) => (live = useWebSocket(userId));

// JSX is for a compiler; here is what it makes of this.
const source = readFileSync(new URL("../feature_document_js/trip_collaboration.jsx", import.meta.url), "utf8");
const compiled = source.replace(/<div>[^]*<\/div>/, "createElement('div', null, isConnected ? '🟢 Live' : '🔴 Offline')");
const TripCollaboration = new Function("createElement", "useEffect", "useWebSocket", `${compiled}; return TripCollaboration;`)(
  createElement, useEffect, watched,
);

const container = /** @type {any} */ (window.document.createElement("main"));
const root = createRoot(container);

function App() {
  useEffect(() => tell({ shown: container.textContent, messages: live.messages }));
  return createElement(TripCollaboration, { userId: USER, tripId: TRIP });
}
// The component draws itself anew without its parent, so the page is watched from outside too.
new window.MutationObserver(() => tell({ shown: container.textContent, messages: live.messages })).observe(container, {
  subtree: true, childList: true, characterData: true,
});
root.render(createElement(App));

obey(() => ({
  ...live,
  look: () => tell({ shown: container.textContent, messages: live.messages }),
  unmount: () => root.unmount(),
}));

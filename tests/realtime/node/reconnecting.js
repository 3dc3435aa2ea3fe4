/** Runs the reconnecting class of the feature document, which tells itself what it does; its waits end when we say so. */
import { readFileSync } from "node:fs";

import { obey, tell } from "./commands.js";
import { SignedIn } from "./socket.js";

console.log = (...said) => tell({ said: said.join(" ") });
const source = readFileSync(new URL("../feature_document_js/reconnecting_websocket.js", import.meta.url), "utf8");
/** @type {(() => void)[]} */
const waiting = [];
const wait = (/** @type {() => void} */ work) => void waiting.push(work);
const ReconnectingWebSocket = new Function("WebSocket", "setTimeout", `${source}; return ReconnectingWebSocket;`)(SignedIn, wait);
const socket = new ReconnectingWebSocket(`ws://localhost:8000/api/v1/ws/${process.env.USER}`);
obey(() => ({
  later: () => waiting.splice(0).forEach((work) => work()),
  send: (/** @type {object} */ message) => socket.send(message),
  end: () => {
    socket.maxRetries = 0;
    socket.ws.close();
  },
}));

/** Runs the reconnecting class of the feature document, four times as fast; it tells itself what it does. */
import { readFileSync } from "node:fs";

import { obey, tell } from "./commands.js";
import { SignedIn } from "./socket.js";

console.log = (...said) => tell({ said: said.join(" ") });
const source = readFileSync(new URL("../feature_document_js/reconnecting_websocket.js", import.meta.url), "utf8");
const sooner = (/** @type {() => void} */ work, /** @type {number} */ ms) => setTimeout(work, ms / 4);
const ReconnectingWebSocket = new Function("WebSocket", "setTimeout", `${source}; return ReconnectingWebSocket;`)(SignedIn, sooner);
const socket = new ReconnectingWebSocket(`ws://localhost:8000/api/v1/ws/${process.env.USER}`);
obey(() => ({
  send: (/** @type {object} */ message) => socket.send(message),
  end: () => {
    socket.maxRetries = 0;
    socket.ws.close();
  },
}));

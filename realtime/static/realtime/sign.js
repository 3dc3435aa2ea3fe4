/**
 * The connection sign of the page: Live, Reconnecting or Offline. UI.md, "Components and their states".
 *
 * @import { Clock, Socket } from "#realtime/socket.js"
 * @typedef {"live" | "reconnecting" | "offline"} Sign
 */
import { signal } from "@preact/signals-core";

import { systemClock } from "#realtime/socket.js";

/** A blink of the line is not worth a word; after a while it is not a blink. Both in ms without a connection. */
export const RECONNECTING_AFTER = 1_500;
export const OFFLINE_AFTER = 10_000;

/**
 * @param {number} lost for how many ms there has been no connection; 0 if there is one
 * @param {boolean} online what the browser says
 * @returns {Sign}
 */
export function signOf(lost, online) {
  if (!online || lost >= OFFLINE_AFTER) return "offline";
  return lost >= RECONNECTING_AFTER ? "reconnecting" : "live";
}

/** What the browser knows for sure: it says no only when there is no network at all. */
const browserIsOnline = () => globalThis.navigator?.onLine !== false;

/** @param {number} lost @returns {number | null} in how many ms the sign will change by itself */
export const changesIn = (lost) => [RECONNECTING_AFTER, OFFLINE_AFTER].find((limit) => limit > lost) ?? null;

/**
 * @param {Socket} socket
 * @param {{clock?: Clock, wakers?: EventTarget | null, isOnline?: () => boolean}} [options]
 */
export function createSign(socket, options = {}) {
  const { clock = systemClock, wakers = globalThis.window ?? null, isOnline = browserIsOnline } = options;
  const sign = signal(/** @type {Sign} */ ("live"));
  /** @type {any} */
  let timer;
  const look = () => {
    clock.clearTimeout(timer);
    const lost = socket.state === "open" ? 0 : clock.now() - socket.since;
    sign.value = socket.state === "closed" ? "offline" : signOf(lost, isOnline());
    const limit = changesIn(lost);
    if (socket.state === "connecting" && limit !== null) timer = clock.setTimeout(look, limit - lost);
  };
  const stop = socket.onState(look);
  for (const name of ["online", "offline"]) wakers?.addEventListener(name, look);
  look();
  const close = () => {
    stop();
    clock.clearTimeout(timer);
    for (const name of ["online", "offline"]) wakers?.removeEventListener(name, look);
  };
  return { sign, close };
}

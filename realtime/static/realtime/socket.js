/**
 * One person's connection to GlobeTrotter, kept up: it reconnects with full jitter, notices a dead line, and re-enters
 * the rooms it was in. Needs no other package. The rules are those of PROTOCOL.md.
 *
 * @import { Message } from "#realtime/types.js"
 * @typedef {"connecting" | "open" | "closed"} State `open` once the server has said who we are; `closed` for good
 *
 * Time and chance, so that tests need neither sleep nor luck.
 * @typedef {object} Clock
 * @property {() => number} now ms
 * @property {(work: () => void, ms: number) => any} setTimeout
 * @property {(timer: any) => void} clearTimeout
 *
 * @typedef {object} SocketOptions
 * @property {string | URL} url absolute, or from the page's own host: `/api/v1/ws/user123`
 * @property {string[] | (() => string[] | Promise<string[]>)} [protocols] asked anew for each connection, so that a token
 *   can be fresh: `["globetrotter.v1", "bearer.<JWT>"]`
 * @property {new (url: string, protocols: string[]) => WebSocket} [WebSocketImpl]
 * @property {() => number} [random]
 * @property {Clock} [clock]
 * @property {EventTarget | null} [wakers] what tells `online`, `offline` and `visibilitychange`: the window
 * @property {(work: () => void) => void} [together] runs what one frame brought, so that the page is drawn once
 */

export const PING_EACH = 20_000;
/** Nothing heard for so long after a ping, or after beginning to connect: the line is dead. */
export const ANSWER_WITHIN = 10_000;

const NOT_SIGNED_IN = 4401;
const FINAL = new Set([4403, 4404]);
const TOO_MANY = 4429;
const WAKING = ["online", "offline", "visibilitychange"];

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  setTimeout: (work, ms) => setTimeout(work, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/**
 * How long to wait before the next attempt, in ms: anything up to a limit that doubles, so that those who lost the same
 * server do not come back at once.
 * @param {number} attempt counted from 1
 */
export const delay = (attempt, random = Math.random) => random() * Math.min(15_000, 500 * 2 ** attempt);

/**
 * @param {string | URL} url
 * @param {string | undefined} [base]
 */
export function socketUrl(url, base = globalThis.location?.href) {
  const absolute = new URL(url, base);
  absolute.protocol = absolute.protocol.replace("http", "ws");
  return absolute.href;
}

/**
 * The messages of a frame: one a line. What is not a message is left out.
 * @param {unknown} frame
 * @returns {Message[]}
 */
export function messagesIn(frame) {
  if (typeof frame !== "string") return [];
  return frame.split("\n").flatMap((line) => {
    try {
      const message = JSON.parse(line);
      return typeof message?.type === "string" ? [message] : [];
    } catch {
      return [];
    }
  });
}

/** @param {SocketOptions} options */
export const createSocket = (options) => new Socket(options);

export class Socket {
  /** @type {State} */
  state = "connecting";
  /** When `state` was last something else, on the clock. */
  since;
  /** The close code after which we did not come back, or 0. */
  refusedWith = 0;

  /** @type {WebSocket | null} */
  #ws = null;
  #attempt = 0;
  #unsigned = 0;
  /** @type {{retry?: any, ping?: any, watch?: any}} */
  #timers = {};
  /** @type {Map<string, () => number | undefined>} */
  #rooms = new Map();
  /** @type {Map<string, Set<(message: Message) => void>>} */
  #listeners = new Map();
  /** @type {Set<(state: State) => void>} */
  #stateListeners = new Set();
  #options;

  /** @param {SocketOptions} options */
  constructor({
    url, protocols = ["globetrotter.v1"], WebSocketImpl = globalThis.WebSocket, random = Math.random, clock = systemClock,
    wakers = globalThis.window ?? null, together = (work) => work(),
  }) {
    this.#options = { url: socketUrl(url), protocols, WebSocketImpl, random, clock, wakers, together };
    this.since = clock.now();
    for (const name of WAKING) wakers?.addEventListener(name, this.#wake, true);
    void this.#connect();
  }

  /**
   * @param {string} type of message, or `*` for every one
   * @param {(message: Message) => void} listener
   * @returns {() => void} ends it
   */
  on(type, listener) {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** @param {(state: State) => void} listener @returns {() => void} ends it */
  onState(listener) {
    this.#stateListeners.add(listener);
    return () => void this.#stateListeners.delete(listener);
  }

  /** @param {object} message @returns {boolean} whether there was a connection to send it on */
  send(message) {
    if (this.state !== "open") return false;
    this.#ws?.send(JSON.stringify(message));
    return true;
  }

  /**
   * Enter a trip's room, now and after each reconnect.
   * @param {string} tripId
   * @param {() => number | undefined} [since] the last change that is known, asked each time
   */
  join(tripId, since = () => undefined) {
    this.#rooms.set(tripId, since);
    this.#enter(tripId, since);
  }

  /** @param {string} tripId */
  leave(tripId) {
    if (this.#rooms.delete(tripId)) this.send({ type: "leave_trip", trip_id: tripId });
  }

  /** Close for good. */
  close() {
    for (const name of WAKING) this.#options.wakers?.removeEventListener(name, this.#wake, true);
    this.#abandon(1000);
    this.#become("closed");
  }

  async #connect() {
    const { url, WebSocketImpl } = this.#options;
    this.#timers.retry = undefined;
    this.#expectLife();
    const attempt = this.#timers.watch;
    const names = await this.#protocols();
    if (attempt !== this.#timers.watch) return;
    if (!names) return this.#lost(1006);
    const ws = new WebSocketImpl(url, names);
    this.#ws = ws;
    ws.onmessage = ({ data }) => this.#hear(data);
    ws.onclose = ({ code }) => this.#lost(code);
    ws.onerror = () => {}; // a close follows; without a listener Node's sockets throw
  }

  /** @returns {Promise<string[] | null>} `null` if there are no credentials to be had now */
  async #protocols() {
    const { protocols } = this.#options;
    try {
      return typeof protocols === "function" ? await protocols() : protocols;
    } catch {
      return null;
    }
  }

  /** @param {unknown} frame */
  #hear(frame) {
    this.#clear("watch");
    this.#options.together(() => {
      for (const message of messagesIn(frame)) {
        if (message.type === "connection") this.#welcome();
        for (const type of [message.type, "*"]) for (const listener of this.#listeners.get(type) ?? []) listener(message);
      }
    });
  }

  /** Only now are we in: a server that refuses accepts first, to say why. */
  #welcome() {
    this.#attempt = this.#unsigned = this.refusedWith = 0;
    this.#become("open");
    this.#pingLater();
    for (const [tripId, since] of this.#rooms) this.#enter(tripId, since);
  }

  /**
   * @param {string} trip_id
   * @param {() => number | undefined} since
   */
  #enter(trip_id, since) {
    const known = since();
    this.send({ type: "join_trip", trip_id, ...(known === undefined ? {} : { since: known }) });
  }

  /** @param {number} code */
  #lost(code) {
    this.#abandon();
    if (FINAL.has(code) || (code === NOT_SIGNED_IN && ++this.#unsigned > 1)) {
      this.refusedWith = code;
      this.#become("closed");
      return;
    }
    this.#attempt = code === TOO_MANY ? Math.max(this.#attempt + 1, 4) : this.#attempt + 1;
    const wait = code === NOT_SIGNED_IN ? 0 : delay(this.#attempt, this.#options.random);
    this.#timers.retry = this.#options.clock.setTimeout(() => void this.#connect(), wait);
    this.#become("connecting");
  }

  /** Let go of the connection without waiting for its goodbye, which a dead line never gives. */
  #abandon(code = 4000) {
    for (const name of /** @type {const} */ (["retry", "ping", "watch"])) this.#clear(name);
    const ws = this.#ws;
    this.#ws = null;
    if (!ws) return;
    ws.onmessage = ws.onclose = null;
    ws.close(code);
  }

  #pingLater() {
    this.#clear("ping");
    this.#timers.ping = this.#options.clock.setTimeout(() => this.#ping(), PING_EACH);
  }

  #ping() {
    this.send({ type: "ping", timestamp: new Date(this.#options.clock.now()).toISOString() });
    if (!this.#timers.watch) this.#expectLife();
    this.#pingLater();
  }

  #expectLife() {
    this.#clear("watch");
    this.#timers.watch = this.#options.clock.setTimeout(() => this.#lost(1006), ANSWER_WITHIN);
  }

  /** The network or the page came back, or went: find out now instead of at the next beat. */
  #wake = () => {
    // Somebody who comes back to the page may have signed in again, in another tab.
    const refused = this.refusedWith === NOT_SIGNED_IN && !this.#timers.watch;
    if (this.state === "open") this.#ping();
    else if (this.#timers.retry || refused) {
      this.#clear("retry");
      void this.#connect();
    }
  };

  /** @param {"retry" | "ping" | "watch"} name */
  #clear(name) {
    if (this.#timers[name] !== undefined) this.#options.clock.clearTimeout(this.#timers[name]);
    this.#timers[name] = undefined;
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.since = this.#options.clock.now();
    for (const listener of this.#stateListeners) listener(state);
  }
}

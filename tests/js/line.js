/**
 * A wire between a browser and a server that are both in this process, which delivers when it is told to.
 *
 * @typedef {{connected: (line: Line) => void, heard: (line: Line, message: any) => void}} Peer
 */

export class Line {
  /** @type {((event: {data: unknown}) => void) | null} */
  onmessage = null;
  /** @type {((event: {code: number}) => void) | null} */
  onclose = null;
  /** @type {any[]} what the browser has sent and the server not read */
  up = [];
  /** @type {any[]} what the server has sent and the browser not read */
  down = [];
  open = true;
  /** The close code the browser gave. */
  closedWith = 0;

  /**
   * @param {string} url
   * @param {string[]} protocols
   * @param {Peer} peer
   */
  constructor(url, protocols, peer) {
    this.url = url;
    this.protocols = protocols;
    this.peer = peer;
    peer.connected(this);
  }

  /** The browser sends. @param {string} text */
  send(text) {
    if (this.open) this.up.push(JSON.parse(text));
  }

  /** The browser closes. */
  close(code = 1005) {
    this.closedWith = code;
    this.open = false;
  }

  /** The server reads one message. */
  read() {
    const message = this.up.shift();
    if (message) this.peer.heard(this, message);
    return message;
  }

  /** The browser gets what waits, in one frame. */
  deliver(count = this.down.length) {
    const messages = this.down.splice(0, count);
    if (messages.length && this.open) this.onmessage?.({ data: messages.map((each) => JSON.stringify(each)).join("\n") });
  }

  /** The line breaks, or the server closes it. */
  cut(code = 1006) {
    this.open = false;
    this.up = this.down = [];
    this.onclose?.({ code });
  }
}

/**
 * A WebSocket class whose lines end at `peer`.
 * @param {Peer} peer
 * @returns {any}
 */
export const lineTo = (peer) =>
  class extends Line {
    /**
     * @param {string} url
     * @param {string[]} protocols
     */
    constructor(url, protocols) {
      super(url, protocols, peer);
    }
  };

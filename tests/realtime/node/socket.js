/** The WebSocket of an example, which is written for localhost:8000 and for somebody who is signed in. */
import WebSocket from "ws";

const { PORT, TOKEN } = process.env;

export class SignedIn extends WebSocket {
  /** @param {string} url @param {string[]} [protocols] */
  constructor(url, protocols) {
    super(url.replace("localhost:8000", `127.0.0.1:${PORT}`), protocols, { headers: { Authorization: `Bearer ${TOKEN}` } });
    this.on("error", () => {}); // a browser throws nothing when a connection fails
  }
}

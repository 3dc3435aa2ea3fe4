/**
 * The browser's store and people, fed with what a client was told: a line `[{me, messages}]` or `{messages}` in, the state out.
 *
 * @import { Kind } from "#realtime/types.js"
 */
import { createInterface } from "node:readline";

import { createPeople } from "#realtime/people.js";
import { createStore } from "#realtime/store.js";
import { KINDS } from "#realtime/types.js";

import { tell } from "./commands.js";

/** Nothing ends by itself here. */
const clock = { now: () => 0, setTimeout: () => 0, clearTimeout: () => {} };

class Mirror {
  gaps = 0;

  /** @param {string} me */
  constructor(me) {
    this.store = createStore({ me, onGap: () => (this.gaps += 1) });
    this.people = createPeople({ me, clock });
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "joined" && message.snapshot) this.store.load(message.snapshot);
    else if (message.type === "skipped") this.store.skip(message.seq);
    else if (message.type.endsWith("_updated")) this.store.receive(message);
    this.people.receive(message);
  }

  state() {
    const kinds = /** @type {Kind[]} */ (Object.keys(KINDS));
    const objects = kinds.flatMap((kind) => this.store.all(kind).map(({ id, confirmed, view }) => ({ kind, id, confirmed, shown: view.peek() })));
    return {
      seq: this.store.seq,
      gaps: this.gaps,
      objects: objects.filter(({ confirmed, shown }) => confirmed || shown),
      present: this.people.present.peek().map(({ user_id }) => user_id),
    };
  }
}

let mirror = new Mirror("");
createInterface({ input: process.stdin }).on("line", (line) => {
  const { me, messages } = JSON.parse(line);
  if (me !== undefined) mirror = new Mirror(me);
  for (const message of messages) mirror.take(message);
  tell(mirror.state());
});

/**
 * The browser's own storage behind keep.js: notes in IndexedDB, and which tabs live, by Web Locks; where there are none
 * (on plain http), by asking the others.
 *
 * @import { UseStore } from "idb-keyval"
 * @import { Drawer, Living } from "#realtime/keep.js"
 */
import { del, delMany, entries, promisifyRequest } from "idb-keyval";

import { Keeper } from "#realtime/keep.js";
import { NOTHING } from "#realtime/kept.js";

const NAME = "globetrotter";
const NOTES = "notes";
/** So begins the name of a mark: that name was taken over. */
const MARK = "taken/";
/** A tab that slept for longer than this is not coming back, in ms. */
const MARKS_LAST = 30 * 24 * 3_600_000;
/** Who lives answers within, in ms. */
const ANSWER_WITHIN = 250;

/**
 * idb-keyval's store, but what is written is on the disk when it says so: a battery may be flat the next moment.
 * @returns {UseStore}
 */
function openStore() {
  /** @type {Promise<IDBDatabase> | undefined} */
  let opened;
  const open = () => {
    const request = indexedDB.open(NAME);
    request.onupgradeneeded = () => request.result.createObjectStore(NOTES);
    const database = promisifyRequest(request);
    database.then((found) => (found.onclose = forget), forget);
    return database;
  };
  const forget = () => void (opened = undefined);
  return async (mode, use) => {
    const database = await (opened ??= open());
    return use(database.transaction(NOTES, mode, { durability: "strict" }).objectStore(NOTES));
  };
}

/** @param {UseStore} [store] @returns {Drawer} */
function drawerIn(store = openStore()) {
  return {
    async names() {
      const all = await entries(store);
      const marks = all.filter(([name]) => String(name).startsWith(MARK));
      const old = marks.filter(([, at]) => Date.now() - at > MARKS_LAST);
      if (old.length) await delMany(old.map(([name]) => name), store);
      return all.map(([name]) => String(name)).filter((name) => !name.startsWith(MARK));
    },

    put: (name, text) => store("readwrite", (notes) => put(notes, name, text)),
    take: (from, to, join) => store("readwrite", (notes) => take(notes, from, to, join)),
  };
}

/**
 * A mark of this name stops the whole transaction. Nothing here waits for an answer, so that also a page that is being
 * closed gets it done.
 * @param {IDBObjectStore} notes
 * @param {string} name
 * @param {string} text
 */
async function put(notes, name, text) {
  let taken = false;
  notes.add(0, MARK + name).onerror = () => (taken = true);
  notes.delete(MARK + name);
  if (text === NOTHING) notes.delete(name);
  else notes.put(text, name);
  const done = promisifyRequest(notes.transaction);
  notes.transaction.commit?.();
  try {
    await done;
  } catch (error) {
    if (!taken) throw error;
  }
  return !taken;
}

/**
 * @param {IDBObjectStore} notes
 * @param {string} from
 * @param {string} to
 * @param {(earlier: string, later: string) => string} join
 * @returns {Promise<string | null>}
 */
async function take(notes, from, to, join) {
  const done = promisifyRequest(notes.transaction);
  /** @type {string | null} */
  let left = null;
  const [there, mine] = [notes.get(from), notes.get(to)];
  mine.onsuccess = () => {
    if (there.result === undefined) return;
    left = there.result;
    notes.put(join(there.result, mine.result ?? NOTHING), to);
    notes.delete(from);
    notes.put(Date.now(), MARK + from);
  };
  await done;
  return left;
}

/** @param {LockManager} locks @returns {Living} */
function livingByLocks(locks) {
  let release = () => {};
  return {
    hold: (name) =>
      new Promise((held, refused) => {
        release();
        const holding = locks.request(name, () => {
          held();
          return new Promise((end) => (release = () => end(undefined)));
        });
        holding.catch(refused);
      }),
    names: async () => ((await locks.query()).held ?? []).flatMap(({ name }) => name ?? []),
    end: () => release(),
  };
}

/**
 * A tab that sleeps does not answer, and is taken for dead. Nothing is lost by that (keep.js).
 * @param {new (name: string) => BroadcastChannel} Channel
 * @param {number} [within] ms
 * @returns {Living}
 */
function livingByAsking(Channel, within = ANSWER_WITHIN) {
  /** @type {BroadcastChannel | undefined} */
  let channel;
  let mine = "";
  /** @type {Set<string>} */
  let heard = new Set();
  const listen = () => {
    const open = new Channel(NAME);
    open.onmessage = ({ data }) => {
      if (data.lives) heard.add(data.lives);
      else if (mine) open.postMessage({ lives: mine });
    };
    return open;
  };
  return {
    async hold(name) {
      mine = name;
      channel ??= listen();
    },
    async names() {
      heard = new Set([mine]);
      (channel ??= listen()).postMessage({ asks: true });
      await new Promise((done) => setTimeout(done, within));
      return [...heard];
    },
    end() {
      channel?.close();
      channel = undefined;
      mine = "";
    },
  };
}

/**
 * A Keeper in this browser, told when the page goes and comes.
 * @param {{userId: string, tripId: string}} whose
 */
export function keeperHere(whose) {
  const living = navigator.locks ? livingByLocks(navigator.locks) : livingByAsking(BroadcastChannel);
  const keeper = new Keeper({ ...whose, drawer: drawerIn(), living });
  addEventListener("pagehide", () => keeper.close());
  addEventListener("pageshow", ({ persisted }) => persisted && keeper.reopen());
  addEventListener("focus", () => keeper.look());
  document.addEventListener("visibilitychange", () => (document.hidden ? keeper.hurry() : keeper.look()));
  return keeper;
}

/** All notes of a person, also those of tabs that live: name → text. @param {string} prefix @returns {Promise<[string, string][]>} */
export async function notesOf(prefix, store = openStore()) {
  const all = await entries(store);
  return all.filter(([name]) => String(name).startsWith(prefix)).map(([name, text]) => [String(name), text]);
}

/** @param {string} name */
export const throwAway = (name, store = openStore()) => del(name, store);

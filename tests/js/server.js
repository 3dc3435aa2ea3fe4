/**
 * GlobeTrotter's server in small: one trip, the rules of PROTOCOL.md and of `trips.plan`, no rights. It remembers the
 * whole trip at each seq, so that a browser's state can be held against it at any moment.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { Line } from "./line.js"
 */
import { generateKeyBetween } from "fractional-indexing";

import { KINDS } from "#realtime/types.js";

const INHERITED = ["place", "category", "cost", "duration", "notes"];

export class Server {
  seq = 0;
  /** @type {any[]} */
  journal = [];
  /** @type {any[]} */
  history = [];
  /** @type {Set<Line>} */
  lines = new Set();
  /** @type {Set<Line>} */
  room = new Set();
  /** When set, it decides for each mutation whether it is put off, and how. @type {() => object | null} */
  putOff = () => null;
  /** Whether a `since` is answered by replay. */
  replays = () => true;

  /** @type {Record<Kind, Map<string, {value: any, removed: boolean}>>} */
  #objects = { trip: new Map(), member: new Map(), activity: new Map(), itinerary: new Map(), budget: new Map() };
  /** @type {Map<string, {seq: number, body: string}>} */
  #outcomes = new Map();

  /** @param {any} [trip] */
  constructor(trip = {}) {
    this.#objects.trip.set("t", { value: { ...KINDS.trip.blank, id: "t", title: "Paris", ...trip }, removed: false });
    this.history.push(this.snapshot());
  }

  snapshot() {
    /** @param {Kind} kind */
    const living = (kind) => [...this.#objects[kind].values()].filter(({ removed }) => !removed).map(({ value }) => value);
    const [trip] = living("trip");
    return structuredClone({
      seq: this.seq, trip, members: living("member"), itinerary: living("itinerary"), activities: living("activity"),
      budget: living("budget"),
    });
  }

  /** @param {Line} line */
  connected(line) {
    this.lines.add(line);
    line.down.push({ type: "connection", status: "connected" });
  }

  /** Everybody is cut off. */
  stop(code = 1006) {
    const lines = [...this.lines];
    this.lines.clear();
    this.room.clear();
    for (const line of lines) line.cut(code);
  }

  /** @param {Line} line @param {any} message */
  heard(line, message) {
    const { type, mutation_id } = message;
    if (type === "ping") line.down.push({ type: "pong", echo: message.timestamp });
    else if (type === "join_trip") this.#join(line, message.since);
    else if (type === "batch" || type.endsWith("_update")) {
      const putOff = this.putOff();
      const answer = putOff ? { type: "error", message: "Later.", ...putOff } : this.mutate(userOf(line), message);
      line.down.push({ ...answer, trip_id: "t", mutation_id });
    }
  }

  /** @param {Line} line @param {number | undefined} since */
  #join(line, since) {
    this.room.add(line);
    const joined = { type: "joined", trip_id: "t", seq: this.seq, role: "editor", present: [], present_count: 0 };
    if (since === undefined || since > this.seq || !this.replays()) line.down.push({ ...joined, snapshot: this.snapshot() });
    else line.down.push(joined, ...structuredClone(this.journal.slice(since)));
  }

  /**
   * Decide and store; everybody in the room is told. Answers with the ack, or the error.
   * @param {string} user
   * @param {any} message
   */
  mutate(user, message) {
    const known = this.#outcomes.get(`${user}/${message.mutation_id}`);
    const body = JSON.stringify(message);
    if (known && known.body !== body) return { type: "error", code: "mutation_reused", message: "That id was used." };
    if (known) return { type: "ack", seq: known.seq, duplicate: true };
    const kept = structuredClone([this.#objects, this.seq, this.journal.length, this.history.length]);
    const before = this.journal.length;
    try {
      for (const part of message.mutations ?? [message]) this.#take(user, { mutation_id: message.mutation_id, ...part });
    } catch (refusal) {
      if (refusal instanceof Error) throw refusal;
      [this.#objects, this.seq, this.journal.length, this.history.length] = /** @type {any} */ (kept);
      return { type: "error", message: "No.", .../** @type {object} */ (refusal) };
    }
    for (const line of this.room) line.down.push(...structuredClone(this.journal.slice(before)));
    if (message.mutation_id) this.#outcomes.set(`${user}/${message.mutation_id}`, { seq: this.seq, body });
    return { type: "ack", seq: this.seq };
  }

  /** @param {string} user @param {any} step */
  #take(user, { type, op = "set", data, base_seq, mutation_id }) {
    const kind = /** @type {Kind} */ (type.replace("_update", ""));
    const id = kind === "trip" ? "t" : data[KINDS[kind].key];
    const thing = this.#objects[kind].get(id);
    const record = (/** @type {string} */ how, /** @type {any} */ after, about = { kind, id }) =>
      this.#record(user, mutation_id, how, about.kind, about.id, after);
    if (Object.values(data).includes("BAD")) throw { code: "invalid", fields: blame(data) };
    if (base_seq !== undefined && thing) this.#checkBase(user, kind, id, thing.value, data, base_seq);
    if (op === "set" && (!thing || (thing.removed && KINDS[kind].named))) this.#create(kind, id, data, record);
    else if (!thing || (thing.removed && op !== "restore")) throw { code: "not_found" };
    else if (op === "set") this.#change(kind, thing.value, data, record);
    else if (op === "remove") this.#remove(kind, thing, record);
    else this.#restore(kind, thing, record);
  }

  /** @param {Kind} kind @param {string} id @param {any} data @param {Function} record */
  #create(kind, id, { after, ...data }, record) {
    const back = this.#objects[kind].get(id);
    const value = { ...(back?.value ?? KINDS[kind].blank), ...data };
    if (kind === "itinerary") {
      this.#checkActivity(value.activity_id);
      if (!("activity" in data)) value.activity = this.#objects.activity.get(value.activity_id)?.value.name;
      if (!value.activity) throw { code: "invalid", fields: { activity: ["This is required."] } };
      value.position = this.#position(value, after);
    } else if (kind === "activity" && !value.name) throw { code: "invalid", fields: { name: ["This is required."] } };
    this.#objects[kind].set(id, { value, removed: false });
    record(back ? "restore" : "set", value);
  }

  /** @param {Kind} kind @param {any} value @param {any} data @param {Function} record */
  #change(kind, value, data, record) {
    const { after, ...fields } = data;
    if (kind === "itinerary") this.#checkActivity(data.activity_id);
    const moves = kind === "itinerary" && ("after" in data || ("day" in data && data.day !== value.day));
    Object.assign(value, fields);
    if (moves) value.position = this.#position(value, after);
    record("set", { [KINDS[kind].key]: value[KINDS[kind].key], ...fields, ...(moves ? { position: value.position } : {}) });
  }

  /** @param {Kind} kind @param {any} thing @param {Function} record */
  #remove(kind, thing, record) {
    const key = KINDS[kind].key;
    for (const { value: stop, removed } of kind === "activity" ? this.#objects.itinerary.values() : []) {
      if (removed || stop.activity_id !== thing.value.activity_id) continue;
      const kept = INHERITED.filter((name) => stop[name] === "" || stop[name] === null).map((name) => [name, thing.value[name]]);
      const news = { activity_id: null, ...Object.fromEntries(kept) };
      Object.assign(stop, news);
      record("set", { id: stop.id, ...news }, { kind: "itinerary", id: stop.id });
    }
    thing.removed = true;
    record("remove", { [key]: thing.value[key] });
  }

  /** @param {Kind} kind @param {any} thing @param {Function} record */
  #restore(kind, thing, record) {
    const { value } = thing;
    if (kind === "itinerary" && thing.removed) {
      const keys = this.#keys(value.day, value.id);
      if (keys.includes(value.position)) value.position = between(value.position, keys.find((key) => key > value.position));
      const activity = this.#objects.activity.get(value.activity_id);
      if (activity?.removed) {
        for (const name of INHERITED) if (value[name] === "" || value[name] === null) value[name] = activity.value[name];
        value.activity_id = null;
      }
    }
    thing.removed = false;
    record("restore", value);
  }

  /** @param {number | null} day @param {string} but @returns {string[]} */
  #keys(day, but) {
    const stops = [...this.#objects.itinerary.values()].filter(({ removed, value }) => !removed && value.day === day && value.id !== but);
    return stops.map(({ value }) => value.position).sort((a, b) => (a < b ? -1 : 1));
  }

  /** @param {any} stop @param {string | null | undefined} after */
  #position(stop, after) {
    const keys = this.#keys(stop.day, stop.id);
    if (after === null) return between(undefined, keys[0]);
    const neighbour = this.#objects.itinerary.get(after ?? "");
    if (!neighbour || neighbour.removed || neighbour.value === stop || neighbour.value.id === stop.id || neighbour.value.day !== stop.day) {
      return between(keys.at(-1), undefined);
    }
    return between(neighbour.value.position, keys.find((key) => key > neighbour.value.position));
  }

  /** @param {string | null | undefined} id */
  #checkActivity(id) {
    const activity = this.#objects.activity.get(id ?? "");
    if (id && (!activity || activity.removed)) throw { code: "invalid", fields: { activity_id: ["There is no such activity."] } };
  }

  /** @param {string} user @param {Kind} kind @param {string} id @param {any} value @param {any} data @param {number} base */
  #checkBase(user, kind, id, value, data, base) {
    const names = Object.keys(data).filter((name) => name !== KINDS[kind].key);
    const conflict = this.journal.findLast(
      (change) => change.seq > base && change.updated_by !== user && change.type === `${kind}_updated` && change.id === id
        && names.some((name) => name in change.data),
    );
    if (!conflict) return;
    const current = Object.fromEntries(names.filter((name) => name in value).map((name) => [name, value[name]]));
    throw { code: "conflict", current: { seq: conflict.seq, updated_by: conflict.updated_by, timestamp: "", data: current } };
  }

  /** @param {string} user @param {string} mutation_id @param {string} op @param {Kind} kind @param {string} id @param {any} data */
  #record(user, mutation_id, op, kind, id, data) {
    this.seq += 1;
    this.journal.push(structuredClone({
      type: `${kind}_updated`, trip_id: "t", seq: this.seq, op, id, data, updated_by: user, timestamp: "", mutation_id,
    }));
    this.history.push(this.snapshot());
  }
}

/** @param {string | undefined} low @param {string | undefined} high */
const between = (low, high) => generateKeyBetween(low ?? null, high ?? null);

/** @param {any} data */
const blame = (data) => Object.fromEntries(Object.entries(data).filter(([, value]) => value === "BAD").map(([name]) => [name, ["No."]]));

/** @param {Line} line */
const userOf = (line) => String(line.url.split("/").at(-1));

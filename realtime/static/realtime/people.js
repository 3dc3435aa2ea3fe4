/**
 * Who is in the trip's room, what each looks at and which field each is editing. Fleeting: newest wins, loss is fine.
 * Signals, a field and an object each, so that a person who moves redraws two cards and not the board.
 *
 * Of a crowd only the first hundred are told by name when they come and go; of the others, how many they are.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Message, Present } from "#realtime/types.js"
 * @import { Clock } from "#realtime/socket.js"
 *
 * @typedef {{user_id: string, name: string, colour: number, me: boolean, view: string | null, focus: string | null,
 *   typing: string | null}} Person `focus`: `<kind>:<id>`; `typing`: `<kind>:<id>.<field>`, or any other words
 */
import { batch, signal } from "@preact/signals-core";

import { systemClock } from "#realtime/socket.js";

/** While I type, the others are told again this often, in ms: a sign ends by itself after 6 s. */
export const TELL_EACH = 3_000;

/** More are a crowd. */
const MOST_NAMED = 100;

/** @param {{me: string, send?: (message: object) => void, clock?: Clock}} options */
export const createPeople = (options) => new People(options);

export class People {
  /** Everybody in the room, me too, in the order in which they came. One entry a person, however many tabs. */
  present = signal(/** @type {Person[]} */ ([]));
  /** How many are in the room, those too whose names are not known. */
  count = signal(0);

  /** What the server said last of how many there are. */
  #told = 0;
  /** @type {Set<string>} those of a crowd who are known only because they type: nobody tells when they leave */
  #guests = new Set();

  /** @type {Map<string, Person>} */
  #people = new Map();
  /** @type {Map<string, Signal<Person[]>>} */
  #looking = new Map();
  /** @type {Map<string, Signal<Person | null>>} */
  #editing = new Map();
  /** @type {Map<string, any>} when the typing sign of a person ends */
  #endings = new Map();
  /** What I told the others last. */
  #mine = { field: /** @type {string | null} */ (null), at: 0, look: /** @type {object | null} */ (null) };
  #me;
  #send;
  #clock;

  /** @param {{me: string, send?: (message: object) => void, clock?: Clock}} options */
  constructor({ me, send = () => {}, clock = systemClock }) {
    this.#me = me;
    this.#send = send;
    this.#clock = clock;
  }

  /** The others who look at an object, the latest first. @param {string} focus `<kind>:<id>` */
  at(focus) {
    return signalIn(this.#looking, focus, /** @type {Person[]} */ ([]));
  }

  /** Somebody else who is editing a field. @param {string} field `<kind>:<id>.<field>` */
  editing(field) {
    return signalIn(this.#editing, field, /** @type {Person | null} */ (null));
  }

  /** Take a message over, if it is about people. @param {Message} message */
  receive(message) {
    const reader = READERS[message.type];
    if (reader) batch(() => reader(this, message));
  }

  /** I am editing a field, or have ended to. @param {string} field */
  typing(field, active = true) {
    const now = this.#clock.now();
    const told = this.#mine.field === field;
    if (active ? told && now - this.#mine.at < TELL_EACH : !told) return;
    this.#mine = { ...this.#mine, field: active ? field : null, at: now };
    this.#send({ type: "typing", field, active });
  }

  /** Where I am. @param {{view: string, focus: string | null}} look */
  look(look) {
    if (JSON.stringify(look) === JSON.stringify(this.#mine.look)) return;
    this.#mine.look = look;
    this.#send({ type: "presence", data: look });
  }

  /** There is a new connection, on which nobody was told where I am. */
  #tellAgain() {
    this.#mine = { ...this.#mine, field: null };
    if (this.#mine.look) this.#send({ type: "presence", data: this.#mine.look });
  }

  // What the readers do

  /** @param {Present[]} present @param {number} [count] */
  replace(present, count = present.length) {
    this.crowd(count);
    const here = new Set(present.map(({ user_id }) => user_id));
    for (const user_id of [...this.#people.keys()]) if (!here.has(user_id)) this.leave(user_id);
    for (const each of present) {
      this.update(each.user_id, { name: each.name, colour: each.colour, ...whereabouts(each.data) });
      this.types(each.user_id, each.typing ?? null, TYPING_LASTS);
    }
    this.#tellAgain();
  }

  /**
   * @param {string} user_id
   * @param {Partial<Person>} news
   */
  update(user_id, news) {
    const old = this.#people.get(user_id);
    const nobody = { user_id, name: user_id, colour: 1, me: user_id === this.#me, view: null, focus: null, typing: null };
    const person = { ...(old ?? nobody), ...given(news) };
    this.#people.set(user_id, person);
    this.#show(old ?? null, person);
  }

  /** So many are here. @param {number} count */
  crowd(count) {
    this.#told = count;
    this.#recount();
  }

  get isCrowd() {
    return this.#told > MOST_NAMED;
  }

  /** Somebody is told by name. @param {string} user_id @param {Partial<Person>} news */
  join(user_id, news) {
    this.#guests.delete(user_id);
    this.update(user_id, news);
  }

  /** Where somebody is; of a crowd, only of those whose leaving will be told. @param {string} user_id @param {Partial<Person>} news */
  moves(user_id, news) {
    if (!this.isCrowd || this.#people.has(user_id)) this.update(user_id, news);
  }

  #recount() {
    this.count.value = this.isCrowd ? this.#told : this.#people.size;
  }

  /** @param {string} user_id */
  leave(user_id) {
    const old = this.#people.get(user_id);
    this.#people.delete(user_id);
    this.#guests.delete(user_id);
    this.#clock.clearTimeout(this.#endings.get(user_id));
    if (old) this.#show(old, null);
  }

  /**
   * @param {string} user_id
   * @param {string | null} typing
   * @param {number} lasts s
   */
  types(user_id, typing, lasts) {
    this.#clock.clearTimeout(this.#endings.get(user_id));
    if (this.isCrowd && !this.#people.has(user_id)) this.#guests.add(user_id);
    if (!typing && this.#guests.has(user_id)) return this.leave(user_id);
    this.update(user_id, { typing });
    if (typing) this.#endings.set(user_id, this.#clock.setTimeout(() => this.types(user_id, null, 0), lasts * 1000));
  }

  /**
   * @param {string} user_id
   * @param {string} field
   */
  stops(user_id, field) {
    if (this.#people.get(user_id)?.typing === field) this.types(user_id, null, 0);
  }

  /**
   * @param {Person | null} before
   * @param {Person | null} after
   */
  #show(before, after) {
    const whole = [...this.#people.values()];
    if (!same(before, after)) this.present.value = whole;
    this.#recount();
    const person = /** @type {Person} */ (after ?? before);
    if (person.me || same(before, after)) return;
    for (const focus of new Set([before?.focus, after?.focus])) {
      if (focus) this.#showAt(focus, person, after?.focus === focus ? after : null);
    }
    for (const field of new Set([before?.typing, after?.typing])) {
      if (field) this.editing(field).value = whole.findLast((each) => each.typing === field && !each.me) ?? null;
    }
  }

  /**
   * @param {string} focus
   * @param {Person} person
   * @param {Person | null} here
   */
  #showAt(focus, { user_id }, here) {
    const list = this.at(focus);
    const others = list.peek().filter((each) => each.user_id !== user_id);
    const was = list.peek().findIndex((each) => each.user_id === user_id);
    list.value = here ? others.toSpliced(Math.max(was, 0), 0, here) : others;
  }
}

const TYPING_LASTS = 6;

/** @type {Record<string, (people: People, message: Message) => void>} */
const READERS = {
  joined: (people, { present, present_count }) => people.replace(present, present_count),
  crowd: (people, { present_count }) => people.crowd(present_count),
  user_joined: (people, { user_id, name, colour }) => people.join(user_id, { name, colour }),
  user_left: (people, { user_id }) => people.leave(user_id),
  presence: (people, { user_id, name, colour, data }) => people.moves(user_id, { name, colour, ...whereabouts(data) }),
  typing: (people, { user_id, name, colour, field, active, expires_in }) => {
    if (!active) return people.stops(user_id, field);
    people.types(user_id, field, expires_in ?? TYPING_LASTS);
    people.update(user_id, { name, colour });
  },
};

/** @param {{view?: string | null, focus?: string | null} | undefined} data */
const whereabouts = (data) => ({ view: data?.view ?? null, focus: data?.focus ?? null });

/** @param {Partial<Person>} news */
const given = (news) => Object.fromEntries(Object.entries(news).filter(([, value]) => value !== undefined));

/**
 * @param {any} a
 * @param {any} b
 */
const same = (a, b) => a !== null && b !== null && Object.keys(a).every((key) => a[key] === b[key]);

/**
 * @template T
 * @param {Map<string, Signal<T>>} signals
 * @param {string} key
 * @param {T} empty
 */
function signalIn(signals, key, empty) {
  let found = signals.get(key);
  if (!found) signals.set(key, (found = signal(empty)));
  return found;
}

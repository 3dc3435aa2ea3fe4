/**
 * What is read out. Steps of one's own and errors at once; what others do politely, at most one sentence each five
 * seconds, however much they did.
 *
 * @typedef {{who: string, verb: string, what: string, where: string}} News “Camille” “changed” “Louvre” “Tue 13”
 */
import { signal } from "@preact/signals-core";

import { systemClock } from "#trips/clock.js";
import { useDesk } from "#trips/desk.js";
import { html } from "#trips/html.js";
import { count, listing } from "#trips/words.js";

export const EACH = 5_000;
/** What comes together is told together. */
const GATHER = 300;

/**
 * One sentence for all of it. Only what is about the same day is counted as stops of it.
 * @param {readonly News[]} news
 */
export function sentence(news) {
  const [first] = news;
  const people = listing([...new Set(news.map(({ who }) => who))]);
  const things = new Set(news.map(({ what }) => what));
  const same = (/** @type {"verb" | "where"} */ part) => news.every((each) => each[part] === first[part]);
  const verb = same("verb") ? first.verb : "changed";
  const place = verb === "added" && first.where ? ` to ${first.where}` : "";
  if (things.size === 1) return `${people} ${verb} ${first.what}${place}`;
  if (first.where && same("where")) return `${people} ${verb} ${things.size} stops of ${first.where}`;
  return `${people} made ${count(news.length, "change")}`;
}

export class Voice {
  /** Read out politely. */
  polite = signal("");
  /** Read out at once. */
  now = signal("");
  /** @type {News[]} */
  #waiting = [];
  #quietUntil = 0;
  /** @type {any} */
  #timer;
  #clock;

  /** @param {import("#trips/clock.js").Clock} [clock] */
  constructor(clock = systemClock) {
    this.#clock = clock;
  }

  /** Say a step of my own, or what is wrong. @param {string} text */
  say(text) {
    // The same words twice would not be read twice.
    this.now.value = this.now.peek() === text ? `${text}\u00a0` : text;
  }

  /** Somebody else did something. @param {News} news */
  tell(news) {
    this.#waiting.push(news);
    if (this.#timer !== undefined) return;
    const wait = Math.max(this.#quietUntil - this.#clock.now(), GATHER);
    this.#timer = this.#clock.setTimeout(() => this.#speak(), wait);
  }

  #speak() {
    this.#timer = undefined;
    this.polite.value = sentence(this.#waiting);
    this.#waiting = [];
    this.#quietUntil = this.#clock.now() + EACH;
  }
}

/** The two regions, always there. */
export function Spoken() {
  const { voice } = useDesk();
  return html`<div class="hide" role="status">${voice.polite}</div><div class="hide" role="alert">${voice.now}</div>`;
}

/**
 * Where entries of the itinerary stand before the server has said so. Pure.
 *
 * The server turns `after: <id>` into a fractional index key; until then the page makes one of its own, by replaying
 * what is pending over what is confirmed, exactly as the server will.
 *
 * @import { Stop } from "#realtime/types.js"
 * @import { Entry, Step } from "#realtime/queue.js"
 * @typedef {{day: number | null, position: string}} Place
 */
import { generateKeyBetween } from "fractional-indexing";

import { awaited } from "#realtime/queue.js";

/**
 * Bytewise by (position, id), the order of every list of stops. Keys are ASCII, so code units are bytes.
 * @param {{position: string, id: string}} a
 * @param {{position: string, id: string}} b
 */
export function inOrder(a, b) {
  if (a.position !== b.position) return a.position < b.position ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** @param {Step} step */
const places = ({ kind, op, effect, data, creates }) =>
  kind === "itinerary" && op === "set" && !effect && (creates || "after" in data || "day" in data);

/** @param {Step} step */
const needsPlace = (step) => places(step) || (step.kind === "itinerary" && step.op === "restore");

/** @param {readonly Entry[]} pending */
export const hasMoves = (pending) => pending.some((entry) => awaited(entry).some(needsPlace));

/**
 * Give each pending move the position it would get if all that is pending were stored now.
 * @param {Map<string, Place>} world the confirmed places by id; changed
 * @param {readonly Entry[]} pending whose steps get their `shown.position`
 * @param {(id: string) => Place | null} gone the last place of a removed one
 * @returns {Set<string>} the ids that got another position than before
 */
export function replay(world, pending, gone) {
  const moved = new Set();
  const left = new Map();
  for (const step of pending.flatMap(awaited)) {
    if (step.kind !== "itinerary") continue;
    const was = world.get(step.id) ?? left.get(step.id) ?? gone(step.id);
    if (step.op === "remove" && was && world.delete(step.id)) left.set(step.id, was);
    const place = placeAfter(step, was, world);
    if (!place) continue;
    if (step.shown.position !== place.position) moved.add(step.id);
    step.shown.position = place.position;
    world.set(step.id, place);
  }
  return moved;
}

/**
 * Where a step puts its stop, if it does.
 * @param {Step} step
 * @param {Place | null} was
 * @param {Map<string, Place>} world
 */
function placeAfter(step, was, world) {
  if (step.op === "restore") return placeAgain(step, was, world);
  return places(step) && (was || step.creates) ? placeOf(step, was, world) : null;
}

/**
 * @param {Step} step
 * @param {Place | null} was
 * @param {Map<string, Place>} world
 * @returns {Place}
 */
function placeOf({ id, data }, was, world) {
  const day = "day" in data ? /** @type {number | null} */ (data.day) : was ? was.day : null;
  const stays = was && was.day === day && !("after" in data);
  return { day, position: stays ? was.position : keyAfter(data.after, siblings(world, day, id)) };
}

/**
 * What comes back stands where it stood, or right behind whoever stands there now.
 * @param {Step} step
 * @param {Place | null} was
 * @param {Map<string, Place>} world
 * @returns {Place | null}
 */
function placeAgain({ id }, was, world) {
  if (!was || world.has(id)) return was;
  const keys = siblings(world, was.day, id).map(({ position }) => position);
  if (!keys.includes(was.position)) return was;
  return { day: was.day, position: keyBetween(was.position, keys.find((key) => key > was.position) ?? null) };
}

/**
 * @param {Map<string, Place>} world
 * @param {number | null} day
 * @param {string} but
 */
function siblings(world, day, but) {
  const list = [];
  for (const [id, place] of world) if (place.day === day && id !== but) list.push({ id, position: place.position });
  return list.sort(inOrder);
}

/**
 * @param {unknown} after an id; `null` for the top; anything that is not in the list for the end
 * @param {{id: string, position: string}[]} list in order
 */
function keyAfter(after, list) {
  const found = after === null ? 0 : list.findIndex(({ id }) => id === after) + 1;
  const index = after !== null && found === 0 ? list.length : found;
  return keyBetween(list[index - 1]?.position ?? null, list[index]?.position ?? null);
}

/**
 * @param {string | null} low
 * @param {string | null} high
 */
export function keyBetween(low, high) {
  try {
    return generateKeyBetween(low, high);
  } catch {
    // Two with one key, or a key of another making: anything that sorts after `low` will do until the server answers.
    return `${low ?? ""}V`;
  }
}

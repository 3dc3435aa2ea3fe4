/**
 * Things that somebody might do next, and that the server will take.
 *
 * @import { Wish } from "#realtime/types.js"
 * @import { Store } from "#realtime/store.js"
 */
const DAYS = [1, 2, null];

/**
 * @param {Store} store
 * @param {ReturnType<typeof import("./clock.js").chance>} dice
 * @param {() => string} newId
 * @returns {Wish | null} nothing, when the dice fell on a stop and there is none
 */
export function someWish(store, dice, newId) {
  const stops = store.all("itinerary").filter(({ view }) => view.peek()).map(({ id }) => id);
  const gone = store.all("itinerary").filter(({ view, last }) => !view.peek() && last).map(({ id }) => id);
  const activities = store.all("activity").filter(({ view }) => view.peek()).map(({ id }) => id);
  const after = dice.pick([...stops, null]);
  const place = dice.pick([{ day: dice.pick(DAYS) }, { day: dice.pick(DAYS), after }, { after }]);
  const stop = dice.pick(stops);
  const activity = dice.pick(activities);
  /** @type {(() => Wish | false)[]} */
  const wishes = [
    () => ({ kind: "itinerary", id: newId(), data: { activity: "Walk", ...place } }),
    () => !!activity && { kind: "itinerary", id: newId(), data: { activity_id: activity, ...place } },
    () => !!stop && { kind: "itinerary", id: stop, data: { notes: dice.pick(["a", "b", ""]) } },
    () => !!stop && { kind: "itinerary", id: stop, data: { place: dice.pick(["c", "d", ""]) } },
    () => !!stop && { kind: "itinerary", id: stop, data: place },
    () => !!stop && !!activity && { kind: "itinerary", id: stop, data: { activity_id: activity } },
    () => !!stop && { kind: "itinerary", id: stop, op: "remove" },
    () => gone.length > 0 && { kind: "itinerary", id: dice.pick(gone), op: "restore" },
    () => ({ kind: "activity", id: newId(), data: { name: "Louvre", place: dice.pick(["", "1er"]) } }),
    () => !!activity && { kind: "activity", id: activity, data: { notes: dice.pick(["e", "f"]) } },
    () => !!activity && { kind: "activity", id: activity, op: "remove" },
    () => ({ kind: "budget", id: dice.pick(["food", "stay"]), data: { amount: dice.below(9) } }),
    () => ({ kind: "trip", id: store.tripId, data: { title: dice.pick(["Paris", "Rome"]) } }),
  ];
  return dice.pick(wishes)() || null;
}

/** All that is shown of a trip, by object. @param {Store} store */
export function shownOf(store) {
  const kinds = /** @type {const} */ (["itinerary", "activity", "budget", "trip", "member"]);
  const cells = kinds.flatMap((kind) => [...store.all(kind)]);
  return Object.fromEntries(cells.filter(({ view }) => view.peek()).map(({ key, view }) => [key, view.peek()]));
}

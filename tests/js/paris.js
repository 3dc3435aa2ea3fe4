/**
 * The trip of the scenes: Alice owns it, Bob edits.
 *
 * @import { Activity, Change, Data, Op, Snapshot, Stop } from "#realtime/types.js"
 */
import { createStore } from "#realtime/store.js";
import { KINDS } from "#realtime/types.js";

/** @param {Partial<Stop> & {id: string}} stop @returns {Stop} */
export const stop = (stop) => ({ ...KINDS.itinerary.blank, ...stop });

/** @param {Partial<Activity> & {activity_id: string}} activity @returns {Activity} */
export const activity = (activity) => ({ ...KINDS.activity.blank, ...activity });

/** @returns {Snapshot} */
export const paris = () => ({
  seq: 10,
  trip: { ...KINDS.trip.blank, id: "t", title: "Paris" },
  members: [
    { user_id: "alice", name: "Alice Adler", colour: 1, role: "owner" },
    { user_id: "bob", name: "Bob Bauer", colour: 2, role: "editor" },
  ],
  itinerary: [
    stop({ id: "louvre", day: 1, position: "a0", activity: "Louvre", time: "10:00" }),
    stop({ id: "lunch", day: 1, position: "a1", activity: "Lunch" }),
    stop({ id: "walk", day: 2, position: "a0", activity: "Walk" }),
  ],
  activities: [
    activity({ activity_id: "orsay", name: "Musée d’Orsay", place: "7e", cost: 16 }),
    activity({ activity_id: "opera", name: "Opéra", place: "9e" }),
  ],
  budget: [{ category: "food", amount: 300, name: "" }],
});

export function aliceInParis() {
  let made = 0;
  const store = createStore({ me: "alice", mutationId: () => `m${++made}` });
  store.load(paris());
  return store;
}

/**
 * The next change of the trip, as Bob made it unless it says otherwise.
 * @param {{seq: number}} after a store
 * @param {string} kind
 * @param {string} id
 * @param {Data} data
 * @param {Partial<Change>} [more]
 * @returns {Change}
 */
export const change = ({ seq }, kind, id, data, more = {}) => ({
  type: `${kind}_updated`, trip_id: "t", seq: seq + 1, op: /** @type {Op} */ ("set"), id, data, updated_by: "bob",
  timestamp: "2026-04-12T10:00:00Z", ...more,
});

/**
 * The wire in types, and the kinds of shared object in a table. PROTOCOL.md is the source.
 *
 * @typedef {"" | "sight" | "food" | "stay" | "transport" | "art" | "outdoors" | "shopping" | "other"} Category
 * @typedef {{id: string, title: string, destination: string, start_date: string | null, end_date: string | null,
 *   currency: string, notes: string}} Trip
 * @typedef {{user_id: string, role: Role, name: string, colour: number}} Member
 * @typedef {{activity_id: string, name: string, place: string, latitude: number | null, longitude: number | null,
 *   category: Category, cost: number | null, duration: number | null, link: string, notes: string}} Activity
 * @typedef {{id: string, day: number | null, position: string, activity: string, activity_id: string | null,
 *   time: string | null, duration: number | null, place: string, category: Category, cost: number | null,
 *   notes: string, status: "" | "tentative" | "booked"}} Stop
 * @typedef {{category: string, amount: number, name: string}} BudgetLine
 *
 * @typedef {{trip: Trip, member: Member, activity: Activity, itinerary: Stop, budget: BudgetLine}} Objects
 * @typedef {keyof Objects} Kind
 * @typedef {"owner" | "editor" | "viewer"} Role
 * @typedef {"set" | "remove" | "restore"} Op
 * @typedef {Record<string, unknown>} Data
 *
 * @typedef {{seq: number, trip: Trip, members: Member[], itinerary: Stop[], activities: Activity[],
 *   budget: BudgetLine[]}} Snapshot
 *
 * @typedef {{type: string, trip_id: string, seq: number, op: Op, id: string, data: Data, updated_by: string,
 *   timestamp: string, mutation_id?: string}} Change
 * @typedef {{type?: "ack", trip_id?: string, mutation_id: string, seq: number, duplicate?: boolean}} Ack
 * @typedef {{seq: number, updated_by: string | null, timestamp: string, data: Data}} Current
 * @typedef {{type?: "error", code: string, message: string, trip_id?: string, mutation_id?: string,
 *   fields?: Record<string, string[]>, current?: Current, retry_after?: number}} ErrorMessage
 *
 * @typedef {{user_id: string, name: string, colour: number, connections?: number,
 *   data?: {view?: string, focus?: string | null}, typing?: string | null}} Present
 * @typedef {{type: "joined", trip_id: string, seq: number, role: Role, present: Present[], present_count: number,
 *   snapshot?: Snapshot, timestamp?: string}} Joined
 * @typedef {{type: "crowd", trip_id: string, present_count: number, timestamp?: string}} Crowd
 *
 * A message as it comes off the wire, before anyone has looked at its type.
 * @typedef {{type: string, trip_id?: string, [key: string]: any}} Message
 *
 * One wish: what `propose` takes. `after` in the data of an itinerary step says where it stands.
 * @typedef {{kind: Kind, id: string, op?: Op, data?: Data}} Wish
 * @typedef {Wish & {base_seq?: number} | {steps: Wish[]}} Mutation
 */

/**
 * For each kind: the key of its data that names the object, where the snapshot has it, and an object of which nothing is
 * filled in. `named` kinds have ids with a meaning (a category, a person), so that one which is gone can be made anew.
 * @type {{[K in Kind]: {key: keyof Objects[K] & string, collection: keyof Snapshot, named?: boolean, blank: Objects[K]}}}
 */
export const KINDS = {
  trip: {
    key: "id",
    collection: "trip",
    blank: { id: "", title: "", destination: "", start_date: null, end_date: null, currency: "EUR", notes: "" },
  },
  member: {
    key: "user_id",
    collection: "members",
    named: true,
    blank: { user_id: "", role: "viewer", name: "", colour: 1 },
  },
  activity: {
    key: "activity_id",
    collection: "activities",
    blank: {
      activity_id: "", name: "", place: "", latitude: null, longitude: null, category: "", cost: null, duration: null,
      link: "", notes: "",
    },
  },
  itinerary: {
    key: "id",
    collection: "itinerary",
    blank: {
      id: "", day: null, position: "", activity: "", activity_id: null, time: null, duration: null, place: "",
      category: "", cost: null, notes: "", status: "",
    },
  },
  budget: { key: "category", collection: "budget", named: true, blank: { category: "", amount: 0, name: "" } },
};

/**
 * The kind a change is about, or `null` for one that this page does not know yet.
 * @param {string} type such as `itinerary_updated`
 * @returns {Kind | null}
 */
export function kindOf(type) {
  const kind = type.replace(/_updated$/, "");
  return kind !== type && Object.hasOwn(KINDS, kind) ? /** @type {Kind} */ (kind) : null;
}

/** A new id of 22 characters in the alphabet of PROTOCOL.md. Works on plain http too, where `randomUUID` is missing. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/**
 * What a snapshot holds, each with its kind.
 * @param {Snapshot} snapshot
 * @returns {[Kind, any][]}
 */
export function objectsOf(snapshot) {
  const kinds = /** @type {Kind[]} */ (Object.keys(KINDS));
  return kinds.flatMap((kind) => {
    const objects = [snapshot[KINDS[kind].collection] ?? []].flat();
    return objects.map((object) => /** @type {[Kind, any]} */ ([kind, object]));
  });
}

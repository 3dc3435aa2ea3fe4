/**
 * What was being written when a page was closed, or died: its field opens again with the text in it. Where there is no
 * field for it any more, or another text has its place, it is laid aside.
 *
 * @import { Signal } from "@preact/signals-core"
 * @import { Desk } from "#trips/desk.js"
 * @import { Kind } from "#realtime/types.js"
 */

/** @param {Desk} desk */
export const listenToReturns = (desk) =>
  desk.store.listen((event) => {
    if (event.type !== "returned") return;
    const open = event.drafts.toReversed().filter((key) => reopen(desk, key));
    for (const key of event.drafts) if (!open.includes(key)) desk.store.layAside(key);
    desk.screen.returned.value = open;
  });

/** Only one thing is open there at a time. @param {Signal<string | null>} place @param {string} id @returns {boolean} whether it is this one */
const takes = (place, id) => (place.value ??= id) === id;

/**
 * @param {Desk} desk
 * @param {string} key `<kind>:<id>.<field>`, or `new:<list>`
 * @returns {boolean} whether there is a field for it on this view
 */
function reopen({ screen, store, plan, canEdit }, key) {
  const [, kind, id] = /^(\w+):([^.]*)/.exec(key) ?? [];
  const view = screen.view.peek();
  if (!canEdit.peek()) return false;
  if (kind === "new") {
    const lists = view === "budget" ? ["budget"] : ["ideas", ...plan.columns.peek()];
    return lists.includes(id) && takes(screen.adding, id);
  }
  if (kind === "trip") return true;
  if (!isHere({ store, plan, view }, /** @type {Kind} */ (kind), id)) return false;
  return kind === "budget" || takes(screen.open, `${kind}:${id}`);
}

/**
 * Does this view show an object?
 * @param {Pick<Desk, "store" | "plan"> & {view: string}} where
 * @param {Kind} kind
 * @param {string} id
 */
export function isHere({ store, plan, view }, kind, id) {
  if (kind === "trip") return true;
  if (kind === "budget") return view === "budget" && plan.lines.value.includes(id);
  if (kind === "activity") return view === "plan" && store.list("ideas").value.includes(id);
  return kind === "itinerary" && view === "plan" && store.cell(kind, id).view.value !== null;
}

/**
 * What was being written when a page was closed, or died: its field opens again with the text in it. Where there is no
 * field for it any more, the text is laid aside.
 *
 * @import { Desk } from "#trips/desk.js"
 * @import { Kind } from "#realtime/types.js"
 */

/** @param {Desk} desk */
export const listenToReturns = (desk) =>
  desk.store.listen((event) => {
    if (event.type !== "returned") return;
    for (const key of event.drafts) if (!reopen(desk, key)) desk.store.layAside(key);
    desk.screen.returned.value = event.drafts;
  });

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
    if (lists.includes(id)) screen.adding.value = id;
    return lists.includes(id);
  }
  if (kind === "trip") return true;
  if (!isHere({ store, view }, /** @type {Kind} */ (kind), id)) return false;
  if (kind !== "budget") screen.open.value = `${kind}:${id}`;
  return true;
}

/**
 * Does this view show an object?
 * @param {Pick<Desk, "store"> & {view: string}} where
 * @param {Kind} kind
 * @param {string} id
 */
export function isHere({ store, view }, kind, id) {
  if (kind === "trip") return true;
  if (kind === "budget") return view === "budget" && store.list("budget").value.includes(id);
  if (kind === "activity") return view === "plan" && store.list("ideas").value.includes(id);
  return kind === "itinerary" && view === "plan" && store.cell(kind, id).view.value !== null;
}

/**
 * What outlives the page, as a note of plain text: what is not saved, what was refused, what was being written. Pure.
 *
 * A note lies under `<version>/<user>/<trip>/<tab>`: it belongs to a person and to a tab. Another person who signs in on
 * this browser neither sends nor sees it, and another tab leaves it alone as long as that tab lives.
 *
 * @import { Entry } from "#realtime/queue.js"
 * @import { Problem } from "#realtime/problems.js"
 * @import { KeptDraft } from "#realtime/draft.js"
 * @typedef {{v: number, title: string, pending: Entry[], problems: Problem[], drafts: KeptDraft[]}} Kept
 */

/** Another version of the page may not understand the notes of this one. */
export const VERSION = 1;

/** The text of a note with nothing in it: it need not lie anywhere. */
export const NOTHING = "";

/** @param {Kept} kept */
export const write = (kept) => (sizeOf(kept) ? JSON.stringify(kept) : NOTHING);

/** @param {string} text @returns {Kept} */
export const read = (text) => (text ? JSON.parse(text) : { v: VERSION, title: "", pending: [], problems: [], drafts: [] });

/** How many things are in it. @param {Kept} kept */
export const sizeOf = ({ pending, problems, drafts }) => pending.length + problems.length + drafts.length;

/**
 * Two notes as one.
 * @param {string} earlier
 * @param {string} later
 */
export function join(earlier, later) {
  const [first, second] = [read(earlier), read(later)];
  return write({
    ...first,
    title: second.title || first.title,
    pending: [...first.pending, ...second.pending],
    problems: [...first.problems, ...second.problems],
    drafts: [...first.drafts, ...second.drafts],
  });
}

/** Names that begin like this are a person's. @param {string} userId @param {string} [tripId] */
export const prefixOf = (userId, tripId) => `${VERSION}/${userId}/${tripId === undefined ? "" : `${tripId}/`}`;

/** @param {string} name @returns {string} the trip's id */
export const tripOf = (name) => name.split("/")[2];

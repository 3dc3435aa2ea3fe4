/**
 * What others did, told to the one who is here: a tint on the card, a sentence for who listens, a toast for what was
 * taken away under one's eyes; and what was refused, where no field can show it.
 *
 * @import { Change, Kind } from "#realtime/types.js"
 * @import { Problem } from "#realtime/problems.js"
 * @import { Desk } from "#trips/desk.js"
 */
import { kindOf } from "#realtime/types.js";
import { bringBack } from "#trips/actions.js";
import { bare, categoryWord, firstName, quoted } from "#trips/words.js";

/** What an object is called. @type {Record<Kind, (id: string, object: any) => string>} */
export const NAMES = {
  trip: () => "the trip",
  member: (_, object) => firstName(object?.name || "somebody"),
  activity: (_, object) => object?.name ?? "an idea",
  itinerary: (_, object) => object?.activity ?? "a stop",
  budget: (id, object) => object?.name || categoryWord(id),
};

/** @param {Change} change @param {any} before */
function verbOf({ op, data }, before) {
  if (op === "remove") return "removed";
  if (op === "restore") return "brought back";
  if (!before) return "added";
  return "position" in data ? "moved" : "changed";
}

/**
 * @param {Desk} desk
 * @param {() => string | null} looking the card I am at
 */
export function listenToOthers(desk, looking) {
  return desk.store.listen((event) => {
    if (event.type === "refused") for (const problem of event.problems) explain(desk, problem);
    else if (event.type === "change" && !event.mine) tell(desk, event.change, event.before, looking());
  });
}

/**
 * @param {Desk} desk
 * @param {Change} change
 * @param {any} before
 * @param {string | null} looking
 */
function tell(desk, change, before, looking) {
  const { store, plan, voice, tints, screen, personOf, me } = desk;
  const kind = kindOf(change.type);
  if (!kind) return;
  const key = `${kind}:${change.id}`;
  const object = /** @type {any} */ (store.cell(kind, change.id).view.peek()) ?? before;
  const { name, colour } = personOf(change.updated_by);
  const who = change.updated_by === me.user_id ? "You, elsewhere," : firstName(name);
  const what = NAMES[kind](change.id, object);
  const where = kind === "itinerary" && object ? plan.dayName(object.day) : "";
  voice.tell({ who, verb: verbOf(change, before), what, where });
  if (change.op !== "remove") tints.flash(key, colour);
  else if (looking === key || screen.open.peek() === key) toastGone(desk, kind, change.id, `${who} removed ${what}`);
}

/** @param {Desk} desk @param {Kind} kind @param {string} id @param {string} text */
function toastGone(desk, kind, id, text) {
  const { store, toasts, canEdit } = desk;
  const undo = canEdit.peek() && { action: { label: "Undo", run: () => bringBack(desk, kind, id) } };
  const mine = [...store.drafts.values()].filter((draft) => draft.touched && draft.key.startsWith(`${kind}:${id}.`));
  if (mine.length === 0) return toasts.show({ text, ...undo });
  // What I was writing comes back with it, as long as that is offered.
  const closed = () => {
    if (!store.cell(kind, id).view.peek()) for (const { key } of mine) store.layAside(key);
  };
  toasts.show({ text: `${text} while you wrote ${quoted(mine[0].text.peek())}`, ...undo, stays: true, closed });
}

/** Refused: what I wrote stands in a card (refusals.js) until I have chosen; that it does is said once. @param {Desk} desk @param {Problem} problem */
function explain({ store, toasts, voice }, problem) {
  const { kind, id, code, field, key } = problem;
  if (code === "conflict" && field) return voice.say("There are two versions. Choose one.");
  if (code === "read_only") return voice.say("You can only look at this trip now.");
  const atField = field !== null && document.querySelector(`[data-field="${CSS.escape(key)}"]`) !== null;
  if (atField || (kind === "member" && document.querySelector(".people"))) return;
  const cell = store.cell(kind, id);
  toasts.show({ text: sentenceOf(problem, NAMES[kind](id, cell.view.peek() ?? cell.last)) });
}

/** @param {Problem} problem @param {string} name */
function sentenceOf({ code, message, field }, name) {
  if (code === "not_found") return `${name} is gone, so your change to it is not saved.`;
  return field ? `${name}: ${bare(message)}` : bare(message);
}

/** One editor is open at a time: what stands in another, as it cannot be saved, is to be seen too. @param {Desk} desk */
export function keepHidden({ store, screen }) {
  const open = screen.open.value;
  for (const { key } of store.drafts.kept()) {
    if (!/^(itinerary|activity):/.test(key) || key.startsWith(`${open}.`)) continue;
    screen.complaint(key).value = "";
    store.layAside(key);
  }
}

/** Who may only look from now on keeps what was being written. @param {Desk} desk */
export function keepDrafts({ store }) {
  for (const { key } of store.drafts.kept()) store.layAside(key);
}

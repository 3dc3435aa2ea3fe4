/**
 * What others did, told to the one who is here: a tint on the card, a sentence for who listens, a toast for what was
 * taken away under one's eyes; and what was refused, where no field can show it.
 *
 * @import { Desk } from "#trips/desk.js"
 * @import { Change, Kind } from "#realtime/types.js"
 * @import { Problem } from "#realtime/problems.js"
 */
import { kindOf } from "#realtime/types.js";
import { bringBack } from "#trips/actions.js";
import { bare, categoryWord, firstName } from "#trips/words.js";

/** @type {Record<Kind, string>} */
const NAMED_BY = { trip: "title", member: "name", activity: "name", itinerary: "activity", budget: "name" };

/**
 * What an object is called.
 * @param {Kind} kind
 * @param {string} id
 * @param {any} object
 */
export const nameOf = (kind, id, object) =>
  kind === "trip" ? "the trip" : kind === "member" ? firstName(object?.name || "somebody") : object?.[NAMED_BY[kind]] || (kind === "budget" ? categoryWord(id) : "something");

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
    if (event.type === "refused") explain(desk, event.problems);
    else if (!event.mine) tell(desk, event.change, event.before, looking());
  });
}

/**
 * @param {Desk} desk
 * @param {Change} change
 * @param {any} before
 * @param {string | null} looking
 */
function tell(desk, change, before, looking) {
  const { store, plan, voice, tints, toasts, screen, personOf, canEdit, me } = desk;
  const kind = kindOf(change.type);
  if (!kind) return;
  const key = `${kind}:${change.id}`;
  const object = /** @type {any} */ (store.cell(kind, change.id).view.peek()) ?? before;
  const own = change.updated_by === me.user_id;
  const { name, colour } = personOf(change.updated_by);
  const who = own ? "You, elsewhere," : firstName(name);
  const what = nameOf(kind, change.id, object);
  const where = kind === "itinerary" && object ? plan.dayName(object.day) : "";
  if (change.op !== "remove") tints.flash(key, colour);
  voice.tell({ who, verb: verbOf(change, before), what, where });
  if (change.op !== "remove" || (looking !== key && screen.open.peek() !== key)) return;
  const restore = { label: "Undo", run: () => bringBack(desk, kind, change.id) };
  toasts.show({ text: `${who} removed ${what}`, ...(canEdit.peek() && { action: restore }) });
}

/** Refused, and no field on the page to say it: it is said where it stays. @param {Desk} desk @param {Problem[]} problems */
function explain({ store, toasts, voice, screen }, problems) {
  for (const problem of problems) {
    if (problem.code === "conflict" && problem.field) voice.say("There are two versions. Choose one.");
    else if (problem.code === "read_only") voice.say("You can only look at this trip now.");
    else if (problem.field && onScreen(problem.key)) continue;
    else if (problem.kind === "member" && document.querySelector(".people")) continue;
    else {
      const view = store.cell(problem.kind, problem.id).view.peek();
      const show = () => {
        screen.open.value = `${problem.kind}:${problem.id}`;
      };
      const editable = view && problem.field && (problem.kind === "itinerary" || problem.kind === "activity");
      toasts.show({ text: sentenceOf(problem, nameOf(problem.kind, problem.id, view ?? store.cell(problem.kind, problem.id).last)), stays: true, ...(editable && { action: { label: "Show", run: show } }) });
    }
  }
}

/** @param {string} key */
const onScreen = (key) => document.querySelector(`[data-field="${CSS.escape(key)}"]`) !== null;

/**
 * @param {Problem} problem
 * @param {string} name
 */
function sentenceOf({ code, message, field }, name) {
  if (code === "not_found") return `${name} is gone, so your change to it is not saved.`;
  return field ? `${name}: ${bare(message)}` : bare(message);
}

/** Who may only look from now on keeps what was being written. @param {Desk} desk */
export function keepDrafts({ store, screen }) {
  const touched = [...store.drafts.values()].filter((draft) => draft.touched);
  screen.kept.value = [...screen.kept.peek(), ...touched.map(({ key, text }) => ({ key, text: text.peek() }))];
  for (const { key } of touched) store.endDraft(key);
}

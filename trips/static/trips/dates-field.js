/** The dates of the trip, edited in place: both at once, for one cannot be right without the other. */
import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { shorten } from "#trips/actions.js";
import { addDays, dayCount, range, shortDate, wrongDates } from "#trips/dates.js";
import { useDesk } from "#trips/desk.js";
import { Editing, FieldError, Theirs } from "#trips/field.js";
import { html, icon } from "#trips/html.js";
import { elementId } from "#trips/screen.js";
import { useDraft } from "#trips/use-draft.js";
import { count, firstName, listing } from "#trips/words.js";

/** @import { Desk } from "#trips/desk.js" */

export function DatesFact() {
  const { store, plan, people, canEdit } = useDesk();
  const open = useSignal(false);
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const words = useComputed(() => range(plan.start.value, plan.end.value)).value;
  const [start, end] = [people.editing(`trip:${store.tripId}.start_date`).value, people.editing(`trip:${store.tripId}.end_date`).value];
  const person = start ?? end;
  if (!canEdit.value) return html`<span>${icon("cal", "s")} <b>${words || "No dates yet"}</b></span>`;
  const close = (/** @type {boolean} */ back) => {
    open.value = false;
    if (back) requestAnimationFrame(() => button.current?.focus());
  };
  // Where a question was asked, the focus had nowhere to go back to.
  const regain = () => document.activeElement === document.body && close(true);
  if (open.value) return html`<${DatesEditor} close=${close} regain=${regain} />`;
  return html`<button type="button" ref=${button} class=${person ? "edit locked" : "edit"} data-who=${person?.colour} onClick=${() => (open.value = true)}
    aria-label=${`Dates: ${words || "none yet"}. ${person ? `${firstName(person.name)} is editing` : "Edit"}`}>
    ${person && html`<${Editing} person=${person} />`}${icon("cal", "s")}${words ? html`<b>${words}</b>` : html`<span>When?</span>`}
  </button>`;
}

/** @param {{close: (back: boolean) => void, regain: () => void}} props */
function DatesEditor({ close, regain }) {
  const desk = useDesk();
  const { store, plan, people } = desk;
  const name = useRef(elementId()).current;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const at = /** @type {const} */ ({ kind: "trip", id: store.tripId });
  const leave = () => {
    const [from, to] = [first.node.current?.value || null, last.node.current?.value || null];
    const wrong = wrongDates(from, to);
    last.complaint.value = wrong ?? "";
    if (wrong) return false;
    const touched = first.draft.peek()?.touched || last.draft.peek()?.touched;
    const base = Math.min(first.draft.peek()?.seq ?? Infinity, last.draft.peek()?.seq ?? Infinity);
    finish();
    if (touched) void keep(desk, from, to, base).then(regain);
    return true;
  };
  const finish = () => {
    for (const edit of [first, last]) {
      desk.typing(edit.key, false);
      edit.end();
    }
  };
  const back = () => {
    finish();
    close(true);
  };
  const saved = () => close(true);
  const first = useDraft({ ...at, field: "start_date", leave, saved, back });
  const last = useDraft({ ...at, field: "end_date", leave, saved, back });
  useLayoutEffect(() => first.node.current?.focus(), []);
  const onFocusOut = (/** @type {FocusEvent} */ event) => {
    if (!box.current?.isConnected || box.current.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    if (leave()) close(false);
  };
  const error = first.error.value || last.error.value;
  const shared = { class: "input", type: "date", "aria-invalid": error ? "true" : undefined, "aria-describedby": error ? `${name}-error` : undefined };
  const person = people.editing(first.key).value ?? people.editing(last.key).value;
  return html`<div class=${`dates-edit ${person ? "locked" : ""}`} data-who=${person?.colour} ref=${box} onFocusOut=${onFocusOut} role="group" aria-label="Dates of the trip">
    <div class="field"><label for=${`${name}-first`}>First day</label><input ...${first.within} ...${shared} id=${`${name}-first`} /></div>
    <div class="field"><label for=${`${name}-last`}>Last day</label><input ...${last.within} ...${shared} id=${`${name}-last`} min=${plan.start.value ?? undefined} /></div>
    <button type="button" class="btn" onClick=${() => leave() && close(true)}>Done</button>
    ${person && html`<${Editing} person=${person} />`}
    ${error && html`<${FieldError} id=${`${name}-error`} text=${error} />`}
    <${Theirs} edit=${first} /><${Theirs} edit=${last} />
  </div>`;
}

/**
 * Save the dates; where stops would lose their day, ask first.
 * @param {Desk} desk
 * @param {string | null} start
 * @param {string | null} end
 * @param {number} base_seq
 */
async function keep(desk, start, end, base_seq) {
  const { store, plan, dialogs } = desk;
  const [oldStart, oldEnd] = [plan.start.peek(), plan.end.peek()];
  const data = { ...(start === oldStart ? {} : { start_date: start }), ...(end === oldEnd ? {} : { end_date: end }) };
  const last = dayCount(start, end);
  const days = store.list("days").peek().filter((day) => last > 0 && Number(day) > last && Number(day) <= dayCount(oldStart, oldEnd));
  const stops = days.flatMap((day) => store.list(`day:${day}`).peek());
  if (Object.keys(data).length === 0) return;
  if (stops.length === 0 || !oldStart || !oldEnd || !end) return void store.propose({ kind: "trip", id: store.tripId, data, base_seq });
  const lost = listing(days.map((day) => shortDate(addDays(oldStart, Number(day) - 1))));
  const yes = await dialogs.ask({
    title: `Shorten the trip to ${shortDate(end)}?`,
    text: `${count(stops.length, "stop")} of ${lost} ${stops.length === 1 ? "moves" : "move"} to Unscheduled. Nothing is removed.`,
    yes: "Shorten the trip",
    no: `Keep ${shortDate(oldEnd)}`,
  });
  if (yes) shorten(desk, data, stops);
}

/** The dates of the trip, edited in place: both at once, for one cannot be right without the other. */

/**
 * @import { Draft } from "#realtime/draft.js"
 * @import { Desk } from "#trips/desk.js"
 */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";

import { shorten } from "#trips/actions.js";
import { addDays, dayCount, range, shortDate, wrongDates } from "#trips/dates.js";
import { useDesk } from "#trips/desk.js";
import { useFieldEdit } from "#trips/field-edit.js";
import { Editing, FieldError, Theirs } from "#trips/field.js";
import { html, icon } from "#trips/html.js";
import { elementId } from "#trips/screen.js";
import { count, firstName, listing } from "#trips/words.js";

/** Who else is editing one of the dates. */
function useOther() {
  const { store, people } = useDesk();
  const at = (/** @type {string} */ field) => people.editing(`trip:${store.tripId}.${field}`).value;
  const [first, last] = [at("start_date"), at("end_date")];
  return first ?? last;
}

export function DatesFact() {
  const { plan, canEdit, screen, store } = useDesk();
  const open = useSignal(false);
  useSignalEffect(() => {
    const mine = ["start_date", "end_date"].map((field) => `trip:${store.tripId}.${field}`);
    if (mine.some((key) => screen.returned.value.includes(key))) open.value = true;
  });
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const words = useComputed(() => range(plan.start.value, plan.end.value)).value;
  const person = useOther();
  if (!canEdit.value) return html`<span>${icon("cal", "s")} <b>${words || "No dates yet"}</b></span>`;
  const close = (/** @type {boolean} */ back) => {
    open.value = false;
    if (back) requestAnimationFrame(() => button.current?.focus());
  };
  // Where a question was asked, the focus had nowhere to go back to.
  const regain = () => document.activeElement === document.body && close(true);
  if (open.value) return html`<${DatesEditor} close=${close} regain=${regain} />`;
  const label = `Dates: ${words || "When?"}. ${person ? `${firstName(person.name)} is editing` : "Edit"}`;
  return html`<button type="button" ref=${button} class=${person ? "edit locked" : "edit"} data-who=${person?.colour}
    aria-label=${label} onClick=${() => (open.value = true)}>
    ${person && html`<${Editing} person=${person} />`}
    ${icon("cal", "s")}${words ? html`<b>${words}</b>` : html`<span>When?</span>`}
  </button>`;
}

/**
 * The two edits, saved together.
 * @param {(back: boolean) => void} close
 * @param {() => void} regain
 */
function useDates(close, regain) {
  const desk = useDesk();
  const end = () => edits.forEach((edit) => edit.end());
  const leave = () => {
    const [from, to] = edits.map((edit) => edit.node.current?.value || null);
    const wrong = wrongDates(from, to);
    last.complaint.value = wrong ?? "";
    if (wrong) return false;
    const drafts = edits.map((edit) => edit.draft.peek()).filter((draft) => draft !== null);
    edits.forEach((edit) => edit.letGo());
    if (drafts.some((draft) => draft.touched)) void keep(desk, from, to, drafts).then(regain);
    else endAll(desk, drafts);
    return true;
  };
  const back = () => {
    end();
    close(true);
  };
  const both = { kind: /** @type {const} */ ("trip"), id: desk.store.tripId, leave, saved: () => close(true), back };
  const first = useFieldEdit({ ...both, field: "start_date" });
  const last = useFieldEdit({ ...both, field: "end_date" });
  const edits = [first, last];
  return { first, last, leave };
}

/** @param {{close: (back: boolean) => void, regain: () => void}} props */
function DatesEditor({ close, regain }) {
  const { first, last, leave } = useDates(close, regain);
  const name = useRef(elementId()).current;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const person = useOther();
  useLayoutEffect(() => first.node.current?.focus(), []);
  const onFocusOut = (/** @type {FocusEvent} */ event) => {
    const to = /** @type {Node | null} */ (event.relatedTarget);
    if (box.current?.isConnected && !box.current.contains(to) && leave()) close(false);
  };
  const error = first.error.value || last.error.value;
  const input = {
    class: "input", type: "date",
    "aria-invalid": error ? "true" : undefined, "aria-describedby": error ? `${name}-error` : undefined,
  };
  return html`<div class=${person ? "dates-edit locked" : "dates-edit"} data-who=${person?.colour}
    ref=${box} onFocusOut=${onFocusOut} role="group" aria-label="Dates of the trip">
    <div class="field"><label for=${`${name}-first`}>First day</label>
      <input ...${first.within} ...${input} id=${`${name}-first`} /></div>
    <div class="field"><label for=${`${name}-last`}>Last day</label>
      <input ...${last.within} ...${input} id=${`${name}-last`} /></div>
    <button type="button" class="btn" onClick=${() => leave() && close(true)}>Done</button>
    ${person && html`<${Editing} person=${person} />`}
    ${error && html`<${FieldError} id=${`${name}-error`} text=${error} />`}
    <${Theirs} edit=${first} /><${Theirs} edit=${last} />
  </div>`;
}

/** @param {Desk} desk @param {Draft[]} drafts */
function endAll({ store }, drafts) {
  for (const { key } of drafts) store.drafts.delete(key);
}

/**
 * Save the dates; where stops would lose their day, ask first. Until then they stay in their drafts.
 * @param {Desk} desk
 * @param {string | null} start
 * @param {string | null} end
 * @param {Draft[]} drafts
 */
async function keep(desk, start, end, drafts) {
  const { store, plan } = desk;
  const data = {
    ...(start === plan.start.peek() ? {} : { start_date: start }),
    ...(end === plan.end.peek() ? {} : { end_date: end }),
  };
  const lost = lostDays(desk, dayCount(start, end));
  const may = lost.length === 0 || !end || (await mayShorten(desk, lost, end));
  store.transact(() => {
    endAll(desk, drafts);
    if (!may || Object.keys(data).length === 0) return;
    if (lost.length) shorten(desk, data, stopsOf(desk, lost));
    else store.propose({ kind: "trip", id: store.tripId, data, base_seq: Math.min(...drafts.map(({ seq }) => seq)) });
  });
}

/** The days with stops that a trip of so many days does not have any more. @param {Desk} desk @param {number} days */
function lostDays({ store, plan }, days) {
  const before = dayCount(plan.start.peek(), plan.end.peek());
  return store.list("days").peek().map(Number).filter((day) => days > 0 && day > days && day <= before);
}

/** @param {Desk} desk @param {number[]} days */
const stopsOf = ({ store }, days) => days.flatMap((day) => store.list(`day:${day}`).peek());

/** @param {Desk} desk @param {number[]} lost @param {string} end */
function mayShorten(desk, lost, end) {
  const start = desk.plan.start.peek() ?? end;
  const stops = stopsOf(desk, lost).length;
  const days = listing(lost.map((day) => shortDate(addDays(start, day - 1))));
  return desk.dialogs.ask({
    title: `Shorten the trip to ${shortDate(end)}?`,
    text: `${count(stops, "stop")} of ${days} ${stops === 1 ? "moves" : "move"} to Unscheduled. Nothing is removed.`,
    yes: "Shorten the trip",
    no: `Keep ${shortDate(desk.plan.end.peek() ?? end)}`,
  });
}

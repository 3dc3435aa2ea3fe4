/**
 * A stop on its day: a card, or the editor in the card's place; and the gap to the next one.
 *
 * @import { Person } from "#realtime/people.js"
 * @import { Desk } from "#trips/desk.js"
 * @import { Stop as Shown } from "#realtime/types.js"
 * @typedef {{editing: Person | null, looking: Person[], first: Person | null}} Others
 */
import { useComputed } from "@preact/signals";

import { useDesk } from "#trips/desk.js";
import { StopEditor } from "#trips/editor.js";
import { Editing } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { dropLifted, onGripKey } from "#trips/lift.js";
import { shortMoney } from "#trips/money.js";
import { Refusals } from "#trips/refusals.js";
import { gapBetween, lengthOf } from "#trips/times.js";
import { CATEGORIES, firstName } from "#trips/words.js";

/** @param {{id: string}} props */
export function Stop({ id }) {
  const { screen } = useDesk();
  const open = useComputed(() => screen.open.value === `itinerary:${id}`);
  return html`${open.value ? html`<${StopEditor} id=${id} />` : html`<${Card} id=${id} />`}
    <${Refusals} kind="itinerary" id=${id} />`;
}

/** All of a card is one component: its parts are functions. @param {{id: string}} props */
function Card({ id }) {
  const desk = useDesk();
  const { store, plan, screen, tints, canEdit } = desk;
  const key = `itinerary:${id}`;
  const stop = plan.stop(id).value;
  const pending = useLate(store.cell("itinerary", id).pending).value;
  const picked = useComputed(() => screen.lifted.value?.id === id).value;
  const others = useOthers(key);
  if (!stop) return null;
  const look = { looked: others.first, tentative: stop.status === "tentative", pending, picked };
  const open = () => {
    screen.open.value = key;
    focusOn(key);
  };
  return html`<li class=${classes("card", look)} data-key=${key} data-who=${others.first?.colour} data-tint=${tints.at(key)}>
    ${corner(others)}
    <div>${when(stop)}${sort(stop.category)}</div>
    <div class="body">
      <h3><button class="open" data-part="open" onClick=${open}>${stop.activity}</button></h3>
      ${stop.place && html`<p class="place">${stop.place}</p>`}
      ${chips(stop, pending, plan.currency.value)}
    </div>
    ${canEdit.value && grip(desk, id, stop.activity, picked)}
  </li>`;
}

/** @param {string} first @param {Record<string, unknown>} more those that are true */
const classes = (first, more) => [first, ...Object.keys(more).filter((name) => more[name])].join(" ");

/** @param {Shown} stop */
function when({ time, duration }) {
  if (!time && duration === null) return null;
  const lasts = duration !== null && html`<small>${lengthOf(duration)}</small>`;
  return html`<time datetime=${time ?? undefined}>${time}${lasts}</time>`;
}

/** @param {Shown["category"]} category */
function sort(category) {
  const { label, icon: name, tint } = CATEGORIES[category];
  return html`<span class=${`cat ${tint}`}>${icon(name, "s")}${category && html`<span class="hide">${label}</span>`}</span>`;
}

/** @param {Shown} stop @param {boolean} pending @param {string} currency */
function chips({ cost, status }, pending, currency) {
  if (!cost && !status && !pending) return null;
  return html`<div class="chips">
    ${cost ? html`<span class="chip">${shortMoney(cost, currency)}</span>` : null}
    ${status === "booked" && html`<span class="pill ok">${icon("check", "s")}Booked</span>`}
    ${status === "tentative" && html`<span class="pill plain">Tentative</span>`}
    ${pending && unsaved()}
  </div>`;
}

export const unsaved = () => html`<span class="pill warn">${icon("clock", "s")}Not saved yet</span>`;

/** Who else is at a card; `first` is the one whose colour its ring has. @param {string} key @returns {Others} */
export function useOthers(key) {
  const { people } = useDesk();
  const types = (/** @type {Person} */ each) => !each.me && each.typing?.startsWith(`${key}.`);
  const editing = useComputed(() => people.present.value.find(types) ?? null).value;
  const looking = people.at(key).value;
  return { editing, looking, first: editing ?? looking[0] ?? null };
}

/** @param {Others} others */
export function corner({ editing, looking, first }) {
  if (!first) return null;
  if (editing) return html`<span class="corner"><${Editing} person=${editing} /></span>`;
  const words = looking.length > 1 ? `${firstName(first.name)} +${looking.length - 1}` : `${firstName(first.name)} is here`;
  return html`<span class="corner"><span class="tag" data-who=${first.colour}>${words}</span></span>`;
}

/**
 * Pressed, it asks where to; Space or Enter lifts the stop.
 * @param {Desk} desk
 * @param {string} id
 * @param {string} name
 * @param {boolean} picked
 */
function grip(desk, id, name, picked) {
  const ask = () => {
    desk.screen.moving.value = { id, copies: false };
  };
  return html`<button type="button" class="grip" data-part="grip" aria-label=${`Move ${name}`}
    aria-pressed=${picked ? "true" : undefined} onClick=${ask} onBlur=${() => dropLifted(desk, id)}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => onGripKey(desk, id, event)}>${icon("grip")}</button>`;
}

/**
 * Free time or an overlap; the dotted way joins the stops also where there is nothing to say.
 * @param {{from: string, to: string}} props
 */
export function Gap({ from, to }) {
  const { plan } = useDesk();
  // One text and not an object: a signal is only set when it differs.
  const words = useComputed(() => {
    const [before, after] = [plan.stop(from).value, plan.stop(to).value];
    const { clash, text } = before && after ? gapBetween(before, after) : { clash: false, text: "" };
    return (clash ? "!" : " ") + text;
  }).value;
  const clash = words[0] === "!";
  return html`<li class=${clash ? "gap clash" : "gap"} aria-hidden=${words.length > 1 ? undefined : "true"}>${clash && icon("warn", "s")}${words.slice(1)}</li>`;
}

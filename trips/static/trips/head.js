/** The head of the trip: its title, place and dates, edited where they stand; the money; and the ways to its views. */

/** @import { View } from "#trips/screen.js" */
import { useComputed } from "@preact/signals";

import { DatesFact } from "#trips/dates-field.js";
import { useDesk } from "#trips/desk.js";
import { Edit } from "#trips/edit.js";
import { filled } from "#trips/editor.js";
import { html, icon } from "#trips/html.js";
import { money, shortMoney } from "#trips/money.js";
import { Refusals } from "#trips/refusals.js";

export function Head() {
  const { store, canEdit } = useDesk();
  const at = { kind: "trip", id: store.tripId };
  const title = useComputed(() => store.trip().view.value?.title ?? "");
  const destination = useComputed(() => store.trip().view.value?.destination ?? "");
  return html`<div class="head">
    <div class="row"><div class="titles">
      <h1><${Edit} ...${at} field="title" label="Title" text=${title} parse=${filled} /></h1>
      <div class="facts">
        ${(canEdit.value || destination.value) && html`<${Edit} ...${at} field="destination" label="Destination"
          text=${destination} before=${icon("pin", "s")} hint="Where to?" />`}
        <${DatesFact} />
        <${Money} />
        ${!canEdit.value && html`<span><span class="pill plain">${icon("eye", "s")}Viewer</span></span>`}
      </div>
    </div></div>
    <${Refusals} ...${at} as="div" />
    <${Tabs} />
  </div>`;
}

/** Only signals in it, so that a new sum draws nothing anew. */
function Money() {
  const { plan } = useDesk();
  const inPlan = useComputed(() => money(plan.inPlan.value, plan.currency.value));
  const planned = useComputed(() => {
    const amount = plan.allPlanned.value;
    return amount ? `of ${shortMoney(amount, plan.currency.value)} planned` : "in the plan";
  });
  return html`<span class="wide-only">${icon("purse", "s")} <b>${inPlan}</b> ${planned}</span>`;
}

/** @type {{view: View, label: string, picture: string}[]} */
const VIEWS = [
  { view: "plan", label: "Plan", picture: "plan" },
  { view: "budget", label: "Budget", picture: "purse" },
];

/** The views, as links: each has its own address, and none of them loads the page anew. */
export function Views() {
  const { screen, urls, go } = useDesk();
  const follow = (/** @type {View} */ view) => (/** @type {MouseEvent} */ event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(view);
  };
  const current = (/** @type {View} */ view) => (screen.view.value === view ? "page" : undefined);
  return VIEWS.map(({ view, label, picture }) => html`
    <a key=${view} href=${urls[view]} aria-current=${current(view)} onClick=${follow(view)}>${icon(picture)}${label}</a>`);
}

function Tabs() {
  const { screen } = useDesk();
  return html`<div class="tab-row">
    <nav class="tabs" aria-label="Views of this trip"><${Views} /></nav><span class="grow" />
    ${screen.view.value === "plan" && html`<${CallIdeas} />`}
  </div>`;
}

/** Where the slot at the right is closed at first. */
function CallIdeas() {
  const { screen, plan } = useDesk();
  const open = screen.side.value === "ideas";
  const call = () => {
    screen.side.value = open ? null : "ideas";
  };
  return html`<button type="button" class="btn bare call-ideas" aria-expanded=${String(open)} aria-controls="ideas"
    onClick=${call}>${icon("bolt", "s")}Ideas ${plan.ideas.value.length || ""}</button>`;
}

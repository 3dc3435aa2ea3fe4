/** The head of the trip: its title, place and dates, edited where they stand; the money; and the ways to its views. */
import { useComputed } from "@preact/signals";

import { useDesk } from "#trips/desk.js";
import { DatesFact } from "#trips/dates-field.js";
import { Edit } from "#trips/edit.js";
import { filled } from "#trips/editor.js";
import { html, icon } from "#trips/html.js";
import { money, shortMoney } from "#trips/money.js";
import { Refusals } from "#trips/refusals.js";

export function Head() {
  const { store, canEdit } = useDesk();
  const id = store.tripId;
  const title = useComputed(() => store.trip().view.value?.title ?? "");
  const destination = useComputed(() => store.trip().view.value?.destination ?? "");
  return html`<div class="head">
    <div class="row"><div class="titles">
      <h1><${Edit} kind="trip" id=${id} field="title" label="Title" text=${title} parse=${filled} /></h1>
      <div class="facts">
        ${(canEdit.value || destination.value) && html`<${Edit} kind="trip" id=${id} field="destination" label="Destination" text=${destination}
          before=${icon("pin", "s")} hint="Where to?" />`}
        <${DatesFact} />
        <${Money} />
        ${!canEdit.value && html`<span><span class="pill plain">${icon("eye", "s")}Viewer</span></span>`}
      </div>
    </div></div>
    <${Refusals} kind="trip" id=${id} as="div" />
    <${Tabs} />
  </div>`;
}

/** Only signals in it, so that a new sum draws nothing anew. */
function Money() {
  const { plan } = useDesk();
  const inPlan = useComputed(() => money(plan.inPlan.value, plan.currency.value));
  const planned = useComputed(() => (plan.allPlanned.value ? `of ${shortMoney(plan.allPlanned.value, plan.currency.value)} planned` : "in the plan"));
  return html`<span class="wide-only">${icon("purse", "s")} <b>${inPlan}</b> ${planned}</span>`;
}

/** @type {[import("#trips/screen.js").View, string, string][]} */
const VIEWS = [["plan", "Plan", "plan"], ["budget", "Budget", "purse"]];

/** The views, as links: each has its own address, and none of them loads the page anew. */
export function Views() {
  const { screen, urls, go } = useDesk();
  return html`${VIEWS.map(([view, label, picture]) => {
    const press = (/** @type {MouseEvent} */ event) => {
      if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(view);
    };
    return html`<a key=${view} href=${urls[view]} aria-current=${screen.view.value === view ? "page" : undefined} onClick=${press}>${icon(picture)}${label}</a>`;
  })}`;
}

function Tabs() {
  const { screen, plan } = useDesk();
  const call = () => {
    screen.side.value = screen.side.value === "ideas" ? null : "ideas";
    requestAnimationFrame(() => /** @type {HTMLElement | null} */ (document.querySelector(".ideas.called button"))?.focus());
  };
  return html`<div class="tab-row"><nav class="tabs" aria-label="Views of this trip"><${Views} /></nav><span class="grow" />
    ${screen.view.value === "plan" && html`<button type="button" class="btn bare call-ideas" aria-expanded=${screen.side.value === "ideas" ? "true" : "false"}
      aria-controls="ideas" onClick=${call}>${icon("bolt", "s")}Ideas ${useIdeas(plan)}</button>`}</div>`;
}

/** @param {import("#trips/plan.js").Plan} plan */
const useIdeas = (plan) => plan.ideas.value.length || "";

/** A stop as text, for who may only look. */
import { useDesk } from "#trips/desk.js";
import { html } from "#trips/html.js";
import { money } from "#trips/money.js";
import { lengthOf } from "#trips/times.js";
import { CATEGORIES } from "#trips/words.js";

/** @param {{id: string}} props */
export function Details({ id }) {
  const { plan } = useDesk();
  const stop = plan.stop(id).value;
  if (!stop) return null;
  const facts = [
    ["Starts", stop.time], ["Lasts", lengthOf(stop.duration)], ["Place", stop.place],
    ["Category", stop.category && CATEGORIES[stop.category].label],
    ["Cost", stop.cost && money(stop.cost, plan.currency.value)], ["Notes", stop.notes],
  ];
  return html`<h3>${stop.activity}</h3>
    <dl class="details">${facts.map(([word, value]) => value && html`<div key=${word}><dt>${word}</dt><dd>${value}</dd></div>`)}</dl>`;
}

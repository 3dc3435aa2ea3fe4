/** A stop or an idea as text, for who may only look; and the link of either, for everybody. */
import { useDesk } from "#trips/desk.js";
import { html } from "#trips/html.js";
import { money } from "#trips/money.js";
import { lengthOf } from "#trips/times.js";
import { CATEGORIES } from "#trips/words.js";

/** @import { Activity, Stop } from "#realtime/types.js" */

/** @param {{of: Stop | Activity, link?: string}} props */
export function Details({ of: thing, link = "" }) {
  const { currency } = useDesk().plan;
  const facts = [
    ["Starts", "time" in thing && thing.time],
    ["Lasts", lengthOf(thing.duration)],
    ["Place", thing.place],
    ["Category", thing.category && CATEGORIES[thing.category].label],
    ["Cost", thing.cost !== null && money(thing.cost, currency.value)],
    ["Notes", thing.notes],
  ];
  return html`<h3>${"name" in thing ? thing.name : thing.activity}</h3>
    <dl class="details">
      ${facts.map(([word, value]) => value && html`<div key=${word}><dt>${word}</dt><dd>${value}</dd></div>`)}
    </dl>
    ${link && html`<${Link} to=${link} />`}`;
}

/** @param {{to: string}} props */
export const Link = ({ to }) =>
  html`<a class="website" href=${to} target="_blank" rel="noreferrer">${to.replace(/^https?:\/\/(www\.)?|\/$/g, "")}</a>`;

/**
 * What could not be saved although it was written well: two versions to choose from, or a text to keep for somebody who
 * may only look now. It stays until something was chosen.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { Problem } from "#realtime/problems.js"
 */
import { useComputed } from "@preact/signals";

import { shortDate } from "#trips/dates.js";
import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { shortMoney } from "#trips/money.js";
import { lengthOf } from "#trips/times.js";
import { CATEGORIES, FIELDS, ago, firstName, quoted } from "#trips/words.js";

const KEPT = new Set(["conflict", "read_only"]);

/** @param {{kind: Kind, id: string, as?: "li" | "div"}} props */
export function Refusals({ kind, id, as = "li" }) {
  const { store, screen, plan } = useDesk();
  const key = `${kind}:${id}`;
  const mine = useComputed(() => store.problems.value.filter((each) => each.kind === kind && each.id === id && KEPT.has(each.code)));
  // The list is new each time; what counts is what is in it.
  const keys = useComputed(() => mine.value.map((each) => each.key + each.code).join()).value;
  const texts = useComputed(() => screen.kept.value.filter((each) => each.key.startsWith(`${key}.`)));
  const count = useComputed(() => texts.value.length).value;
  if (!keys && !count) return null;
  const forget = (/** @type {string} */ each) => () => (screen.kept.value = screen.kept.peek().filter((other) => other.key !== each));
  return html`<${as} class="refusals" key=${key}>${texts.peek().map((each) => html`<${Kept} key=${each.key} text=${each.text} close=${forget(each.key)} />`)}${mine.peek().map((problem) =>
    problem.code === "conflict" && problem.field && problem.theirs
      ? html`<${TwoVersions} key=${problem.key} problem=${problem} />`
      : html`<${Kept} key=${problem.key} text=${textOf(problem, plan.currency.peek())} close=${() => store.dismiss(problem.key)} />`)}</${as}>`;
}

/** @param {{problem: Problem}} props */
function TwoVersions({ problem }) {
  const { store, plan, personOf } = useDesk();
  const { kind, id, field, mine, theirs } = problem;
  if (!field || !theirs) return null;
  const view = /** @type {any} */ (store.cell(kind, id).view.peek());
  const title = view?.title ?? view?.activity ?? view?.name ?? "Two versions";
  const show = (/** @type {any} */ value) => valueText(field, value, plan.currency.peek());
  const long = [show(theirs.value), show(mine)].some((text) => text.length > 24 || text.includes("\n"));
  const name = firstName(personOf(theirs.by).name);
  const settle = () => store.dismiss(problem.key);
  const insist = () => store.propose({ kind, id, data: { [field]: mine }, base_seq: theirs.seq });
  return html`<div class="conflict" role="group" aria-label=${`Two versions of ${title}`}>
    <h3>${icon("warn")}${title}: two versions of the ${FIELDS[field] ?? field}</h3>
    <div class="versions">
      <div class="version"><p class="soft">${name}, ${ago(theirs.at)} (saved)</p><p>${show(theirs.value)}</p></div>
      <div class="version"><p class="soft">You (not saved)</p><p>${show(mine)}</p></div>
    </div>
    <div class="foot">
      <button class="btn" onClick=${settle}>Keep ${long ? `${name}’s` : show(theirs.value)}</button>
      ${long && html`<${CopyIt} text=${show(mine)} label="Copy mine" />`}
      <button class="btn main" onClick=${insist}>${long ? "Use mine" : `Use my ${show(mine)}`}</button>
    </div>
  </div>`;
}

/** @param {Problem} problem @param {string} currency */
const textOf = ({ field, mine }, currency) => (field ? valueText(field, mine, currency) : "");

/** @param {{text: string, close: () => void}} props */
const Kept = ({ text, close }) => html`<div class="note" role="status">${icon("lock", "s")}
  <span>You can only look at this trip now. ${text ? `Your text: ${quoted(text)}` : "Your last change is not saved."}</span>
  ${text && html`<${CopyIt} text=${text} label="Copy it" />`}
  <button class="btn icon bare" aria-label="Close" onClick=${close}>${icon("x", "s")}</button>
</div>`;

/** @param {{text: string, label: string}} props */
export function CopyIt({ text, label }) {
  const { voice } = useDesk();
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    voice.say("Copied");
  };
  return html`<button class="btn text" onClick=${copy}>${label}</button>`;
}

/**
 * The value of a field as people read it.
 * @param {string} field
 * @param {any} value
 * @param {string} currency
 */
export function valueText(field, value, currency) {
  if (value === null || value === undefined || value === "") return "nothing";
  if (field === "duration") return lengthOf(value);
  if (field === "cost" || field === "amount") return shortMoney(value, currency);
  if (field.endsWith("_date")) return shortDate(value);
  if (field === "category") return CATEGORIES[/** @type {keyof typeof CATEGORIES} */ (value)]?.label ?? String(value);
  return String(value);
}

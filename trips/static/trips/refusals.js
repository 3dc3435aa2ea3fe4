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

/** A text that does not fit on a button. */
const LONG = 24;

/** @param {{kind: Kind, id: string, as?: "li" | "div"}} props */
export function Refusals({ kind, id, as = "li" }) {
  const { store, screen } = useDesk();
  const isMine = (/** @type {Problem} */ each) => each.kind === kind && each.id === id;
  const problems = useComputed(() => store.problems.value.filter((each) => isMine(each) && each.code in SHOWN));
  const texts = useComputed(() => screen.kept.value.filter(({ key }) => key.startsWith(`${kind}:${id}.`)));
  // The lists are new each time; what counts is what is in them.
  const keys = useComputed(() => [...problems.value, ...texts.value].map(({ key }) => key).join()).value;
  if (!keys) return null;
  const forget = (/** @type {string} */ key) => () => {
    screen.kept.value = screen.kept.peek().filter((each) => each.key !== key);
  };
  return html`<${as} class="refusals">
    ${texts.peek().map(({ key, text }) => html`<${Kept} key=${key} text=${text} close=${forget(key)} />`)}
    ${problems.peek().map((problem) => html`<${SHOWN[problem.code]} key=${problem.key} problem=${problem} />`)}
  </${as}>`;
}

/** @param {{problem: Problem}} props */
function TwoVersions({ problem }) {
  const { store, personOf } = useDesk();
  const show = useValueText(problem.field ?? "");
  const { kind, id, field, mine, theirs } = problem;
  if (!field || !theirs) return null;
  const view = /** @type {any} */ (store.cell(kind, id).view.peek());
  const title = view?.title ?? view?.activity ?? view?.name ?? "This";
  const texts = { theirs: show(theirs.value), mine: show(mine) };
  const long = Object.values(texts).some((text) => text.length > LONG || text.includes("\n"));
  const name = firstName(personOf(theirs.by).name);
  const settle = () => store.dismiss(problem.key);
  const insist = () => store.propose({ kind, id, data: { [field]: mine }, base_seq: theirs.seq });
  return html`<div class="conflict" role="group" aria-label=${`Two versions of ${title}`}>
    <h3>${icon("warn")}${title}: two versions of the ${FIELDS[field] ?? field}</h3>
    <div class="versions">
      <div class="version"><p class="soft">${name}, ${ago(theirs.at)} (saved)</p><p>${texts.theirs}</p></div>
      <div class="version"><p class="soft">You (not saved)</p><p>${texts.mine}</p></div>
    </div>
    <div class="foot">
      <button class="btn" onClick=${settle}>Keep ${long ? `${name}’s` : texts.theirs}</button>
      ${long && html`<${CopyIt} text=${texts.mine} label="Copy mine" />`}
      <button class="btn main" onClick=${insist}>${long ? "Use mine" : `Use my ${texts.mine}`}</button>
    </div>
  </div>`;
}

/** @param {{problem: Problem}} props */
function ReadOnly({ problem: { key, field, mine } }) {
  const { store } = useDesk();
  const show = useValueText(field ?? "");
  return html`<${Kept} text=${field ? show(mine) : ""} close=${() => store.dismiss(key)} />`;
}

/** @type {Record<string, typeof TwoVersions>} */
const SHOWN = { conflict: TwoVersions, read_only: ReadOnly };

/** @param {{text: string, close: () => void}} props */
function Kept({ text, close }) {
  const words = useDesk().canEdit.value ? "This was not saved." : "You can only look at this trip now.";
  return html`<div class="note" role="status">${icon("lock", "s")}
    <span>${words} ${text ? `Your text: ${quoted(text)}` : "Your last change is not saved."}</span>
    ${text && html`<${CopyIt} text=${text} label="Copy it" />`}
    <button class="btn icon bare" aria-label="Close" onClick=${close}>${icon("x", "s")}</button>
  </div>`;
}

/** @param {{text: string, label: string}} props */
function CopyIt({ text, label }) {
  const { voice } = useDesk();
  const copy = async () => {
    await navigator.clipboard?.writeText(text);
    voice.say("Copied");
  };
  return html`<button class="btn text" onClick=${copy}>${label}</button>`;
}

/** The value of a field as people read it. @param {string} field @returns {(value: any) => string} */
function useValueText(field) {
  const currency = useDesk().plan.currency.value;
  return (value) => {
    if (value === null || value === undefined || value === "") return "nothing";
    if (field === "duration") return lengthOf(value);
    if (field === "cost" || field === "amount") return shortMoney(value, currency);
    if (field.endsWith("_date")) return shortDate(value);
    if (field === "category") return CATEGORIES[/** @type {keyof typeof CATEGORIES} */ (value)]?.label ?? String(value);
    return String(value);
  };
}

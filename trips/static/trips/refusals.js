/**
 * What could not be saved, with what I wrote, so that I can keep it: two versions to choose from, or a text and why. It
 * stays until I have chosen, also in the next page. It stands at its object, or above the page where there is none.
 *
 * @import { Kind } from "#realtime/types.js"
 * @import { Problem } from "#realtime/problems.js"
 */
import { useComputed } from "@preact/signals";

import { problemsOf } from "#realtime/problems.js";
import { COPY_IT_YOURSELF, copy } from "#trips/copy.js";
import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { NAMES } from "#trips/news.js";
import { isHere } from "#trips/returned.js";
import { FIELDS, ago, bare, capital, firstName, quoted } from "#trips/words.js";
import { wordsIn } from "#trips/wrote.js";

/** A text that does not fit on a button. */
const LONG = 24;
/** A text that is quoted in a sentence. */
const SHORT = 40;

/** Fields that are on the page by themselves, and say what is wrong with them. @type {Record<Kind, string[]>} */
const ALWAYS = { trip: ["title", "destination"], budget: ["amount", "name"], member: [], itinerary: [], activity: [] };
/** Those of an editor. */
const EDITED = ["activity", "name", "time", "duration", "place", "category", "cost", "notes", "link"];

/** Those for which something can be done by just sending them again. */
const AGAIN = ["mutation_reused", "internal"];

/** Does the field itself say it? @param {Problem} problem @param {string | null} open the card whose editor is open */
const isAtField = ({ code, kind, id, field }, open) =>
  code === "invalid" && field !== null &&
  (ALWAYS[kind].includes(field) || (open === `${kind}:${id}` && EDITED.includes(field)));

/** @param {{kind: Kind, id: string, as?: "li" | "div"}} props */
export function Refusals({ kind, id, as = "li" }) {
  const { store, screen } = useDesk();
  const isMine = (/** @type {Problem} */ each) => each.kind === kind && each.id === id;
  const problems = useComputed(() => {
    if (!store.problems.value.some(isMine)) return [];
    return store.problems.value.filter((each) => isMine(each) && !isAtField(each, screen.open.value));
  });
  // The list is new each time; what counts is what is in it.
  const keys = useComputed(() => problems.value.map(({ key }) => key).join()).value;
  return keys ? html`<${as} class="refusals">${problems.peek().map(card)}</${as}>` : null;
}

/** What has no place on this view: its object is gone, or stands on another one, or the whole trip is lost. */
export function Leftovers() {
  const { store, plan, screen, ended } = useDesk();
  const problems = useComputed(() => {
    const view = screen.view.value;
    const people = screen.side.value === "people" ? [...store.list("members").value, screen.asked.value] : [];
    const shown = (/** @type {Problem} */ { kind, id }) =>
      kind === "member" ? people.includes(id) : isHere({ store, plan, view }, kind, id);
    return store.problems.value.filter((each) => !shown(each));
  }).value;
  const waits = ended.value && store.pendingCount.value > 0;
  if (problems.length === 0 && !waits) return null;
  return html`<section class="refusals leftovers" aria-label="Not saved">
    ${problems.map(card)}${waits && html`<${Waiting} />`}
  </section>`;
}

/** Nobody takes it any more: what I wrote is there to be copied. */
function Waiting() {
  const { store } = useDesk();
  const all = store.pending.filter(({ ack }) => ack === null).flatMap((entry) => problemsOf(entry, { code: "waits", message: "" }));
  return all.map((problem, index) => html`<${Kept} key=${index} problem=${problem} />`);
}

/** @param {Problem} problem */
const card = (problem) =>
  problem.code === "conflict" && problem.field && problem.theirs
    ? html`<${TwoVersions} key=${problem.key} problem=${problem} />`
    : html`<${Kept} key=${problem.key} problem=${problem} />`;

/** @param {{problem: Problem}} props */
function TwoVersions({ problem }) {
  const { store, personOf, plan } = useDesk();
  const { valueOf } = wordsIn(plan.currency.value);
  const { kind, id, field, mine, theirs } = problem;
  if (!field || !theirs) return null;
  const view = /** @type {any} */ (store.cell(kind, id).view.peek());
  const title = view?.title ?? view?.activity ?? view?.name ?? "This";
  const texts = { theirs: valueOf(field, theirs.value), mine: valueOf(field, mine) };
  const long = Object.values(texts).some((text) => text.length > LONG || text.includes("\n"));
  const name = firstName(personOf(theirs.by).name);
  const settle = () => store.dismiss(problem.key);
  const insist = () => store.transact(() => {
    settle();
    store.propose({ kind, id, data: { [field]: mine }, base_seq: theirs.seq });
  });
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
function Kept({ problem }) {
  const { store, screen, plan, canEdit } = useDesk();
  const { wrote } = wordsIn(plan.currency.value);
  const { key, kind, id, op, code, field, mine } = problem;
  const why = useWhy(problem);
  const text = wrote(problem);
  const again = () => store.transact(() => {
    store.dismiss(key);
    store.propose({ kind, id, op, data: field ? { [field]: mine } : mine });
  });
  const show = () => {
    screen.open.value = `${kind}:${id}`;
  };
  const mends = code === "invalid" && EDITED.includes(field ?? "") && store.cell(kind, id).view.peek();
  const long = text.length > SHORT || text.includes("\n");
  return html`<div class="note" role="status">${icon(code === "read_only" ? "lock" : "warn", "s")}
    <span>${why} ${text ? html`Your text: ${long ? html`<q class="wrote" tabindex="0">${text}</q>` : quoted(text)}` : "Your last change is not saved."}</span>
    ${text && html`<${CopyIt} text=${text} label="Copy it" />`}
    ${mends && html`<button class="btn text" onClick=${show}>Show</button>`}
    ${AGAIN.includes(code) && canEdit.value && html`<button class="btn text" onClick=${again}>Save it now</button>`}
    ${code !== "waits" && html`<button class="btn icon bare" aria-label="Close" onClick=${() => store.dismiss(key)}>${icon("x", "s")}</button>`}
  </div>`;
}

/** Why it is not saved, in a sentence. @param {Problem} problem */
function useWhy({ kind, id, code, message, title }) {
  const { store, role } = useDesk();
  if (code === "waits") return "This is not saved.";
  if (role.value === "viewer") return "You can only look at this trip now.";
  if (code === "not_found") return `${title || capital(NAMES[kind](id, store.cell(kind, id).last))} is gone, so this is not saved.`;
  if (code === "mutation_reused") return "An earlier version of this may be saved. This one is not.";
  return code === "unsaved" || code === "read_only" ? "This was not saved." : bare(message);
}

/** @param {{text: string, label: string}} props */
function CopyIt({ text, label }) {
  const { voice } = useDesk();
  const press = async () => voice.say((await copy(text)) ? "Copied" : COPY_IT_YOURSELF);
  return html`<button class="btn text" onClick=${press}>${label}</button>`;
}

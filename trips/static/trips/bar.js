/** The right end of the bar: is it live, who is here, and the rest under ⋮ on a phone. */

/** @import { Known } from "#trips/people-list.js" */
import { useComputed } from "@preact/signals";

import { useDesk } from "#trips/desk.js";
import { html, icon } from "#trips/html.js";
import { useLate } from "#trips/late.js";
import { Menu } from "#trips/menu.js";
import { Face, useEverybody } from "#trips/people-list.js";
import { after, show } from "#trips/theme.js";
import { count, firstName, listing } from "#trips/words.js";

const WORDS = { live: "Live", reconnecting: "Reconnecting", offline: "Offline" };
/** So many faces fit; of more, the last one counts the rest. */
const MOST = 4;
/** So many are said by name. */
const NAMED = 8;

export function Bar() {
  const { screen, role } = useDesk();
  const open = screen.side.value === "people";
  const people = () => {
    screen.side.value = open ? null : "people";
  };
  const items = [
    { icon: "share", text: "People", run: people },
    { icon: "contrast", text: "Change the theme", run: () => show(after(document.documentElement.dataset.theme)) },
    { icon: "list", text: "Shortcuts", run: () => void (screen.help.value = true) },
  ];
  return html`<${Sign} /><${Faces} press=${people} open=${open} />
    <button type="button" class="btn wide-only" aria-expanded=${String(open)} onClick=${people}>
      ${icon("share")}${role.value === "owner" ? "Share" : "People"}
    </button>
    <span class="phone-only"><${Menu} label="More: people, theme, shortcuts" items=${items} /></span>`;
}

/** Word and shape, never colour alone. What waits is counted only when it waits for a while; what was refused, at once. */
function Sign() {
  const { sign, store } = useDesk();
  const waits = useLate(store.pendingCount);
  const number = useComputed(() => (waits.value ? store.pendingCount.value : 0) + store.problems.value.length).value;
  return html`<span class="sign" data-state=${sign.value} role="status">
    ${WORDS[sign.value]}
    ${number > 0 && html`<span>· ${number}<span class="not-saved"> not saved</span></span>`}
  </span>`;
}

/** @param {{press: () => void, open: boolean}} props */
function Faces({ press, open }) {
  const { people } = useDesk();
  const everybody = useEverybody();
  const all = Math.max(everybody.length, people.count.value);
  const shown = all > MOST ? everybody.slice(0, MOST - 1) : everybody;
  const more = all - shown.length;
  return html`<button type="button" class="faces" aria-expanded=${String(open)} onClick=${press}>
    <span class="hide">${whoIsHere(everybody, people.count.value)}. Show people</span>
    ${shown.map((each) => html`<${Face} key=${each.user_id} ...${each} away=${!each.person} />`)}
    ${more > 0 && html`<span class="face away" aria-hidden="true">+${more}</span>`}
  </button>`;
}

/** @param {Known[]} everybody @param {number} number of those who are here */
function whoIsHere(everybody, number) {
  const names = everybody.filter(({ person }) => person).map(({ name }) => firstName(name));
  if (names.length === 0) return "Nobody is here";
  const said = names.length > NAMED ? names.slice(0, NAMED) : names;
  const more = Math.max(number, names.length) - said.length;
  return `Here now: ${listing(more ? [...said, `${more.toLocaleString("en")} more`] : said)}`;
}

/** Being offline is information, not an error. */
export function Banner() {
  const { sign, store, retry, ended, keeps } = useDesk();
  const number = store.pendingCount.value;
  if (ended.value) return html`<${Ended} ...${ended.value} waits=${number} />`;
  if (sign.value !== "offline") return null;
  return html`<div class=${keeps.value ? "banner" : "banner warn"} role="status">
    ${icon(keeps.value ? "save" : "warn")}
    <span><b>You are offline.</b> ${keeps.value ? waiting(number) : unsafe(number)}</span>
    <button type="button" class="btn bare" onClick=${retry}>Try now</button>
  </div>`;
}

/** @param {number} number */
function waiting(number) {
  const [wait, are] = number === 1 ? ["waits", "is"] : ["wait", "are"];
  return number
    ? `Keep going: ${count(number, "change")} ${wait} on this device and ${are} sent when you are back.`
    : "Keep going: what you change is sent when you are back.";
}

/** Nothing outlives this page. @param {number} number */
const unsafe = (number) =>
  `You can go on, but leave this page open: this browser keeps nothing for it, and ${number ? count(number, "change") : "what you change"} would be lost.`;

/** @param {{text: string, url: string, label: string, aside?: boolean, waits: number}} props */
const Ended = ({ text, url, label, aside, waits }) => html`<div class="banner bad" role="alert">
  ${icon("lock")}<span>${text}${waits > 0 && ` ${count(waits, "change")} of yours ${waits === 1 ? "is" : "are"} not saved.`}</span><a class="btn bare" href=${url} target=${aside ? "_blank" : undefined}>${label}</a>
</div>`;

/** The right end of the bar: is it live, who is here, and the rest under ⋮ on a phone. */
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

/** Word and shape, never colour alone. What waits is counted only when it waits for a while. */
function Sign() {
  const { sign, store } = useDesk();
  const waits = useLate(store.pendingCount);
  const number = useComputed(() => (waits.value ? store.pendingCount.value : 0)).value;
  return html`<span class="sign" data-state=${sign.value} role="status">
    ${WORDS[sign.value]}
    ${number > 0 && html`<span>· ${number}<span class="not-saved"> not saved</span></span>`}
  </span>`;
}

/** @param {{press: () => void, open: boolean}} props */
function Faces({ press, open }) {
  const everybody = useEverybody();
  const here = everybody.filter(({ person }) => person).map(({ name }) => firstName(name));
  const shown = everybody.length > MOST ? everybody.slice(0, MOST - 1) : everybody;
  const more = everybody.length - shown.length;
  return html`<button type="button" class="faces" aria-expanded=${String(open)} onClick=${press}>
    <span class="hide">${here.length ? `Here now: ${listing(here)}` : "Nobody is here"}. Show people</span>
    ${shown.map((each) => html`<${Face} key=${each.user_id} ...${each} away=${!each.person} />`)}
    ${more > 0 && html`<span class="face away" aria-hidden="true">+${more}</span>`}
  </button>`;
}

/** Being offline is information, not an error. */
export function Banner() {
  const { sign, store, retry, ended } = useDesk();
  const number = store.pendingCount.value;
  if (ended.value) return html`<${Ended} ...${ended.value} />`;
  if (sign.value !== "offline") return null;
  const [wait, are] = number === 1 ? ["waits", "is"] : ["wait", "are"];
  const what = number
    ? `${count(number, "change")} ${wait} on this device and ${are} sent when you are back.`
    : "What you change is sent when you are back.";
  return html`<div class="banner" role="status">
    ${icon("save")}<span><b>You are offline.</b> Keep going: ${what}</span>
    <button type="button" class="btn bare" onClick=${retry}>Try now</button>
  </div>`;
}

/** @param {{text: string, url: string, label: string, aside?: boolean}} props */
const Ended = ({ text, url, label, aside }) => html`<div class="banner bad" role="alert">
  ${icon("lock")}<span>${text}</span><a class="btn bare" href=${url} target=${aside ? "_blank" : undefined}>${label}</a>
</div>`;

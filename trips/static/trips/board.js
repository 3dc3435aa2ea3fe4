/** The plan: the days side by side (under each other on a phone), and the strip that leads to them. */

/** @import { Signal } from "@preact/signals-core" */
import { useComputed, useSignal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";

import { Day } from "#trips/day.js";
import { useDesk } from "#trips/desk.js";
import { html } from "#trips/html.js";
import { Ideas } from "#trips/ideas.js";
import { isPhone } from "#trips/phone.js";
import { dayOf } from "#trips/plan.js";
import { Side } from "#trips/side.js";

export function Board() {
  const { plan, screen } = useDesk();
  const side = screen.side.value;
  const days = plan.columns.value.map((column) => html`<${Day} key=${column} column=${column} />`);
  return html`<${Strip} />
    <div class=${side === "people" ? "board with-side" : "board"}>
      <div class="days" tabindex=${isPhone.value ? undefined : "0"} role="group" aria-label="Days">${days}</div>
      ${side === "people" ? html`<${Side} />` : html`<${Ideas} called=${side === "ideas"} />`}
    </div>`;
}

/** On a phone: a square a day, the last one is the ideas. It follows the scrolling. */
function Strip() {
  const { plan } = useDesk();
  const here = useSignal("");
  const columns = plan.columns.value;
  const current = useComputed(() => (here.value === "ideas" ? "true" : undefined));
  const number = useComputed(() => plan.ideas.value.length);
  useLayoutEffect(() => followScrolling(columns, here), [columns]);
  return html`<nav class="strip" aria-label="Days">
    ${columns.map((column) => html`<${Square} key=${column} column=${column} here=${here} />`)}
    <a href="#ideas" aria-current=${current}>Ideas<b>${number}</b></a>
  </nav>`;
}

/** @param {{column: string, here: Signal<string>}} props */
function Square({ column, here }) {
  const { plan } = useDesk();
  const name = useComputed(() => (column === "none" ? "No day" : plan.dayName(dayOf(column)))).value;
  const current = useComputed(() => (here.value === column ? "true" : undefined));
  const [word, number] = name.split(" ");
  return html`<a href=${`#day-${column}`} aria-current=${current}>${word}<b>${number}</b></a>`;
}

/**
 * @param {readonly string[]} columns
 * @param {Signal<string>} here the column at the top of the screen
 */
function followScrolling(columns, here) {
  const targets = [...columns.map((column) => `day-${column}`), "ideas"];
  /** @type {Set<string>} */
  const seen = new Set();
  const look = (/** @type {IntersectionObserverEntry[]} */ entries) => {
    for (const { target, isIntersecting } of entries) isIntersecting ? seen.add(target.id) : seen.delete(target.id);
    const atEnd = scrollY > 0 && scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    here.value = (atEnd ? "ideas" : targets.find((id) => seen.has(id))?.replace("day-", "")) ?? here.value;
    document.querySelector(".strip [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const observer = new IntersectionObserver(look, { rootMargin: "-136px 0px -50% 0px" });
  for (const target of targets.map((id) => document.getElementById(id))) if (target) observer.observe(target);
  return () => observer.disconnect();
}

/**
 * The trip page: wires store, people and screen to the document. The only module that knows all the others.
 *
 * @import { Desk } from "#trips/desk.js"
 * @import { View } from "#trips/screen.js"
 * @import { Role, Snapshot } from "#realtime/types.js"
 */
import { computed, effect, signal } from "@preact/signals-core";
import { render } from "preact";

import { keeperHere } from "#realtime/drawer.js";
import { sizeOf } from "#realtime/kept.js";
import { connectTrip } from "#realtime/trip.js";
import { Spoken, Voice } from "#trips/announce.js";
import { Banner, Bar } from "#trips/bar.js";
import { Board } from "#trips/board.js";
import { Budget } from "#trips/budget.js";
import { DeskContext } from "#trips/desk.js";
import { Dialogs, Question } from "#trips/dialog.js";
import { watchFocus } from "#trips/focus.js";
import { Head, Views } from "#trips/head.js";
import { html } from "#trips/html.js";
import { MoveDialog } from "#trips/move.js";
import { keepDrafts, keepHidden, listenToOthers } from "#trips/news.js";
import { Plan } from "#trips/plan.js";
import { Leftovers } from "#trips/refusals.js";
import { listenToReturns } from "#trips/returned.js";
import { Screen } from "#trips/screen.js";
import { Help, listenToKeys } from "#trips/shortcuts.js";
import { Tints } from "#trips/tint.js";
import { ToastRegion, Toasts } from "#trips/toast.js";

/** @type {{user: Desk["me"], role: Role, view: View, snapshot: Snapshot, urls: Record<string, string>}} */
const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}");
const { user, role, snapshot, urls } = page;
const keeper = keeperHere({ userId: user.user_id, tripId: snapshot.trip.id });
const trip = connectTrip({ tripId: snapshot.trip.id, userId: user.user_id, snapshot, role, storage: keeper });
const { store, people, socket } = trip;
const screen = new Screen(page.view);

const refusedWith = signal(0);
socket.onState(() => (refusedWith.value = socket.refusedWith));
const ended = computed(() => {
  // In a tab of its own: what waits in this one is sent when one comes back to it.
  if (refusedWith.value === 4403) {
    const text = "Somebody else is signed in here now. What you wrote is kept for you, until you are back.";
    return { text, url: urls.trips, label: "My trips", aside: true };
  }
  if (refusedWith.value === 4401) return { text: "You are signed out. Sign in again to go on.", url: urls.sign_in, label: "Sign in", aside: true };
  if (!trip.lost.value) return null;
  return { text: "This trip is no longer shared with you, or it was removed.", url: urls.trips, label: "My trips" };
});

/** @param {string | null} userId */
function personOf(userId) {
  const member = userId ? store.cell("member", userId) : null;
  const here = people.present.peek().find((each) => each.user_id === userId);
  const known = member?.view.peek() ?? here ?? member?.last;
  return { name: known?.name || "Somebody", colour: known?.colour ?? 8 };
}

/** Another view, without loading the page anew. @param {View} view */
function go(view) {
  if (screen.view.peek() === view) return;
  history.pushState(null, "", urls[view]);
  screen.view.value = view;
  // What had the focus may have gone with the other view.
  const tab = () => /** @type {HTMLElement | null} */ (document.querySelector(".tabs [aria-current]"));
  requestAnimationFrame(() => document.activeElement === document.body && tab()?.focus());
}

/** @type {Desk} */
export const desk = {
  me: user, store, people, screen, urls, ended, personOf, go, role: trip.role, sign: trip.sign,
  plan: new Plan(store),
  toasts: new Toasts(),
  voice: new Voice(),
  dialogs: new Dialogs(),
  tints: new Tints(),
  keeps: keeper.works,
  canEdit: computed(() => trip.role.value !== "viewer" && !trip.lost.value),
  typing: (field, active) => people.typing(field, active),
  retry: () => void window.dispatchEvent(new Event("online")),
};

function App() {
  return html`<${Banner} /><${Leftovers} /><${Head} />
    ${screen.view.value === "plan" ? html`<${Board} />` : html`<${Budget} />`}
    <${ToastRegion} /><${Spoken} /><${Question} /><${MoveDialog} /><${Help} />`;
}

for (const [id, component] of Object.entries({ live: Bar, app: App, nav: Views })) {
  const root = document.getElementById(id);
  root?.replaceChildren();
  if (root) render(html`<${DeskContext.Provider} value=${desk}><${component} /><//>`, root);
}

const at = signal(/** @type {string | null} */ (null));
/** @type {string | null} the column that was last in use */
let column = null;
document.addEventListener("focusin", ({ target }) => {
  const day = /** @type {HTMLElement} */ (target).closest("[data-column]");
  if (day instanceof HTMLElement) column = day.dataset.column ?? null;
});
const firstDay = () => desk.plan.columns.peek().find((each) => each !== "none") ?? null;
watchFocus(document.body, { look: (key) => (at.value = key), say: (text) => desk.voice.say(text) });
listenToOthers(desk, () => at.peek());
listenToReturns(desk);
listenToKeys(desk, () => column ?? firstDay());
effect(() => people.look({ view: screen.view.value, focus: screen.open.value ?? at.value }));
effect(() => keepHidden(desk));
effect(() => {
  if (!desk.canEdit.value) keepDrafts(desk);
});
effect(() => {
  const title = store.trip().view.value?.title ?? "A trip";
  document.title = [title, ...(screen.view.value === "budget" ? ["Budget"] : []), "GlobeTrotter"].join(" · ");
});

window.addEventListener("popstate", () => {
  screen.view.value = location.pathname === urls.budget ? "budget" : "plan";
});
window.addEventListener("beforeunload", (event) => {
  keeper.hurry();
  // What is kept is there again in the next page; only what would be lost is worth a question.
  if (!keeper.works.peek() && sizeOf(store.kept()) > 0) event.preventDefault();
});

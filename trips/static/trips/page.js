/** The trip page: wires store, people and screen to the document. The only module that knows all the others. */

/** @import { Desk } from "#trips/desk.js" */
/** @import { View } from "#trips/screen.js" */
/** @import { Role, Snapshot } from "#realtime/types.js" */
import { computed, effect, signal } from "@preact/signals-core";
import { render } from "preact";

import { connectTrip } from "#realtime/trip.js";
import { Spoken, Voice } from "#trips/announce.js";
import { Banner, Bar } from "#trips/bar.js";
import { Board } from "#trips/board.js";
import { Budget } from "#trips/budget.js";
import { DeskContext, useDesk } from "#trips/desk.js";
import { Dialogs, Question } from "#trips/dialog.js";
import { watchFocus } from "#trips/focus.js";
import { Head, Views } from "#trips/head.js";
import { html } from "#trips/html.js";
import { MoveDialog } from "#trips/move.js";
import { keepDrafts, listenToOthers } from "#trips/news.js";
import { Plan } from "#trips/plan.js";
import { Screen } from "#trips/screen.js";
import { Help, listenToKeys } from "#trips/shortcuts.js";
import { Tints } from "#trips/tint.js";
import { ToastRegion, Toasts } from "#trips/toast.js";

/** @type {{user: {user_id: string, name: string}, role: Role, view: View, snapshot: Snapshot, urls: Record<string, string>}} */
const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}");
const trip = connectTrip({ tripId: page.snapshot.trip.id, userId: page.user.user_id, snapshot: page.snapshot, role: page.role });
const { store, people } = trip;
const screen = new Screen(page.view);
const signedOut = signal(false);
trip.socket.onState(() => (signedOut.value = trip.socket.refusedWith === 4401));

/** @type {Desk} */
export const desk = {
  me: page.user, store, people, screen, urls: page.urls, role: trip.role, sign: trip.sign,
  plan: new Plan(store),
  toasts: new Toasts(),
  voice: new Voice(),
  dialogs: new Dialogs(),
  tints: new Tints(),
  canEdit: computed(() => trip.role.value !== "viewer" && !trip.lost.value),
  ended: computed(() => {
    if (signedOut.value) return { text: "You are signed out. Sign in again to go on.", url: page.urls.sign_in, label: "Sign in" };
    return trip.lost.value ? { text: "This trip is no longer shared with you, or it was removed.", url: page.urls.trips, label: "My trips" } : null;
  }),
  typing: (field, active) => people.typing(field, active),
  retry: () => void window.dispatchEvent(new Event("online")),
  personOf: (userId) => {
    if (!userId) return { name: "Somebody", colour: 8 };
    const known = store.cell("member", userId).view.peek() ?? people.present.peek().find((each) => each.user_id === userId) ?? store.cell("member", userId).last;
    return { name: known?.name || "Somebody", colour: known?.colour ?? 8 };
  },
  go: (view) => {
    if (screen.view.peek() === view) return;
    history.pushState(null, "", page.urls[view]);
    screen.view.value = view;
  },
};

function App() {
  const { screen: { view } } = useDesk();
  return html`<${Banner} /><${Head} />
    ${view.value === "plan" ? html`<${Board} />` : html`<${Budget} />`}
    <${ToastRegion} /><${Spoken} /><${Question} /><${MoveDialog} /><${Help} />`;
}

/** @param {string} id @param {any} component */
function take(id, component) {
  const root = document.getElementById(id);
  root?.replaceChildren();
  if (root) render(html`<${DeskContext.Provider} value=${desk}><${component} /><//>`, root);
}

take("live", Bar);
take("app", App);
take("nav", Views);

const at = signal(/** @type {string | null} */ (null));
const column = signal(/** @type {string | null} */ (null));
document.addEventListener("focusin", ({ target }) => {
  const day = /** @type {HTMLElement} */ (target).closest("[data-column]");
  if (day instanceof HTMLElement) column.value = day.dataset.column ?? null;
});
watchFocus(document.body, { look: (key) => (at.value = key), say: (text) => desk.voice.say(text) });
listenToOthers(desk, () => at.peek());
listenToKeys(desk, () => column.peek() ?? desk.plan.columns.peek().find((each) => each !== "none") ?? null);
effect(() => people.look({ view: screen.view.value, focus: screen.open.value ?? at.value }));
effect(() => {
  if (!desk.canEdit.value) keepDrafts(desk);
});
effect(() => {
  document.title = `${store.trip().view.value?.title ?? "A trip"}${screen.view.value === "budget" ? " · Budget" : ""} · GlobeTrotter`;
});

window.addEventListener("popstate", () => {
  screen.view.value = location.pathname === page.urls.budget ? "budget" : "plan";
});
window.addEventListener("beforeunload", (event) => {
  const writing = [...store.drafts.values()].some((draft) => draft.touched);
  if (store.pendingCount.peek() > 0 || writing) event.preventDefault();
});

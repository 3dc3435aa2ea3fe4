/**
 * What the components of the page share: services and signals, never data in itself. page.js fills it once, so a
 * component that asks for it is not drawn anew because of it.
 *
 * @import { ReadonlySignal, Signal } from "@preact/signals-core"
 * @import { Store } from "#realtime/store.js"
 * @import { Kind, Mutation, Role } from "#realtime/types.js"
 * @import { People } from "#realtime/people.js"
 *
 * @typedef {object} Desk
 * @property {{user_id: string, name: string}} me
 * @property {Store} store
 * @property {People} people
 * @property {import("#trips/plan.js").Plan} plan
 * @property {import("#trips/screen.js").Screen} screen
 * @property {import("#trips/toast.js").Toasts} toasts
 * @property {import("#trips/announce.js").Voice} voice
 * @property {import("#trips/dialog.js").Dialogs} dialogs
 * @property {import("#trips/tint.js").Tints} tints
 * @property {Record<string, string>} urls
 * @property {ReadonlySignal<Role>} role
 * @property {ReadonlySignal<boolean>} canEdit
 * @property {ReadonlySignal<"live" | "reconnecting" | "offline">} sign
 * @property {ReadonlySignal<{text: string, url: string, label: string, aside?: boolean} | null>} ended why this person is out, and where to
 * @property {ReadonlySignal<boolean>} keeps does what is not saved outlive this page?
 * @property {(field: string, active?: boolean) => void} typing
 * @property {() => void} retry connects now
 * @property {(userId: string | null) => {name: string, colour: number}} personOf also somebody who has left
 * @property {(view: import("#trips/screen.js").View) => void} go
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";

export const DeskContext = createContext(/** @type {Desk | null} */ (null));

/** @returns {Desk} */
export function useDesk() {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error("This component stands outside the page.");
  return desk;
}

/** For owners: somebody who has an account here may take part. */

/** @import { Role } from "#realtime/types.js" */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { useDesk } from "#trips/desk.js";
import { FieldError } from "#trips/field.js";
import { html } from "#trips/html.js";
import { ROLES, bare } from "#trips/words.js";

export function AddMember() {
  const { store, screen: { asked } } = useDesk();
  const complaint = useSignal("");
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const refused = useComputed(() => store.problems.value.find(({ kind, id }) => kind === "member" && id === asked.value));
  useSignalEffect(() => {
    // A name comes with the server's answer: the person is in, and the field is free for the next one.
    const member = asked.value && store.cell("member", asked.value).view.value;
    if (member && member.name && input.current?.value === asked.value) input.current.value = "";
  });
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const given = new FormData(event.target);
    const id = String(given.get("name")).trim();
    complaint.value = wrongName(id, store.cell("member", id).view.peek() !== null);
    if (complaint.value) return;
    asked.value = id;
    store.propose({ kind: "member", id, data: { role: /** @type {Role} */ (given.get("role")) } });
  };
  const text = complaint.value || bare(refused.value?.message ?? "");
  const state = { "aria-invalid": text ? "true" : undefined, "aria-describedby": text ? "add-error" : undefined };
  return html`<form class="add-member" onSubmit=${submit} aria-label="Add somebody">
    <h3>Add somebody</h3>
    <div class="field"><label for="add-name">Their sign-in name</label>
      <input class="input" id="add-name" name="name" ref=${input} autocomplete="off" autocapitalize="none" ...${state} /></div>
    <div class="field"><label for="add-role">They may</label>
      <select class="input" id="add-role" name="role">${Object.entries(ROLES).toReversed().map(([role, words]) =>
        html`<option key=${role} value=${role} selected=${role === "editor"}>${words}</option>`)}</select></div>
    ${text && html`<${FieldError} id="add-error" text=${text} />`}
    <button class="btn main">Add to this trip</button>
  </form>`;
}

/** @param {string} name @param {boolean} known */
function wrongName(name, known) {
  if (!/^[\w-]{1,64}$/.test(name)) return "Write the name that they sign in with.";
  return known ? "They take part already." : "";
}

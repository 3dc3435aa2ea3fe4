/** Who takes part: who is here and where, what each may do; and for owners, who else may. */
import { useComputed, useSignal, useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";

import { removeMember } from "#trips/actions.js";
import { useDesk } from "#trips/desk.js";
import { FieldError } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { dayOf, columnOf } from "#trips/plan.js";
import { BUDGET_LINES, ROLES, bare, categoryWord, firstName, initials } from "#trips/words.js";

/** @import { Role } from "#realtime/types.js" */
/** @import { Person } from "#realtime/people.js" */

/** @param {{name: string, colour: number, away?: boolean, small?: boolean}} props */
export const Face = ({ name, colour, away = false, small = false }) =>
  html`<span class=${`face ${away ? "away" : ""} ${small ? "s" : ""}`} data-who=${colour} title=${firstName(name)} aria-hidden="true">${small ? initials(name)[0] : initials(name)}</span>`;

/** Everybody of this trip, those who are here first. @returns {{user_id: string, name: string, colour: number, person: Person | null}[]} */
export function useEverybody() {
  const { store, people } = useDesk();
  const present = people.present.value;
  const members = store.list("members").value.map((id) => store.cell("member", id).view.value).filter((member) => member !== null).filter(({ name }) => name !== "");
  const known = members.map(({ user_id, name, colour }) => ({ user_id, name, colour, person: present.find((each) => each.user_id === user_id) ?? null }));
  const guests = present.filter(({ user_id }) => !members.some((member) => member.user_id === user_id));
  const all = [...known, ...guests.map((person) => ({ ...person, person }))];
  return all.sort((a, b) => Number(b.person !== null) - Number(a.person !== null));
}

export function PeopleList() {
  const { role } = useDesk();
  const everybody = useEverybody();
  return html`<ul class="people">${everybody.map((each) => html`<${Member} key=${each.user_id} ...${each} />`)}</ul>
    ${role.value === "owner" && html`<${AddMember} />`}`;
}

/** @param {{user_id: string, name: string, colour: number, person: Person | null}} props */
function Member({ user_id, name, colour, person }) {
  const desk = useDesk();
  const { store, me, role } = desk;
  const theirs = store.cell("member", user_id).view.value?.role;
  const problem = store.problem(`member:${user_id}.role`).value;
  const change = (/** @type {any} */ event) => {
    store.propose({ kind: "member", id: user_id, data: { role: event.target.value } });
    event.target.value = store.cell("member", user_id).view.peek()?.role;
  };
  return html`<li class="row-item" data-key=${`member:${user_id}`}>
    <${Face} name=${name} colour=${colour} away=${!person} />
    <div class="grow"><b>${name}</b>${user_id === me.user_id && html` <span class="soft">you</span>`}
      <br />${person && user_id !== me.user_id ? html`<${Whereabouts} person=${person} />` : html`<span class="soft">${person ? "Here" : "Away"}</span>`}
      ${problem && html`<${FieldError} id=${`role-${user_id}`} text=${problem.message} />`}
    </div>
    ${theirs && (role.value === "owner" ? html`
      <select class="input role" aria-label=${`What ${firstName(name)} may do`} value=${theirs} onChange=${change}>
        ${Object.keys(ROLES).map((each) => html`<option key=${each} value=${each}>${each[0].toUpperCase() + each.slice(1)}</option>`)}
      </select>
      <button type="button" class="btn bare icon" aria-label=${`Remove ${firstName(name)} from this trip`} onClick=${() => removeMember(desk, user_id)}>${icon("x", "s")}</button>`
      : html`<span class="pill plain">${theirs[0].toUpperCase() + theirs.slice(1)}</span>`)}
  </li>`;
}

/** “Wed 14, editing Louvre”, and a way there. @param {{person: Person}} props */
function Whereabouts({ person }) {
  const { store, plan, screen, go } = useDesk();
  const where = useComputed(() => placeOf(person.typing ?? person.focus ?? "")).value;
  /** @param {string} field `<kind>:<id>.<field>` */
  function placeOf(field) {
    const [, kind, id] = /^(\w+):([\w-]+)/.exec(field) ?? [];
    const verb = person.typing ? "editing " : "";
    if (kind === "itinerary") {
      const stop = store.cell("itinerary", id).view.value;
      return stop ? `${plan.dayName(dayOf(columnOf(stop.day)))}, ${verb}${stop.activity}` : "";
    }
    if (kind === "activity") return `Ideas, ${verb}${store.cell("activity", id).view.value?.name ?? ""}`;
    if (kind === "budget") return `Budget, ${verb}${id in BUDGET_LINES ? categoryWord(id) : (store.cell("budget", id).view.value?.name ?? "")}`;
    return "";
  }
  const view = person.view === "budget" ? "Budget" : "Plan";
  const key = /^(\w+:[\w-]+)/.exec(person.typing ?? person.focus ?? "")?.[1];
  if (!key || !where) return html`<span class="soft">${person.typing ? `${view}, editing` : view}</span>`;
  const follow = () => {
    go(key.startsWith("budget") ? "budget" : "plan");
    if (key.startsWith("activity")) screen.side.value = null;
    focusOn(key);
  };
  return html`<button type="button" class="follow" aria-label=${`${where}. Go there`} onClick=${follow}>${where}</button>`;
}

function AddMember() {
  const { store } = useDesk();
  const asked = useSignal(/** @type {string} */ (""));
  const error = useComputed(() => {
    const problem = store.problems.value.find((each) => each.kind === "member" && each.id === asked.value);
    return problem ? bare(problem.message) : "";
  }).value;
  const complaint = useSignal("");
  const name = useRef(/** @type {HTMLInputElement | null} */ (null));
  useSignalEffect(() => {
    const member = asked.value && store.cell("member", asked.value).view.value;
    if (member && member.name && name.current?.value === asked.value) name.current.value = "";
  });
  const submit = (/** @type {any} */ event) => {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const given = String(new FormData(form).get("name")).trim();
    complaint.value = !/^[\w-]{1,64}$/.test(given) ? "Write the name that they sign in with." : store.cell("member", given).view.peek() ? "They take part already." : "";
    if (complaint.value) return;
    asked.value = given;
    store.propose({ kind: "member", id: given, data: { role: /** @type {Role} */ (new FormData(form).get("role")) } });
  };
  const text = complaint.value || error;
  return html`<form class="add-member" onSubmit=${submit} aria-label="Add somebody">
    <h3>Add somebody</h3>
    <div class="field"><label for="add-name">Their sign-in name</label><input class="input" id="add-name" name="name" ref=${name} autocomplete="off" autocapitalize="none"
      aria-invalid=${text ? "true" : undefined} aria-describedby=${text ? "add-error" : undefined} /></div>
    <div class="field"><label for="add-role">They may</label><select class="input" id="add-role" name="role">
      ${Object.entries(ROLES).toReversed().map(([role, words]) => html`<option key=${role} value=${role} selected=${role === "editor"}>${words}</option>`)}</select></div>
    ${text && html`<${FieldError} id="add-error" text=${text} />`}
    <button class="btn main">Add to this trip</button>
  </form>`;
}

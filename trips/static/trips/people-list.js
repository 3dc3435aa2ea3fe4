/**
 * Who takes part: who is here and where, what each may do; and for owners, who else may.
 *
 * @import { Person } from "#realtime/people.js"
 * @import { Role } from "#realtime/types.js"
 * @typedef {{user_id: string, name: string, colour: number, person: Person | null}} Known `person` while here
 */
import { removeMember } from "#trips/actions.js";
import { AddMember } from "#trips/add-member.js";
import { useDesk } from "#trips/desk.js";
import { FieldError } from "#trips/field.js";
import { focusOn } from "#trips/focus.js";
import { html, icon } from "#trips/html.js";
import { BUDGET_LINES, FIELDS, ROLES, bare, capital, categoryWord, firstName, initials } from "#trips/words.js";

/** @param {{name: string, colour: number, away?: boolean}} props */
export const Face = ({ name, colour, away = false }) => html`<span class=${away ? "face away" : "face"}
  data-who=${colour} title=${firstName(name)} aria-hidden="true">${initials(name)}</span>`;

/** Everybody of this trip, those who are here first. @returns {Known[]} */
export function useEverybody() {
  const { store, people } = useDesk();
  const present = people.present.value;
  const members = store.list("members").value
    .map((id) => store.cell("member", id).view.value)
    .filter((member) => member !== null)
    .filter(({ name }) => name !== ""); // one being added has no name until the server knows the person
  const hereAs = (/** @type {string} */ id) => present.find(({ user_id }) => user_id === id) ?? null;
  const known = members.map(({ user_id, name, colour }) => ({ user_id, name, colour, person: hereAs(user_id) }));
  const guests = present.filter(({ user_id }) => !store.list("members").value.includes(user_id));
  const all = [...known, ...guests.map((person) => ({ ...person, person }))];
  return all.sort((a, b) => Number(b.person !== null) - Number(a.person !== null));
}

export function PeopleList() {
  const { role, people } = useDesk();
  const unnamed = people.count.value - people.present.value.length;
  return html`${unnamed > 0 && html`<p class="soft">${people.count.value.toLocaleString("en")} people are here now.</p>`}
    <ul class="people">${useEverybody().map((each) => html`<${Member} key=${each.user_id} ...${each} />`)}</ul>
    ${role.value === "owner" && html`<${AddMember} />`}`;
}

/** @param {Known} props */
function Member({ user_id, name, colour, person }) {
  const { store, me, role, people } = useDesk();
  // Of a crowd not everybody is known.
  const away = people.count.value > people.present.value.length ? "" : "Away";
  const theirs = store.cell("member", user_id).view.value?.role;
  const problem = store.problem(`member:${user_id}.role`).value ?? store.problem(`member:${user_id}`).value;
  const mine = user_id === me.user_id;
  return html`<li class="row-item" data-key=${`member:${user_id}`}>
    <${Face} name=${name} colour=${colour} away=${!person} />
    <div class="grow"><b>${name}</b>${mine && html` <span class="soft">you</span>`}<br />
      ${person && !mine
        ? html`<${Whereabouts} person=${person} />`
        : html`<span class="soft">${person ? "Here" : away}</span>`}
      ${problem && html`<${FieldError} id=${`role-${user_id}`} text=${bare(problem.message)} />`}
    </div>
    ${theirs && (role.value === "owner"
      ? html`<${Rights} user_id=${user_id} name=${firstName(name)} theirs=${theirs} />`
      : html`<span class="pill plain">${capital(theirs)}</span>`)}
  </li>`;
}

/** @param {{user_id: string, name: string, theirs: Role}} props */
function Rights({ user_id, name, theirs }) {
  const desk = useDesk();
  const { store } = desk;
  const change = (/** @type {any} */ event) => {
    store.propose({ kind: "member", id: user_id, data: { role: event.target.value } });
  };
  return html`<select class="input role" aria-label=${`What ${name} may do`} value=${theirs} onChange=${change}>
      ${Object.keys(ROLES).map((each) => html`<option key=${each} value=${each}>${capital(each)}</option>`)}
    </select>
    <button type="button" class="btn bare icon" aria-label=${`Remove ${name} from this trip`}
      onClick=${() => removeMember(desk, user_id)}>${icon("x", "s")}</button>`;
}

/** “Wed 14, editing Louvre”, and a way there. @param {{person: Person}} props */
function Whereabouts({ person }) {
  const { go } = useDesk();
  const at = /^(\w+):([\w-]+)/.exec(person.typing ?? person.focus ?? "");
  const where = usePlace(at?.[1] ?? "", at?.[2] ?? "", person.typing ? "editing " : "");
  const view = person.view === "budget" ? "Budget" : "Plan";
  if (!at || !where) return html`<span class="soft">${view}${editingWhat(person.typing)}</span>`;
  const follow = () => {
    go(at[1] === "budget" ? "budget" : "plan");
    focusOn(at[0]);
  };
  return html`<button type="button" class="follow" aria-label=${`${where}. Go there`} onClick=${follow}>${where}</button>`;
}

/** A field of the trip itself, in words. @param {string | null} typing */
function editingWhat(typing) {
  if (!typing) return "";
  const field = FIELDS[typing.split(".").at(-1) ?? ""];
  return field ? `, editing the ${field}` : ", editing";
}

/** @param {string} kind @param {string} id @param {string} verb */
function usePlace(kind, id, verb) {
  const { store, plan } = useDesk();
  if (kind === "itinerary") {
    const stop = plan.stop(id).value;
    return stop ? `${plan.dayName(stop.day)}, ${verb}${stop.activity}` : "";
  }
  if (kind === "activity") return `Ideas, ${verb}${store.cell("activity", id).view.value?.name ?? ""}`;
  if (kind !== "budget") return "";
  const name = id in BUDGET_LINES ? categoryWord(id) : (store.cell("budget", id).view.value?.name ?? "");
  return `Budget, ${verb}${name}`;
}

/**
 * On the pages around the trips: what this person wrote on this device and is not saved yet. It waits for its trip to be
 * opened; of a trip that is no more, it can be copied. Who signs out is told first.
 *
 * `names` are those of its notes, `texts` what was written.
 * @typedef {{id: string, title: string, size: number, names: string[], texts: string[]}} Waiting
 */
import { notesOf, throwAway } from "#realtime/drawer.js";
import { prefixOf, read, sizeOf, tripOf } from "#realtime/kept.js";
import { problemsOf } from "#realtime/problems.js";
import { COPY_IT_YOURSELF, copy } from "#trips/copy.js";
import { count } from "#trips/words.js";
import { wordsIn } from "#trips/wrote.js";

const place = /** @type {HTMLElement} */ (document.getElementById("unsent"));
const { user = "", trip: address = "" } = place.dataset;
const signsOut = "leaving" in place.dataset;

/** @returns {Promise<Waiting[]>} */
async function waiting() {
  /** @type {Map<string, Waiting>} */
  const trips = new Map();
  for (const [name, text] of await notesOf(prefixOf(user))) {
    const note = noteIn(text);
    if (!note) continue;
    const trip = trips.get(tripOf(name)) ?? { id: tripOf(name), title: note.title || "A trip", size: 0, names: [], texts: [] };
    trip.size += note.size;
    trip.names.push(name);
    trip.texts.push(...note.texts);
    trips.set(trip.id, trip);
  }
  return [...trips.values()];
}

/** What is in a note; nothing where it cannot be read: that must not hide the others. @param {string} text */
function noteIn(text) {
  try {
    const kept = read(text);
    return { title: kept.title, size: sizeOf(kept), texts: textsOf(kept) };
  } catch {
    return null;
  }
}

/** @param {import("#realtime/kept.js").Kept} kept */
function textsOf({ pending, problems, drafts }) {
  const { wrote } = wordsIn();
  const waits = pending.flatMap((entry) => problemsOf(entry, { code: "waits", message: "" }));
  return [...[...waits, ...problems].map(wrote), ...drafts.map(({ text }) => text)].filter(Boolean);
}

/** @param {Waiting} trip */
function notice(trip) {
  const url = address.replace("-", trip.id);
  const isGone = document.querySelector(".trips") && !document.querySelector(`.trips a[href="${url}"]`);
  const node = element("div", { className: "notice warn" });
  if (isGone) node.append(...ofNoTrip(trip));
  else if (signsOut) node.append(sentence(`${unsaved(trip)} What waits stays on this device for you: sign in here again and open the trip to send it.`));
  else node.append(sentence(`${unsaved(trip)} Open the trip to go on.`), element("a", { className: "btn", href: url, textContent: "Open the trip" }));
  if (isGone || signsOut) node.append(discarding(trip, node));
  return node;
}

/** @param {Waiting} trip */
const unsaved = ({ title, size }) => `${count(size, "change")} of yours to “${title}” ${size === 1 ? "is" : "are"} not saved yet.`;

/** Nobody will ever take it: it can be kept elsewhere. @param {Waiting} trip */
function ofNoTrip({ title, texts }) {
  const said = sentence(`“${title}” is not shared with you any more. What you wrote there is not saved.`);
  if (texts.length === 0) return [said];
  const text = texts.join("\n");
  said.append(element("q", { className: "wrote", textContent: text, tabIndex: 0 }));
  const press = async (/** @type {HTMLElement} */ pressed) => {
    pressed.textContent = (await copy(text)) ? "Copied" : COPY_IT_YOURSELF;
  };
  return [said, button("Copy it", press)];
}

/** It cannot be undone: it takes a second press. @param {Waiting} trip @param {HTMLElement} node */
function discarding({ names, size }, node) {
  let asked = false;
  return button("Throw away", async (pressed) => {
    if (asked) {
      await Promise.all(names.map((name) => throwAway(name)));
      node.remove();
    }
    asked = true;
    pressed.textContent = `Really throw away ${count(size, "change")}`;
  });
}

/** @param {string} text */
const sentence = (text) => element("p", { className: "grow", textContent: text });

/** @param {string} text @param {(button: HTMLElement) => unknown} press */
function button(text, press) {
  const node = element("button", { type: "button", className: "btn", textContent: text });
  node.addEventListener("click", () => press(node));
  return node;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 */
const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

/** Storage does not answer: who signs out must not take that for nothing. */
function unknown() {
  const textContent = "This browser does not say whether something of yours waits here to be saved.";
  return signsOut ? [element("div", { className: "notice warn", textContent })] : [];
}

const notices = await waiting().then((trips) => trips.map(notice), unknown);
place.append(...notices);
place.hidden = notices.length === 0;
for (const form of signsOut || place.hidden ? [] : document.querySelectorAll("form[action$='/logout/']")) {
  form.addEventListener("submit", (event) => {
    // That page says what is not saved, and asks.
    event.preventDefault();
    location.assign(/** @type {HTMLFormElement} */ (form).action);
  });
}

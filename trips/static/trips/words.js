/** How the page says things: plain, present, short. The tables of categories are here too: they are words. */

/** @import { Category } from "#realtime/types.js" */

/** @param {string} name */
export const firstName = (name) => name.trim().split(/\s+/)[0] || name;

/** NH for Noor Haddad, M for Mei. @param {string} name */
export function initials(name) {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => [...part][0] ?? "").join("").toUpperCase();
}

/** A given text as a sentence quotes it: short, and on one line. @param {unknown} value */
export function quoted(value) {
  const text = String(value).split(/\s+/).filter(Boolean).join(" ");
  return text.length > 41 ? `“${text.slice(0, 40)}…”` : `“${text}”`;
}

/**
 * @param {number} number
 * @param {string} noun
 */
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** “Camille, Mei and Sam” @param {readonly string[]} items */
export const listing = (items) =>
  items.length > 1 ? `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}` : items.join("");

/** 3rd @param {number} number */
export function ordinal(number) {
  const tens = number % 100;
  const ending = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}

/** “4 min ago” @param {string} timestamp @param {number} [now] ms */
export function ago(timestamp, now = Date.now()) {
  const minutes = Math.floor((now - Date.parse(timestamp)) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ago` : `${count(Math.floor(hours / 24), "day")} ago`;
}

/**
 * What sort of thing a stop is: its word, its icon, its tint, and the line of the budget that its cost counts in.
 * @type {Record<Category, {label: string, icon: string, tint: string, budget: string}>}
 */
export const CATEGORIES = {
  "": { label: "None", icon: "pin", tint: "go", budget: "other" },
  sight: { label: "Sight", icon: "sight", tint: "sight", budget: "tickets" },
  food: { label: "Food", icon: "food", tint: "food", budget: "food" },
  stay: { label: "Stay", icon: "stay", tint: "stay", budget: "accommodation" },
  transport: { label: "Transport", icon: "go", tint: "go", budget: "transport" },
  art: { label: "Art", icon: "art", tint: "art", budget: "tickets" },
  outdoors: { label: "Outdoors", icon: "out", tint: "out", budget: "tickets" },
  shopping: { label: "Shopping", icon: "bag", tint: "out", budget: "shopping" },
  other: { label: "Other", icon: "pin", tint: "go", budget: "other" },
};

/** @type {Record<string, {label: string, icon: string, tint: string}>} */
export const BUDGET_LINES = {
  accommodation: { label: "Accommodation", icon: "stay", tint: "stay" },
  transport: { label: "Transport", icon: "go", tint: "go" },
  food: { label: "Food and drink", icon: "food", tint: "food" },
  tickets: { label: "Tickets", icon: "art", tint: "art" },
  shopping: { label: "Shopping", icon: "bag", tint: "out" },
  other: { label: "Other", icon: "purse", tint: "go" },
};

/** The name a category has when nobody gave it one. @param {string} category */
export function categoryWord(category) {
  const words = category.replace(/[-_]+/g, " ").trim() || category;
  return BUDGET_LINES[category]?.label ?? words[0].toUpperCase() + words.slice(1);
}

export const ROLES = /** @type {const} */ ({
  owner: "Owner: changes everything, and who takes part",
  editor: "Editor: changes the plan",
  viewer: "Viewer: looks",
});

/** The fields of what can be edited, as a sentence says them. @type {Record<string, string>} */
export const FIELDS = {
  title: "title", destination: "destination", start_date: "first day", end_date: "last day", activity: "name", name: "name",
  time: "time", duration: "length", place: "place", category: "category", cost: "cost", notes: "notes", status: "status",
  amount: "planned amount", role: "role", link: "link", day: "day", currency: "currency",
};

/** A refusal's sentence without the field's name, which nobody sees on the page. @param {string} message */
export const bare = (message) => message.replace(/^[a-z]+(_[a-z]+)*: /, "");

/** @param {string} word */
export const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/**
 * Days of a calendar as the page names them. A date is an ISO text ("2027-04-12"); all arithmetic is in UTC, where
 * every day has 24 hours.
 */
const DAY = 86_400_000;
const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** A trip has no more days than this (DESIGN.md: a stop's day is 1–999). */
export const LAST_DAY = 999;

/** @param {string} iso */
const at = (iso) => new Date(`${iso}T00:00:00Z`);

/**
 * @param {string} iso
 * @param {number} days
 */
export const addDays = (iso, days) => new Date(at(iso).getTime() + days * DAY).toISOString().slice(0, 10);

/**
 * How many days a trip has; 0 without both dates.
 * @param {string | null} start
 * @param {string | null} end
 */
export const dayCount = (start, end) => (start && end ? Math.round((at(end).getTime() - at(start).getTime()) / DAY) + 1 : 0);

/** “Tue 13” @param {string} iso */
export const shortDate = (iso) => `${WEEKDAYS[at(iso).getUTCDay()]} ${at(iso).getUTCDate()}`;

/** @param {string} iso */
const month = (iso) => MONTHS[at(iso).getUTCMonth()];
/** @param {string} iso */
const full = (iso) => `${shortDate(iso)} ${month(iso)} ${iso.slice(0, 4)}`;

/**
 * What a day of the trip is called: “Tue 13”, or “Day 2” before there is a date; `null` is what has no day yet.
 * @param {string | null} start
 * @param {number | null} day
 */
export function dayName(start, day) {
  if (day === null) return "Unscheduled";
  return start ? shortDate(addDays(start, day - 1)) : `Day ${day}`;
}

/**
 * “Mon 12 – Fri 16 Apr 2027”: a month or a year that both share is said once.
 * @param {string | null} start
 * @param {string | null} end
 */
export function range(start, end) {
  if (!start || !end) return start ? `From ${full(start)}` : end ? `Until ${full(end)}` : "";
  if (start === end) return full(start);
  if (start.slice(0, 7) === end.slice(0, 7)) return `${shortDate(start)} – ${full(end)}`;
  if (start.slice(0, 4) === end.slice(0, 4)) return `${shortDate(start)} ${month(start)} – ${full(end)}`;
  return `${full(start)} – ${full(end)}`;
}

/**
 * What is wrong with these two dates, or `null`.
 * @param {string | null} start
 * @param {string | null} end
 */
export function wrongDates(start, end) {
  const days = dayCount(start, end);
  if (start && end && days < 1) return `${full(end)} is before ${full(start)}. The last day comes after the first.`;
  if (days > LAST_DAY) return `A trip has at most ${LAST_DAY} days; these dates span ${days.toLocaleString("en")}.`;
  return null;
}

/** The date it is where this browser is. */
export function today(now = new Date()) {
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/**
 * Times of day and lengths of time: how people write them, and how they are shown. A time is "19:30" as the place's
 * clocks have it; a length is a number of minutes.
 *
 * @template T
 * @typedef {{value: T} | {wrong: string}} Parsed what was meant, or a sentence that says how to write it
 */
import { quoted } from "#trips/words.js";

const LONGEST = 31 * 24 * 60;
const TIME = /^(\d{1,2})(?:[:.h]?(\d{2})|h)?\s*(?:([ap])\.?m\.?)?$/i;
const LENGTH = /^(?:(\d+(?:[.,]\d+)?)\s*(?:h|hr|hrs|hours?))?\s*(?:(\d+)\s*(?:m|min|mins|minutes?)?)?$/i;

/**
 * @param {string} text such as “19:30”, “7:30 PM”, “7pm”
 * @returns {Parsed<string | null>}
 */
export function parseTime(text) {
  if (!text.trim()) return { value: null };
  const found = TIME.exec(text.trim());
  const hour = found ? inHalf(Number(found[1]), found[3]) : 24;
  const minute = Number(found?.[2] ?? 0);
  if (hour > 23 || minute > 59) return { wrong: `${quoted(text)} is not a time. Write 19:30 or 7:30 PM.` };
  return { value: `${two(hour)}:${two(minute)}` };
}

/**
 * @param {number} hour
 * @param {string | undefined} half “a” or “p”
 */
function inHalf(hour, half) {
  if (!half) return hour;
  return hour >= 1 && hour <= 12 ? (hour % 12) + (half.toLowerCase() === "p" ? 12 : 0) : 24;
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, "0");

/**
 * @param {string} text such as “1 h 15”, “90 min”, “1:15”
 * @returns {Parsed<number | null>}
 */
export function parseLength(text) {
  const given = text.trim();
  if (!given) return { value: null };
  const clock = /^(\d{1,3}):([0-5]\d)$/.exec(given);
  const words = LENGTH.exec(given);
  const minutes = clock ? Number(clock[1]) * 60 + Number(clock[2]) : words ? spoken(words) : NaN;
  if (Number.isNaN(minutes)) return { wrong: `${quoted(text)} is not a length of time. Write 1 h 15 or 90 min.` };
  if (minutes > LONGEST) return { wrong: "A stop lasts a month at most." };
  return { value: minutes };
}

/** @param {RegExpExecArray} found */
const spoken = ([, hours = "0", minutes = "0"]) => Math.round(Number(hours.replace(",", ".")) * 60) + Number(minutes);

/** “1 h 15” @param {number | null} minutes */
export function lengthOf(minutes) {
  if (minutes === null) return "";
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${two(rest)}`;
}

/** @param {string} time */
const minuteOf = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/**
 * What lies between two stops that follow each other: free time, or an overlap. Empty where nothing can be said.
 * A stay is no appointment: nothing overlaps with a hotel.
 * @param {{time: string | null, duration: number | null, category: string}} before
 * @param {{time: string | null}} after
 * @returns {{clash: boolean, text: string}}
 */
export function gapBetween(before, after) {
  const nothing = { clash: false, text: "" };
  if (!before.time || !after.time) return nothing;
  if (after.time < before.time) return { clash: true, text: `Starts before ${before.time}` };
  if (before.duration === null) return nothing;
  const free = minuteOf(after.time) - minuteOf(before.time) - before.duration;
  if (free > 0) return { clash: false, text: `${lengthOf(free)} free` };
  if (free === 0 || before.category === "stay") return nothing;
  return { clash: true, text: `Overlaps by ${lengthOf(-free)}` };
}

/** Amounts of money: shown with their sign, read as people write them, added without losing a cent. */
import { quoted } from "#trips/words.js";

/** @import { Parsed } from "#trips/times.js" */

const MOST_PLACES = 5; // that the server keeps
/** Amounts in these are whole numbers, which add up exactly. */
const UNIT = 10 ** MOST_PLACES;
const MOST = 1_000_000_000;
const BOUNDS = "An amount is at least 0 and below 1,000,000,000.";
/** @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {string} currency
 * @param {boolean} whole without places
 */
function formatOf(currency, whole) {
  const key = `${currency}${whole}`;
  let format = formats.get(key);
  if (!format) {
    const places = whole ? { minimumFractionDigits: 0 } : {};
    format = new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "narrowSymbol", ...places });
    formats.set(key, format);
  }
  return format;
}

/**
 * “€1,438.40”
 * @param {number} amount
 * @param {string} currency
 */
export const money = (amount, currency) => formatOf(currency, false).format(amount);

/**
 * “€75”, “€36.70”: cents only where there are some.
 * @param {number} amount
 * @param {string} currency
 */
export const shortMoney = (amount, currency) => formatOf(currency, Number.isInteger(amount)).format(amount);

/** @param {string} currency */
const placesOf = (currency) => formatOf(currency, false).resolvedOptions().maximumFractionDigits ?? 2;

/**
 * An amount as it is written in a field: no sign, no thousands.
 * @param {number | null} amount
 * @param {string} currency
 */
export function plainMoney(amount, currency) {
  if (amount === null || amount === undefined) return "";
  return Number.isInteger(amount) ? String(amount) : amount.toFixed(Math.max(placesOf(currency), placesIn(amount)));
}

/** @param {number} amount */
const placesIn = (amount) => (String(amount).split(".")[1] ?? "").length;

/**
 * @param {string} text such as “12.50”, “€1,438.40”, “12,5”
 * @param {string} currency
 * @returns {Parsed<number | null>}
 */
export function parseMoney(text, currency) {
  const bare = text.replace(/[\s\u00a0\p{Sc}]/gu, "").replace(new RegExp(`^${currency}|${currency}$`, "i"), "");
  if (!bare) return text.trim() ? { wrong: wrong(text) } : { value: null };
  const plain = withPoint(bare);
  if (!/^\d+(\.\d*)?$|^\.\d+$/.test(plain)) return { wrong: wrong(text) };
  const places = (plain.split(".")[1] ?? "").length;
  const most = Math.min(placesOf(currency) + 2, MOST_PLACES);
  if (places > most) return { wrong: `An amount in ${currency} has at most ${most} decimal places.` };
  const value = Number(plain);
  return value < MOST ? { value } : { wrong: BOUNDS };
}

/** @param {string} text */
const wrong = (text) => (/^-/.test(text.trim()) ? BOUNDS : `${quoted(text)} is not a number. Write 12.50.`);

/** How a field takes and shows an amount. @param {string} currency */
export const moneyField = (currency) => ({
  format: (/** @type {number | null} */ amount) => plainMoney(amount, currency),
  parse: (/** @type {string} */ text) => parseMoney(text, currency),
});

/**
 * The last point or comma is the decimal one, unless it is a comma before exactly three digits.
 * @param {string} text
 */
function withPoint(text) {
  const last = Math.max(text.lastIndexOf("."), text.lastIndexOf(","));
  const before = text.slice(0, last).replace(/[.,'’]/g, "");
  const after = text.slice(last + 1);
  if (last < 0) return text.replace(/['’]/g, "");
  const thousands = /^\d{3}$/.test(after) && (text[last] === "," || text.indexOf(".") !== last) && /\d/.test(before);
  return thousands ? before + after : `${before}.${after}`;
}

/** @param {Iterable<number>} amounts */
export function sum(amounts) {
  let units = 0;
  for (const amount of amounts) units += Math.round(amount * UNIT);
  return units / UNIT;
}

/**
 * How much of `whole` is used, in whole percent.
 * @param {number} part
 * @param {number} whole
 */
export const share = (part, whole) => (whole > 0 ? Math.round((part / whole) * 100) : part > 0 ? 100 : 0);

/** What somebody wrote, as people read it. */

/** @import { Problem } from "#realtime/problems.js" */
import { KINDS } from "#realtime/types.js";
import { shortDate } from "#trips/dates.js";
import { shortMoney } from "#trips/money.js";
import { lengthOf } from "#trips/times.js";
import { CATEGORIES, FIELDS, capital } from "#trips/words.js";

/** What says by itself what it is. */
const TITLES = ["activity", "name", "title"];
/** Where something stands is not written by anybody. */
const PLACES = ["after", "day", "activity_id"];

/** @param {string} [currency] without it, amounts are bare numbers */
export function wordsIn(currency) {
  /** @param {string} field @param {any} value */
  const valueOf = (field, value) => {
    if (value === null || value === undefined || value === "") return "nothing";
    if (field === "duration") return lengthOf(value);
    if (currency && (field === "cost" || field === "amount")) return shortMoney(value, currency);
    if (field.endsWith("_date")) return shortDate(value);
    if (field === "category") return CATEGORIES[/** @type {keyof typeof CATEGORIES} */ (value)]?.label ?? String(value);
    return String(value);
  };
  /** All of it, on several lines if need be; empty where nothing was written. @param {Problem} problem */
  const wrote = ({ kind, code, op, field, mine }) => {
    if (code === "unsaved") return String(mine);
    if (field) return PLACES.includes(field) ? "" : valueOf(field, mine);
    if (op !== "set") return "";
    const fields = Object.keys(mine).filter((name) => ![KINDS[kind].key, ...PLACES].includes(name));
    const said = fields.filter((name) => mine[name] !== "" && mine[name] !== null);
    return said.map((name) => sayField(name, valueOf(name, mine[name]))).join("\n");
  };
  return { valueOf, wrote };
}

/** @param {string} field @param {string} value */
function sayField(field, value) {
  const word = FIELDS[field] ?? field;
  return TITLES.includes(field) ? value : `${capital(word)}: ${value}`;
}

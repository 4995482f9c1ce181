import type { DateRange } from "../api/report-types";
import type { Family } from "../api/types";
import { isPlainDate } from "../i18n/dates";

/** The days shown and those they are compared with, as the address holds them. */
export interface PeriodState {
  range: string | DateRange;
  compare: string | DateRange | null;
}

/**
 * Where a page begins. Media platforms count people over 7 and 28 whole days: only such a period has an exact reach.
 * Ads are looked at up to yesterday.
 */
export const usualRange = (family: Family): string => (family === "media" ? "last_28_complete_days" : "last_30_days");
export const usualComparison = "previous_period";

function parseRange(text: string): string | DateRange {
  const [start, end] = text.split("..");
  return start && end && isPlainDate(start) && isPlainDate(end) ? { start, end } : text;
}

const rangeText = (range: string | DateRange): string =>
  typeof range === "string" ? range : `${range.start}..${range.end}`;

/** Unknown presets are passed on: the server says which one is nearest. */
export function parsePeriod(query: URLSearchParams, usual: string): PeriodState {
  const compare = query.get("compare");
  return {
    range: parseRange(query.get("range") ?? usual),
    compare: compare === "none" ? null : parseRange(compare || usualComparison),
  };
}

/** What differs from the usual, so that links stay short. */
export function periodParts({ range, compare }: PeriodState, usual: string): [string, string][] {
  const parts: [string, string][] = [];
  if (rangeText(range) !== usual) parts.push(["range", rangeText(range)]);
  if (compare === null) parts.push(["compare", "none"]);
  else if (rangeText(compare) !== usualComparison) parts.push(["compare", rangeText(compare)]);
  return parts;
}

/** A query string without its `?`. Commas are legal in it, and lists read better with them. */
export const queryText = (parts: [string, string][]): string =>
  parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&");

/** A search string as the end of another page's address, so that the period and what else was chosen come along. */
export const querySuffix = (search: string): string => (search ? `?${search.replace(/^\?/, "")}` : "");

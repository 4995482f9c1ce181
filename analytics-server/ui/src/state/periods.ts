import type { DateRange, Grain } from "../api/report-types";
import { daysBetween } from "../i18n/dates";

export const grains = ["day", "week", "month", "quarter", "year"] as const satisfies readonly Grain[];

/** The presets of the range menu, in its groups, each with its usual length in days (only to choose sensible grains). */
export const presetGroups = [
  {
    last_7_complete_days: 7,
    last_28_complete_days: 28,
    last_30_complete_days: 30,
    last_7_days: 7,
    last_28_days: 28,
    last_30_days: 30,
    last_90_days: 90,
  },
  { this_week: 7, last_week: 7, this_month: 31, last_month: 31 },
  { this_quarter: 92, last_quarter: 92, this_year: 366, last_year: 366, last_12_months: 366 },
] as const;

export type Preset = keyof UnionToIntersection<(typeof presetGroups)[number]>;
type UnionToIntersection<U> = (U extends unknown ? (member: U) => void : never) extends (all: infer I) => void ? I : never;

export const presetsByGroup = presetGroups.map((group) => Object.keys(group) as Preset[]);
const usualDays: Record<string, number> = Object.assign({}, ...presetGroups);

export const compareModes = [
  "previous_period",
  "previous_period_match_weekday",
  "previous_year",
  "previous_year_match_weekday",
] as const;
export type CompareMode = (typeof compareModes)[number];

export function usualLength(range: string | DateRange): number {
  if (typeof range !== "string") return daysBetween(range.start, range.end) + 1;
  const anyDays = /^last_(\d+)(?:_complete)?_days$/.exec(range);
  return anyDays ? Number(anyDays[1]) : (usualDays[range] ?? 30);
}

/** From and to how many days of range a grain gives a readable picture: more than one bar, no more than about 190. */
const sensible: Record<Grain, [least: number, most: number]> = {
  day: [1, 190],
  week: [14, 1100],
  month: [28, Infinity],
  quarter: [90, Infinity],
  year: [360, Infinity],
};

export function grainSuits(grain: Grain, range: string | DateRange): boolean {
  const [least, most] = sensible[grain];
  const days = usualLength(range);
  return days >= least && days <= most;
}

export const defaultGrain = (range: string | DateRange): Grain => (grainSuits("day", range) ? "day" : "month");

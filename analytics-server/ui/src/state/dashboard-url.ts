import type { DateRange, Grain } from "../api/report-types";
import { isPlainDate } from "../i18n/dates";
import { defaultGrain, grains } from "./periods";

/** Everything a dashboard shows beside its account, as its address holds it. */
export interface DashboardState {
  range: string | DateRange;
  compare: string | DateRange | null;
  /** Null: the grain that suits the range. */
  grain: Grain | null;
  /** Null: the platform's first. */
  metric: string | null;
  more: string[];
  drill: Drill[];
  /** A metric id, descending when it starts with `-`. Null: the first metric, descending. */
  sort: string | null;
}

export interface Drill {
  level: "campaign" | "ad_group";
  id: string;
}

export const initialState: DashboardState = {
  range: "last_30_days",
  compare: "previous_period",
  grain: null,
  metric: null,
  more: [],
  drill: [],
  sort: null,
};

const drillLevels = ["campaign", "ad_group"] as const;

function parseRange(text: string): string | DateRange {
  const [start, end] = text.split("..");
  return start && end && isPlainDate(start) && isPlainDate(end) ? { start, end } : text;
}

const rangeText = (range: string | DateRange): string =>
  typeof range === "string" ? range : `${range.start}..${range.end}`;

/** Reads the query string. Unknown presets are passed on: the server says which one is nearest. */
export function parseState(search: string): DashboardState {
  const query = new URLSearchParams(search);
  const compare = query.get("compare");
  const grain = query.get("grain");
  const drill: Drill[] = [];
  for (const level of drillLevels) {
    const id = query.get(level);
    if (!id) break;
    drill.push({ level, id });
  }
  return {
    range: parseRange(query.get("range") ?? (initialState.range as string)),
    compare: compare === "none" ? null : compare ? parseRange(compare) : initialState.compare,
    grain: grains.find((known) => known === grain) ?? null,
    metric: query.get("metric"),
    more: [...new Set((query.get("more") ?? "").split(",").filter(Boolean))],
    drill,
    sort: query.get("sort"),
  };
}

/** Writes the query string without its `?`; what is at its default is left out, so that links stay short. */
export function formatState(state: DashboardState): string {
  const parts: [string, string][] = [];
  const add = (name: string, value: string) => parts.push([name, value]);
  if (rangeText(state.range) !== initialState.range) add("range", rangeText(state.range));
  if (state.compare === null) add("compare", "none");
  else if (rangeText(state.compare) !== initialState.compare) add("compare", rangeText(state.compare));
  if (state.grain && state.grain !== defaultGrain(state.range)) add("grain", state.grain);
  if (state.metric) add("metric", state.metric);
  if (state.more.length > 0) add("more", state.more.join(","));
  for (const { level, id } of state.drill) add(level, id);
  if (state.sort) add("sort", state.sort);
  return parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`).join("&");
}

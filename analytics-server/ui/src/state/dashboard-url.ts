import type { Grain } from "../api/report-types";
import { parsePeriod, periodParts, queryText, usualComparison, type PeriodState } from "./period-url";
import { defaultGrain, grains } from "./periods";

/** Everything a dashboard shows beside its account, as its address holds it. */
export interface DashboardState extends PeriodState {
  /** Null: the grain that suits the range. */
  grain: Grain | null;
  /** Null: the platform's first. */
  metric: string | null;
  more: string[];
  drill: Drill[];
  /** What the table is sorted by, descending when it starts with `-`. Null: the table's usual order. */
  sort: string | null;
  /** Which posts the table lists: every one, or those that were published in the period. */
  posts: PostsShown;
  /** What a bar of the chart is of: its days, or the posts that were published on them. */
  by: ChartBy;
}

export type PostsShown = "all" | "period";
export type ChartBy = "day" | "published";

export interface Drill {
  level: "campaign" | "ad_group";
  id: string;
}

/** How a dashboard begins; `usual` is its account's usual range. */
export const initialState = (usual: string): DashboardState => ({
  range: usual,
  compare: usualComparison,
  grain: null,
  metric: null,
  more: [],
  drill: [],
  sort: null,
  posts: "all",
  by: "day",
});

const drillLevels = ["campaign", "ad_group"] as const;

export function parseState(search: string, usual: string): DashboardState {
  const query = new URLSearchParams(search);
  const grain = query.get("grain");
  const drill: Drill[] = [];
  for (const level of drillLevels) {
    const id = query.get(level);
    if (!id) break;
    drill.push({ level, id });
  }
  return {
    ...parsePeriod(query, usual),
    grain: grains.find((known) => known === grain) ?? null,
    metric: query.get("metric"),
    more: [...new Set((query.get("more") ?? "").split(",").filter(Boolean))],
    drill,
    sort: query.get("sort"),
    posts: query.get("posts") === "period" ? "period" : "all",
    by: query.get("by") === "published" ? "published" : "day",
  };
}

/** Writes the query string without its `?`; what is at its default is left out. */
export function formatState(state: DashboardState, usual: string): string {
  const parts = periodParts(state, usual);
  const add = (name: string, value: string) => parts.push([name, value]);
  if (state.grain && state.grain !== defaultGrain(state.range)) add("grain", state.grain);
  if (state.metric) add("metric", state.metric);
  if (state.more.length > 0) add("more", state.more.join(","));
  for (const { level, id } of state.drill) add(level, id);
  if (state.sort) add("sort", state.sort);
  if (state.posts !== "all") add("posts", state.posts);
  if (state.by !== "day") add("by", state.by);
  return queryText(parts);
}

import type { Collected, Grain, Published, PublishedRequest, Value } from "../../api/report-types";
import type { Account, Metric, Platform, Session } from "../../api/types";
import type { ChartFacts } from "../../charts/chart-facts";
import type { DashboardState } from "../../state/dashboard-url";
import { tellsPublished } from "../../state/feeds";
import { chosenGrain } from "./requests";

/** Whether the chart draws by publish date: where the chosen metric has no such figures, it stays with days. */
export const drawsPublished = (metric: Metric | undefined, state: DashboardState, account: Account, platform: Platform | undefined): boolean =>
  state.by === "published" && metric !== undefined && tellsPublished(metric, account, platform);

/** All tabs that can be told so at once, so that going from one to the next needs no question. */
export function publishedRequest(metrics: Metric[], state: DashboardState, account: Account, platform: Platform | undefined, { workspace }: Session): PublishedRequest {
  return {
    accounts: [account.id],
    metrics: metrics.filter((metric) => tellsPublished(metric, account, platform)).map(({ id }) => id),
    range: state.range,
    grain: chosenGrain(state),
    week_start: workspace.week_start,
    fiscal_year_start: workspace.fiscal_year_start,
  };
}

/** What was collected so far as a figure of its day; where nothing was published, there is nothing to miss. */
export const collectedValue = ({ value, status, posts }: Collected): Value => ({ value, status: posts ? status : "final", covered: 1 });

/** The answer as the chart takes it: one series, compared with nothing. Null where it does not hold the metric. */
export function publishedFacts(metric: Metric, { buckets, series, since }: Published, grain: Grain): ChartFacts | null {
  const collected = series[metric.id];
  if (!collected) return null;
  return {
    metric,
    currency: null,
    grain,
    buckets,
    comparison: [],
    series: { current: collected.map(collectedValue), previous: null, change: null },
    before: since ? buckets.filter(({ end }) => end < since).length : 0,
    breaks: [],
    posts: collected.map(({ posts }) => posts),
  };
}

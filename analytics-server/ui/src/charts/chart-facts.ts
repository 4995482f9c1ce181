import type { Bucket, DateRange, Grain, Report, Series } from "../api/report-types";
import type { Account, Localized, Metric, MetricBreak, Platform } from "../api/types";
import { daysBetween } from "../i18n/dates";
import { beginsOnLinking, linkingMetrics, snapshotMetrics, storedParts } from "../state/feeds";

/** What a chart and its table show of one metric. */
export interface ChartFacts {
  metric: Metric;
  currency: string | null;
  grain: Grain;
  buckets: Bucket[];
  /** One a bucket; null where nothing pairs with it. */
  comparison: (Bucket | null)[];
  series: Series;
  /** So many buckets lie wholly before the metric's history: nothing is drawn there. */
  before: number;
  breaks: ChartBreak[];
  /** Where a bar is what the posts published in its bucket have collected: how many they are. */
  posts?: number[];
}

/** A day from which on the metric means something else. */
export interface ChartBreak {
  date: string;
  reason: Localized;
  /** Which of the two ranges holds it; `between` neither, but a comparison crosses it. */
  side: "current" | "previous" | "between";
  /** Where it stands, in buckets: 2.5 is the middle of the third. Null where no bucket holds it. */
  at: number | null;
}

/** The first known day of a metric, as its answer says; one that does not is filled from what is known of the account. Null: none yet. */
export function firstDay(metric: Metric, report: Report | undefined, account: Account, platform: Platform | undefined): string | null {
  const said = report?.metrics?.find(({ id }) => id === metric.id)?.since;
  if (said !== undefined) return said;
  const linking = linkingMetrics(platform);
  const parts = storedParts(metric).filter((part) => linking.has(part));
  if (parts.length === 0) return account.covered_from;
  const now = snapshotMetrics(platform);
  const days = parts.map((part) => (now.has(part) ? account.since[part] : account.posts_since) ?? null);
  return days.includes(null) ? null : (days.sort().at(-1) ?? null);
}

/** Whether a history that begins on `since` leaves days of the shown or the compared range unknown. */
export const beginsWithin = (since: string, ranges: (DateRange | null)[]): boolean => ranges.some((range) => range !== null && since > range.start);

export function chartFacts(metric: Metric, report: Report, grain: Grain, account: Account, platform: Platform | undefined): ChartFacts | null {
  const series = report.totals[0]?.series?.[metric.id];
  if (!series) return null;
  const { buckets, comparison_buckets: comparison } = report;
  // Before linking there is nothing to wait for; a gap in what the platform does tell is shown as one.
  const since = beginsOnLinking(metric, platform) ? firstDay(metric, report, account, platform) : "";
  return {
    metric,
    currency: account.currency,
    grain,
    buckets,
    comparison,
    series,
    before: since === null ? buckets.length : buckets.filter(({ end }) => end < since).length,
    breaks: chartBreaks(metric, platform?.breaks ?? [], buckets, comparison),
  };
}

/** The breaks that the picture crosses, the earliest first. */
export function chartBreaks(metric: Metric, breaks: MetricBreak[], buckets: Bucket[], comparison: (Bucket | null)[]): ChartBreak[] {
  const parts = storedParts(metric);
  const found = breaks.flatMap(({ metric: broken, date, reason }): ChartBreak[] => {
    if (broken !== metric.id && !parts.includes(broken)) return [];
    const [current, previous] = [position(date, buckets), position(date, comparison)];
    if (current !== null) return current > 0 || previousStart(comparison) ? [{ date, reason, side: "current", at: current }] : [];
    // Nothing that is shown lies before the very first day.
    if (previous !== null) return previous > 0 ? [{ date, reason, side: "previous", at: previous }] : [];
    const [from, to] = [previousStart(comparison), buckets[0]?.start];
    return from && to && from < date && date < to ? [{ date, reason, side: "between", at: null }] : [];
  });
  return found.sort((one, other) => one.date.localeCompare(other.date));
}

const previousStart = (comparison: (Bucket | null)[]): string | undefined => comparison.find((bucket) => bucket !== null)?.start;

/** The start of a day among buckets, counted in buckets; null where none holds the day. */
function position(date: string, buckets: (Bucket | null)[]): number | null {
  const index = buckets.findIndex((bucket) => bucket !== null && bucket.start <= date && date <= bucket.end);
  const bucket = buckets[index];
  if (!bucket) return null;
  return index + daysBetween(bucket.start, date) / (daysBetween(bucket.start, bucket.end) + 1);
}

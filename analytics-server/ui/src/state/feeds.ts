import type { Coverage } from "../api/data-types";
import type { Account, Metric, NotOffered, Platform } from "../api/types";

/** What a platform tells of its accounts only as of now, so that it is known since linking alone. */
export function snapshotMetrics(platform: Platform | undefined): ReadonlySet<string> {
  const ofAccounts = platform?.feeds.filter(({ levels }) => levels.includes("account")) ?? [];
  const daily = new Set(ofAccounts.flatMap(({ kind, metrics }) => (kind === "daily" ? metrics : [])));
  const snapshot = ofAccounts.flatMap(({ kind, metrics }) => (kind === "snapshot" ? metrics : []));
  return new Set(snapshot.filter((id) => !daily.has(id)));
}

/** What a metric is made of: itself, or the parts of a ratio. */
export function storedParts(metric: Metric): string[] {
  if (metric.kind !== "ratio") return [metric.id];
  return [metric.numerator, metric.denominator].filter((part) => part !== null);
}

/** Why the account does not get a metric; null where it does. A ratio goes with what it counts. */
export function withheld(account: Account, metric: Metric): NotOffered | null {
  const reasonOf = (id: string | null) => account.not_offered.find((one) => one.metric === id);
  return reasonOf(metric.id) ?? reasonOf(metric.numerator) ?? null;
}

/** The metrics of one account by how they have to be asked for. */
export interface Askable {
  /** Known per day. */
  daily: Metric[];
  /** Known as of now alone: their last complete day is another one. */
  snapshot: Metric[];
  /** Not permitted, or not any more: of these, days of before may be kept. */
  stopped: Metric[];
}

/**
 * What is worth asking for, in three questions: a report ends on the last day that is complete for all of its metrics.
 * What is told as of now is complete days before the rest, and what stopped would hold all of it back.
 */
export function askable(metrics: Metric[], account: Account, platform: Platform | undefined): Askable {
  const now = snapshotMetrics(platform);
  const asked: Askable = { daily: [], snapshot: [], stopped: [] };
  for (const metric of metrics) {
    const why = withheld(account, metric);
    if (why?.reason === "missing_scope") asked.stopped.push(metric);
    else if (!why) (storedParts(metric).every((part) => now.has(part)) ? asked.snapshot : asked.daily).push(metric);
  }
  return asked;
}

/** The last day that is kept of a metric at the account's own level; null where none is. */
export function lastKept(metric: Metric, coverage: Coverage | undefined): string | null {
  const feeds = coverage?.feeds.filter(({ level }) => level === "account") ?? [];
  const last = (part: string) =>
    feeds
      .filter(({ metrics }) => metrics.includes(part))
      .flatMap(({ runs }) => runs.filter(({ state }) => state === "final" || state === "provisional").map(({ end }) => end))
      .sort()
      .at(-1);
  const days = storedParts(metric).map(last);
  return days.includes(undefined) ? null : (days.sort()[0] ?? null);
}

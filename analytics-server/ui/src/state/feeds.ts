import type { Coverage } from "../api/data-types";
import type { Account, Feed, Metric, NotOffered, Platform } from "../api/types";

const ofAccounts = ({ levels }: Feed): boolean => levels.includes("account");

/** What only some of a platform's feeds bring that read the present, and no daily feed of its accounts. */
function toldNow(platform: Platform | undefined, wanted: (feed: Feed) => boolean): string[] {
  const feeds = platform?.feeds ?? [];
  const daily = new Set(feeds.filter((feed) => feed.kind === "daily" && ofAccounts(feed)).flatMap(({ metrics }) => metrics));
  return feeds.filter((feed) => feed.kind === "snapshot" && wanted(feed)).flatMap(({ metrics }) => metrics.filter((id) => !daily.has(id)));
}

/** What a platform tells of its accounts only as of now, so that it is known since linking alone. */
export const snapshotMetrics = (platform: Platform | undefined): ReadonlySet<string> => new Set(toldNow(platform, ofAccounts));

/** The same, and what an account's posts add up to where the platform tells no days of it: all that begins on linking. */
export const linkingMetrics = (platform: Platform | undefined): ReadonlySet<string> =>
  new Set(toldNow(platform, () => true).filter((id) => platform?.metrics.includes(id)));

/** Whether a metric, or a part of it, is known since linking alone. */
export function beginsOnLinking(metric: Metric, platform: Platform | undefined): boolean {
  const linking = linkingMetrics(platform);
  return storedParts(metric).some((part) => linking.has(part));
}

/** Of an account's metrics those that can be told by publish date: amounts that every post keeps a lifetime total of. */
export function tellsPublished(metric: Metric, account: Account, platform: Platform | undefined): boolean {
  const totals = platform?.post_totals ?? [];
  return metric.kind === "additive" && account.levels.includes("post") && totals.includes(`${metric.id}_lifetime`);
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

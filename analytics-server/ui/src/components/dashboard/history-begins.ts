import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform } from "../../api/types";
import { beginsWithin, firstDay } from "../../charts/chart-facts";
import { localized, words } from "../../i18n";
import { dayOfMoment, fullDay } from "../../i18n/dates";
import { beginsOnLinking, linkingMetrics, snapshotMetrics } from "../../state/feeds";
import { fromLinking } from "../../state/history";
import { language } from "../../state/preferences";
import { resolvedRange } from "../period/resolved-range";

/** In a few words since when there is data, and why not for longer where the platform is the reason. */
export interface Beginning {
  text: string;
  reason: string | null;
}

/** The day on which a metric's history begins, where that leaves days of the answer unknown; not while older days are still to come. */
export function beginning(metric: Metric, report: Report | undefined, account: Account, platform: Platform | undefined): string | null {
  const since = firstDay(metric, report, account, platform);
  const ranges = [resolvedRange(report?.query.range), resolvedRange(report?.query.comparison)];
  return since && !account.sync.backfilling && beginsWithin(since, ranges) ? since : null;
}

/** The same where the shown days reach into the history: then it is why there is no change. */
export function beginsInside(...of: Parameters<typeof beginning>): string | null {
  const since = beginning(...of);
  return since && since <= (of[1]?.query.range?.end ?? "") ? since : null;
}

/** The beginning in words; where a history begins on linking and has not yet, when it will. */
export function beginningWords(metric: Metric, report: Report | undefined, account: Account, platform: Platform | undefined, today: string): Beginning | null {
  const t = words.value.history;
  const onLinking = beginsOnLinking(metric, platform);
  const reason = onLinking && platform ? noEarlier([platform], [metric]) : null;
  if (onLinking && firstDay(metric, report, account, platform) === null) return { text: startsTomorrow(account, platform, today, metric) ? t.tomorrow : t.firstReading, reason };
  const since = beginning(metric, report, account, platform);
  return since ? { text: t.since(fullDay(since, language.value)), reason } : null;
}

/** Why nothing is known of earlier days: platforms tell no days at all, or just none of these metrics. */
export function noEarlier(platforms: Platform[], metrics: Metric[]): string {
  const none = platforms.every((platform) => fromLinking(platform).allButPosts);
  const what = none ? words.value.data.daily : metrics.map(({ label }) => localized(label)).join(words.value.list);
  return words.value.history.noEarlier(platforms.map(({ name }) => localized(name)), what);
}

/** Amounts that begin on linking need two readings: on the day of linking there is one. A level is known by the first. */
export function startsTomorrow(account: Account, platform: Platform | undefined, today: string, metric?: Metric): boolean {
  const levels = snapshotMetrics(platform);
  const amounts = metric ? metric.kind !== "stock" : [...linkingMetrics(platform)].some((id) => !levels.has(id));
  return amounts && dayOfMoment(account.linked_at, account.time_zone) >= today;
}

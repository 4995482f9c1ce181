import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform } from "../../api/types";
import { beginsWithin } from "../../charts/chart-facts";
import { beginsOnLinking } from "../../state/feeds";
import { resolvedRange } from "../period/resolved-range";

/** Figures whose history begins on the same day within what is shown or compared. */
export interface Beginnings {
  since: string;
  metrics: Metric[];
  /** Those of the accounts' platforms where it begins on linking. */
  platforms: Platform[];
}

/** What is still being fetched begins earlier than is known yet: of that nothing is said. */
export function beginnings(accounts: Account[], metrics: Metric[], reportOf: (metric: Metric) => Report | undefined, known: Platform[]): Beginnings[] {
  const found = new Map<string, Beginnings>();
  for (const metric of metrics) {
    const report = reportOf(metric);
    const since = report?.metrics.find(({ id }) => id === metric.id)?.since;
    const offering = accounts.filter((account) => account.metrics.includes(metric.id));
    const ranges = [resolvedRange(report?.query.range), resolvedRange(report?.query.comparison)];
    if (!since || !beginsWithin(since, ranges) || offering.length === 0 || offering.some(({ sync }) => sync.backfilling)) continue;
    const line = found.get(since) ?? { since, metrics: [], platforms: [] };
    line.metrics.push(metric);
    const late = known.filter((platform) => beginsOnLinking(metric, platform) && offering.some((account) => account.platform === platform.id));
    line.platforms = [...new Set([...line.platforms, ...late])];
    found.set(since, line);
  }
  return [...found.values()];
}

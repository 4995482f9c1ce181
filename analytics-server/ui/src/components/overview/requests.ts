import type { Report, ReportRequest } from "../../api/report-types";
import type { Account, Family, Metric, Platform, Session } from "../../api/types";
import { addDays } from "../../i18n/dates";
import { snapshotMetrics, storedParts } from "../../state/feeds";
import type { PeriodState } from "../../state/period-url";
import { defaultGrain, usualLength } from "../../state/periods";

/** Where the overview begins: whole days that every family has, and over which people are counted exactly. */
export const overviewRange = "last_28_complete_days";

/** What tells at a glance how a family is doing, and the one of it that is drawn. */
const columns: Record<Family, string[]> = {
  ads: ["spend", "impressions", "clicks", "conversions"],
  media: ["followers", "views", "reach", "engagements"],
};
export const drawn: Record<Family, string> = { ads: "spend", media: "views" };

/** Accounts whose figures may be added up: of one family, and of one currency where money counts. */
export interface AccountGroup {
  family: Family;
  currency: string | null;
  accounts: Account[];
}

/** Ads before media, currencies in the order in which they first occur. */
export function groupAccounts(accounts: Account[]): AccountGroup[] {
  const groups = new Map<string, AccountGroup>();
  for (const family of ["ads", "media"] as const) {
    for (const account of accounts.filter((one) => one.family === family && one.state !== "archived")) {
      const currency = family === "ads" ? account.currency : null;
      const key = `${family} ${currency}`;
      const group = groups.get(key) ?? { family, currency, accounts: [] };
      group.accounts.push(account);
      groups.set(key, group);
    }
  }
  return [...groups.values()];
}

/** The columns that at least one of the accounts has. */
export function overviewMetrics(family: Family, accounts: Account[], catalogue: ReadonlyMap<string, Metric>): Metric[] {
  const offered = new Set(accounts.flatMap(({ metrics }) => metrics));
  return columns[family].flatMap((id) => {
    const metric = catalogue.get(id);
    return metric && offered.has(id) ? [metric] : [];
  });
}

interface Asked {
  accounts: Account[];
  metrics: Metric[];
  platforms: Platform[];
  session: Session;
  period: PeriodState;
}

/**
 * What is told only as of now is known up to the last day that ended, from linking on. Its whole days end there, and not
 * where the slowest platform's daily figures do: an account that was just linked would show nothing for days.
 */
function currentRange(range: PeriodState["range"], accounts: Account[]): PeriodState["range"] {
  if (typeof range !== "string" || !/_complete_days$/.test(range)) return range;
  const ends = accounts.flatMap(({ complete_through, since }) => [complete_through, ...Object.values(since)]);
  const end = ends.filter((day) => day !== null).sort().at(-1);
  return end ? { start: addDays(end, 1 - usualLength(range)), end } : range;
}

/** What is known per day and, apart from it, what some platform tells only as of now. */
export function overviewRequests({ accounts, metrics, platforms, session, period }: Asked): Record<"daily" | "snapshot", ReportRequest | null> {
  const linked = new Set(accounts.map(({ platform }) => platform));
  const now = new Set(platforms.filter(({ id }) => linked.has(id)).flatMap((platform) => [...snapshotMetrics(platform)]));
  const apart = (metric: Metric) => storedParts(metric).every((part) => now.has(part));
  const ask = (wanted: Metric[], current: boolean): ReportRequest | null =>
    wanted.length === 0 || accounts.length === 0
      ? null
      : {
          accounts: accounts.map(({ id }) => id),
          metrics: wanted.map(({ id }) => id),
          range: current ? currentRange(period.range, accounts) : period.range,
          compare: period.compare,
          grain: current ? null : defaultGrain(period.range),
          group_by: ["account"],
          week_start: session.workspace.week_start,
          fiscal_year_start: session.workspace.fiscal_year_start,
        };
  return { daily: ask(metrics.filter((metric) => !apart(metric)), false), snapshot: ask(metrics.filter(apart), true) };
}

/** The row of an account; undefined where the answer has none. */
export const accountRow = (report: Report | undefined, account: string) =>
  report?.groups.find((group) => group.kind === "entity" && group.key.account === account);

/** The total of one currency: an answer is split by currency only when it holds several. */
export const totalOf = (report: Report | undefined, currency: string | null) =>
  report?.totals.length === 1 ? report.totals[0] : report?.totals.find(({ key }) => key.currency === currency);

/** Amounts and levels of several accounts add up; people do not, because some of them are the same. */
export const addsUp = (metric: Metric): boolean => metric.kind === "additive" || metric.kind === "stock";

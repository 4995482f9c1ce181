import type { Report, ReportRequest } from "../../api/report-types";
import type { Account, Family, Metric, Platform, Session } from "../../api/types";
import { addDays } from "../../i18n/dates";
import { snapshotMetrics, storedParts } from "../../state/feeds";
import type { PeriodState } from "../../state/period-url";
import { defaultGrain, usualLength } from "../../state/periods";
import { lacksAll } from "./permissions";

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
  /** The last day of what is known per day, as its answer says: null where there is none, undefined before the answer. */
  through: string | null | undefined;
}

export interface OverviewRequests {
  /** What is known per day. */
  daily: ReportRequest | null;
  /** What some platform tells only as of now. */
  snapshot: ReportRequest | null;
  /** What was stored of accounts before a permission was taken away: for their rows, not for the total. */
  withheld: ReportRequest | null;
  /** The metrics of the second question. */
  ofNow: ReadonlySet<string>;
}

/**
 * What is told only as of now ends on the day of the other figures, so that a row speaks of one day. Where an account was
 * linked after that day, nothing would be known of it: then it ends on the last day that is known of any account.
 */
function currentDays({ accounts, period: { range }, through }: Asked): Pick<ReportRequest, "range" | "complete_through"> {
  const firsts = accounts.flatMap(({ since }) => Object.values(since));
  if (through && firsts.every((first) => first <= through)) return { range, complete_through: through };
  const ends = accounts.flatMap(({ complete_through, since }) => [complete_through, ...Object.values(since)]);
  const end = ends.filter((day) => day !== null).sort().at(-1);
  if (!end) return { range };
  const completeDays = typeof range === "string" && /_complete_days$/.test(range);
  return { range: completeDays ? { start: addDays(end, 1 - usualLength(range)), end } : range, complete_through: end };
}

export function overviewRequests(asked: Asked): OverviewRequests {
  const { accounts, metrics, platforms, session, period, through } = asked;
  const linked = new Set(accounts.map(({ platform }) => platform));
  const now = new Set(platforms.filter(({ id }) => linked.has(id)).flatMap((platform) => [...snapshotMetrics(platform)]));
  const current = metrics.filter((metric) => storedParts(metric).every((part) => now.has(part)));
  const perDay = metrics.filter((metric) => !current.includes(metric));
  const ask = (wanted: Metric[], of: Account[], days: Partial<ReportRequest> = {}): ReportRequest | null =>
    wanted.length === 0 || of.length === 0
      ? null
      : {
          accounts: of.map(({ id }) => id),
          metrics: wanted.map(({ id }) => id),
          range: period.range,
          compare: period.compare,
          grain: defaultGrain(period.range),
          group_by: ["account"],
          week_start: session.workspace.week_start,
          fiscal_year_start: session.workspace.fiscal_year_start,
          ...days,
        };
  const having = (wanted: Metric[]) => accounts.filter((account) => !lacksAll(account, wanted));
  const daily = ask(perDay, having(perDay));
  const lacking = accounts.filter((account) => account.complete_through !== null && lacksAll(account, perDay));
  // Both keep to the days of the daily answer and wait for it.
  const waits = daily !== null && through === undefined;
  return {
    daily,
    snapshot: waits ? null : ask(current, having(current), { ...currentDays({ ...asked, accounts: having(current) }), grain: null }),
    withheld: waits ? null : ask(metrics, lacking, through ? { complete_through: through } : {}),
    ofNow: new Set(current.map(({ id }) => id)),
  };
}

/** The row of an account; undefined where the answer has none. */
export const accountRow = (report: Report | undefined, account: string) =>
  report?.groups.find((group) => group.kind === "entity" && group.key.account === account);

/** The total of one currency: an answer is split by currency only when it holds several. */
export const totalOf = (report: Report | undefined, currency: string | null) =>
  report?.totals.length === 1 ? report.totals[0] : report?.totals.find(({ key }) => key.currency === currency);

/** Amounts and levels of several accounts add up; people do not, because some of them are the same. */
export const addsUp = (metric: Metric): boolean => metric.kind === "additive" || metric.kind === "stock";

import { overview, useReport } from "../../api/queries";
import type { Figure, Report, Series } from "../../api/report-types";
import type { Account, Family, Metric, Platform, Session } from "../../api/types";
import type { PeriodState } from "../../state/period-url";
import { accountRow, drawn, overviewMetrics, overviewRequests, totalOf } from "./requests";

/** The figures of a family's accounts. */
export interface FamilyFigures {
  metrics: Metric[];
  drawn: string;
  figure: (account: Account, metric: Metric) => Figure | undefined;
  series: (account: Account) => Series | undefined;
  total: (currency: string | null, metric: Metric) => Figure | undefined;
  /** The answer that a metric came with, with its own dates. */
  reportOf: (metric: Metric) => Report | undefined;
  daily: Report | undefined;
  pending: boolean;
  stale: boolean;
  error: unknown;
  retry: () => void;
}

export interface Known {
  platforms: Platform[];
  catalogue: ReadonlyMap<string, Metric>;
  session: Session;
  period: PeriodState;
}

/** Asks for all accounts of a family at once. */
export function useFamily(family: Family, all: Account[], { platforms, catalogue, session, period }: Known): FamilyFigures {
  const accounts = all.filter((account) => account.family === family && account.state !== "archived");
  const metrics = overviewMetrics(family, accounts, catalogue);
  const requests = overviewRequests({ accounts, metrics, platforms, session, period });
  const daily = useReport(overview, requests.daily);
  const snapshot = useReport(overview, requests.snapshot);
  const asked = [requests.daily && daily, requests.snapshot && snapshot].filter((query) => query !== null);
  const failed = asked.find((query) => query.isError && !query.data);
  const ofNow = new Set(requests.snapshot?.metrics);
  const reportOf = ({ id }: Metric) => (ofNow.has(id) ? snapshot : daily).data;
  return {
    metrics,
    drawn: drawn[family],
    figure: (account, metric) => accountRow(reportOf(metric), account.id)?.totals[metric.id],
    series: (account) => accountRow(daily.data, account.id)?.series?.[drawn[family]],
    total: (currency, metric) => totalOf(reportOf(metric), currency)?.totals[metric.id],
    reportOf,
    daily: daily.data,
    pending: asked.some((query) => query.isPending),
    stale: asked.some((query) => query.isPlaceholderData),
    error: failed?.error ?? null,
    retry: () => asked.forEach((query) => query.isError && void query.refetch()),
  };
}

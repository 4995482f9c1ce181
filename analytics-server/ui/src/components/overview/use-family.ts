import { useRef } from "preact/hooks";
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
  const through = useRef<string | null | undefined>(undefined);
  const asking = (last: string | null | undefined) => overviewRequests({ accounts, metrics, platforms, session, period, through: last });
  const daily = useReport(overview, asking(undefined).daily);
  // While the answer for other days loads, that of before says what the last day is: it hardly ever is another one.
  if (daily.data) through.current = daily.data.query.complete_through;
  const requests = asking(through.current);
  const snapshot = useReport(overview, requests.snapshot);
  const withheld = useReport(overview, requests.withheld);
  const asked = [requests.daily && daily, requests.snapshot && snapshot, requests.withheld && withheld].filter((query) => query !== null);
  const failed = asked.find((query) => query.isError && !query.data);
  const reportOf = ({ id }: Metric) => (requests.ofNow.has(id) ? snapshot : daily).data;
  const rowOf = (account: Account, metric: Metric) => accountRow(reportOf(metric), account.id) ?? accountRow(withheld.data, account.id);
  const drawnMetric = metrics.find(({ id }) => id === drawn[family]);
  return {
    metrics,
    drawn: drawn[family],
    figure: (account, metric) => rowOf(account, metric)?.totals[metric.id],
    series: (account) => (drawnMetric ? rowOf(account, drawnMetric)?.series?.[drawnMetric.id] : undefined),
    total: (currency, metric) => totalOf(reportOf(metric), currency)?.totals[metric.id],
    reportOf,
    daily: daily.data,
    pending: asked.some((query) => query.isPending) || (requests.daily !== null && through.current === undefined && failed === undefined),
    stale: asked.some((query) => query.isPlaceholderData),
    error: failed?.error ?? null,
    retry: () => asked.forEach((query) => query.isError && void query.refetch()),
  };
}

import { useEffect, useRef } from "preact/hooks";
import { Unreachable } from "../../api/http";
import { useReport } from "../../api/queries";
import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform, Session } from "../../api/types";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { announce } from "../../state/announce";
import { language } from "../../state/preferences";
import { Failure } from "../message";
import { Breakdown } from "./breakdown";
import { ChartCard } from "./chart-card";
import { Dashboards } from "./context";
import { Controls } from "./controls";
import { EmptyDashboard } from "./empty";
import { figureText } from "./figure-text";
import { DashboardHeader } from "./header";
import { LoadingLine } from "./loading-line";
import { MetricTabs } from "./metric-tabs";
import { resolvedRange } from "./resolved-range";
import { chosenMetric, mainRequest, shownMetrics } from "./requests";
import { StateBanner } from "./state-banner";
import { useDashboardState } from "./use-dashboard-state";
import { Warnings } from "./warnings";

interface DashboardProps {
  account: Account;
  platform: Platform | undefined;
  catalogue: ReadonlyMap<string, Metric>;
  session: Session;
}

export function Dashboard({ account, platform, catalogue, session }: DashboardProps) {
  const { state, href, change } = useDashboardState(account.id);
  const metrics = shownMetrics(account, platform, catalogue, state);
  const metric = chosenMetric(metrics, state);
  const nothingYet = account.complete_through === null;
  const query = useReport(account.id, nothingYet ? null : mainRequest(account, session, metrics, state));
  const last = useRef<Report | undefined>(undefined);
  if (query.data) last.current = query.data;
  // Without a connection the picture of before stays; the banner says so.
  const cutOff = query.isError && query.error instanceof Unreachable && last.current !== undefined;
  const report = nothingYet ? undefined : (query.data ?? (cutOff ? last.current : undefined));
  const range = resolvedRange(report?.query.range);
  const loading = query.isPlaceholderData || (cutOff && !query.data);
  useLoadedAnnouncement(report && !loading && metric ? report : undefined, metric, account);

  return (
    <Dashboards.Provider value={{ account, platform, session, catalogue, state, href, change }}>
      <div class="dashboard" data-testid="dashboard" aria-busy={loading || query.isPending} data-loading={loading || query.isFetching}>
        <LoadingLine active={query.isPlaceholderData} />
        <DashboardHeader />
        <StateBanner />
        <Controls report={report} stale={loading} metrics={metrics} />
        {query.isError && !report ? (
          <div class="card">
            <Failure
              error={query.error}
              retry={() => void query.refetch()}
              extra={
                <button type="button" class="button" onClick={() => change({ range: "last_30_days", compare: "previous_period", drill: [], sort: null })}>
                  {words.value.failed.reset}
                </button>
              }
            />
          </div>
        ) : nothingYet || (report && !range) ? (
          <EmptyDashboard everything={nothingYet} />
        ) : (
          <>
            <div class={loading ? "figures stale" : "figures"}>
              <MetricTabs metrics={metrics} selected={metric} report={report} />
              <ChartCard metric={metric} report={report} />
            </div>
            <Warnings report={report} />
            <Breakdown metrics={metrics} main={report} stale={loading} />
          </>
        )}
      </div>
    </Dashboards.Provider>
  );
}

/** Tells a screen reader the chosen figure whenever a new answer has arrived. */
function useLoadedAnnouncement(report: ReturnType<typeof useReport>["data"], metric: Metric | undefined, account: Account) {
  useEffect(() => {
    const range = resolvedRange(report?.query.range);
    const figure = metric && report?.totals[0]?.totals[metric.id];
    if (!range || !metric || !figure) return;
    const label = metric.label[language.value];
    announce(words.value.announce.loaded(label, figureText(figure.current, metric, account.currency), rangeLabel(range, language.value)));
  }, [report?.query.range?.start, report?.query.range?.end, metric?.id]);
}

import { useEffect } from "preact/hooks";
import { Link, useSearch } from "wouter-preact";
import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { announce } from "../../state/announce";
import { querySuffix, usualComparison, usualRange } from "../../state/period-url";
import { language } from "../../state/preferences";
import { Accounts, type AccountContext } from "../account-context";
import { AccountHeader } from "../account-header";
import { StateBanner } from "../banners/state-banner";
import { Icon } from "../icon";
import { Failure } from "../message";
import { Periods } from "../period/context";
import { resolvedRange } from "../period/resolved-range";
import { Posts } from "../posts/posts";
import { Breakdown } from "./breakdown";
import { ChartCard } from "./chart-card";
import { Dashboards } from "./context";
import { Controls } from "./controls";
import { EmptyDashboard } from "./empty";
import { figureText } from "./figure-text";
import { hasHistory, useFigures } from "./figures";
import { LoadingLine } from "./loading-line";
import { MetricTabs } from "./metric-tabs";
import { drawsPublished } from "./published";
import { chosenMetric, shownMetrics } from "./requests";
import { useDashboardState } from "./use-dashboard-state";
import { Warnings } from "./warnings";

export function Dashboard(known: AccountContext) {
  const { account, platform, session, catalogue } = known;
  const { state, href, change } = useDashboardState(account);
  const search = querySuffix(useSearch());
  const metrics = shownMetrics(account, platform, catalogue, state);
  const metric = chosenMetric(metrics, state);
  const figures = useFigures(account, platform, session, metrics, state);
  const report = figures.reportOf(metric);
  const { stale } = figures;
  const nothingYet = !hasHistory(account);
  useLoadedAnnouncement(stale ? undefined : report, metric, account.currency);
  const reset = () => change({ range: usualRange(account.family), compare: usualComparison, drill: [], sort: null });

  return (
    <Accounts.Provider value={known}>
      <Dashboards.Provider value={{ ...known, state, href, change }}>
        <Periods.Provider value={{ session, state, change }}>
          <div class="dashboard" data-testid="dashboard" aria-busy={stale || figures.pending} data-loading={stale || figures.fetching}>
            <LoadingLine active={stale} />
            <AccountHeader>
              <Link href={`/accounts/${account.id}/data${search}`} class="button control" data-testid="data-link">
                <Icon name="calendar" size={14} />
                {words.value.data.link}
              </Link>
            </AccountHeader>
            <StateBanner />
            <Controls report={figures.daily ?? report} stale={stale} metrics={metrics} />
            {figures.error ? (
              <div class="card">
                <Failure
                  error={figures.error}
                  retry={figures.retry}
                  extra={
                    <button type="button" class="button" onClick={reset}>
                      {words.value.failed.reset}
                    </button>
                  }
                />
              </div>
            ) : (nothingYet || figures.nothingIn) && !drawsPublished(metric, state, account, platform) ? (
              <EmptyDashboard everything={nothingYet} />
            ) : (
              <>
                <div class={stale ? "figures stale" : "figures"}>
                  <MetricTabs metrics={metrics} selected={metric} figures={figures} />
                  <ChartCard metric={metric} metrics={metrics} report={report} waiting={!report && figures.pending} />
                </div>
                <Warnings report={report} />
                {account.levels.includes("campaign") && <Breakdown metrics={metrics} main={figures.daily} stale={stale} />}
              </>
            )}
            {!nothingYet && !figures.error && account.levels.includes("post") && <Posts range={resolvedRange(figures.daily?.query.range)} ready={!stale && !figures.pending} />}
          </div>
        </Periods.Provider>
      </Dashboards.Provider>
    </Accounts.Provider>
  );
}

/** Tells a screen reader the chosen figure whenever a new answer has arrived. */
function useLoadedAnnouncement(report: Report | undefined, metric: Metric | undefined, currency: string | null) {
  useEffect(() => {
    const range = resolvedRange(report?.query.range);
    const figure = metric && report?.totals[0]?.totals[metric.id];
    if (!range || !metric || !figure) return;
    const label = metric.label[language.value];
    announce(words.value.announce.loaded(label, figureText(figure.current, metric, currency), rangeLabel(range, language.value)));
  }, [report?.query.range?.start, report?.query.range?.end, metric?.id]);
}

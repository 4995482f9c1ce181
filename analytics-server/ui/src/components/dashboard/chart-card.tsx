import { useEffect, useState } from "preact/hooks";
import type { Report, Status } from "../../api/report-types";
import type { Metric } from "../../api/types";
import type { BarChart as BarChartComponent } from "../../charts/bar-chart";
import { localized, words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { ChartTable } from "./chart-table";
import { useDashboard } from "./context";
import { bounded } from "./metric-tabs";
import { chosenGrain } from "./requests";
import { resolvedRange } from "./resolved-range";

/** The drawing library comes in its own file, after the figures. */
const chartModule = import("../../charts/bar-chart");

function useBarChart(): typeof BarChartComponent | null {
  const [component, setComponent] = useState<{ draw: typeof BarChartComponent } | null>(null);
  useEffect(() => {
    void chartModule.then((module) => setComponent({ draw: module.BarChart }));
  }, []);
  return component?.draw ?? null;
}

/** The chosen metric over the period: bars, or the same as a table. */
export function ChartCard({ metric, report }: { metric: Metric | undefined; report: Report | undefined }) {
  const { account, state } = useDashboard();
  const [asTable, setAsTable] = useState(false);
  const BarChart = useBarChart();
  const t = words.value.chart;
  const series = metric && report?.totals[0]?.series?.[metric.id];
  const grain = chosenGrain(state);
  const range = resolvedRange(report?.query.range);
  const compared = resolvedRange(report?.query.comparison);
  const label = metric && range ? t.label(localized(metric.label), rangeLabel(range, language.value)) : "";
  const statuses = new Set<Status>(series?.current.map(({ status }) => status));
  const ranges = series?.current.some(bounded) ?? false;
  const unknown = series?.current.some((value) => value.status === "bounded" && !bounded(value)) ?? false;

  return (
    <section class="card chart-card" role="tabpanel" id="metric-panel" aria-labelledby={metric && `tab-${metric.id}`}>
      <div class="legend">
        {range && (
          <span>
            <i class="swatch current" />
            {rangeLabel(range, language.value)}
          </span>
        )}
        {compared && (
          <span>
            <i class="swatch previous" />
            {rangeLabel(compared, language.value)}
          </span>
        )}
        {statuses.has("provisional") && (
          <span>
            <i class="swatch provisional" />
            {t.provisional}
          </span>
        )}
        {statuses.has("partial") && (
          <span>
            <i class="swatch partial" />
            {t.partial}
          </span>
        )}
        {ranges && (
          <span>
            <i class="swatch bounded" />
            {words.value.figure.status.bounded}
          </span>
        )}
        {unknown && (
          <span>
            <i class="swatch missing">–</i>
            {words.value.figure.changeReasons.not_additive}
          </span>
        )}
        {statuses.has("missing") && (
          <span>
            <i class="swatch missing">–</i>
            {t.missing}
          </span>
        )}
        <button type="button" class="text-button" data-testid="chart-toggle-table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Icon name={asTable ? "bars" : "table"} size={14} />
          {asTable ? t.showChart : t.showTable}
        </button>
      </div>
      {metric && report && series && asTable && <ChartTable metric={metric} report={report} grain={grain} caption={label} />}
      {!asTable && (
        <div class="chart-area">
          {metric && report && series && BarChart ? (
            <BarChart
              metric={metric}
              currency={account.currency}
              grain={grain}
              buckets={report.buckets}
              comparison={report.comparison_buckets}
              series={series}
              label={compared ? `${label}, ${t.compared(rangeLabel(compared, language.value))}` : label}
            />
          ) : (
            <div class="skeleton chart-waiting late" aria-hidden="true" />
          )}
        </div>
      )}
    </section>
  );
}

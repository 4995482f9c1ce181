import { useEffect, useState } from "preact/hooks";
import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import type { SeriesChart as SeriesChartComponent } from "../../charts/series-chart";
import { localized, words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { tellsPublished } from "../../state/feeds";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { ChartTable } from "./chart-table";
import { useDashboard } from "./context";
import { useDailyPicture } from "./daily-picture";
import { Legend } from "./legend";
import { usePublishedPicture } from "./published-picture";
import { ChartBySwitch } from "./show-published";

/** The drawing library comes in its own file, after the figures. */
const chartModule = import("../../charts/series-chart");

function useSeriesChart(): typeof SeriesChartComponent | null {
  const [component, setComponent] = useState<{ draw: typeof SeriesChartComponent } | null>(null);
  useEffect(() => {
    void chartModule.then((module) => setComponent({ draw: module.SeriesChart }));
  }, []);
  return component?.draw ?? null;
}

interface Props {
  metric: Metric | undefined;
  /** All that have a tab. */
  metrics: Metric[];
  report: Report | undefined;
  waiting: boolean;
}

/** The chosen metric over the period: a chart, or the same as a table. */
export function ChartCard({ metric, metrics, report, waiting }: Props) {
  const { account, platform } = useDashboard();
  const [asTable, setAsTable] = useState(false);
  const SeriesChart = useSeriesChart();
  const t = words.value.chart;
  const daily = useDailyPicture(metric, report, waiting);
  const published = usePublishedPicture(metric, metrics);
  const { facts, range, compared, total, instead, notes, stale } = published ?? daily;
  const name = metric && localized(metric.label);
  const label = name && range ? t.label(published ? `${name} (${words.value.published.by.published})` : name, rangeLabel(range, language.value)) : "";

  return (
    <section class="card chart-card" role="tabpanel" id="metric-panel" aria-labelledby={metric && `tab-${metric.id}`}>
      <Legend facts={facts} range={range} compared={compared} lead={metric && tellsPublished(metric, account, platform) && <ChartBySwitch />}>
        {facts && (
          <button type="button" class="text-button" data-testid="chart-toggle-table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Icon name={asTable ? "bars" : "table"} size={14} />
            {asTable ? t.showChart : t.showTable}
          </button>
        )}
      </Legend>
      <div class={stale ? "stale" : undefined}>
        {facts && asTable ? (
          <ChartTable facts={facts} total={total} caption={label} />
        ) : (
          <div class="chart-area">
            {instead ||
              (facts && SeriesChart ? (
                <SeriesChart facts={facts} label={compared ? `${label}, ${t.compared(rangeLabel(compared, language.value))}` : label} />
              ) : (
                <div class="skeleton chart-waiting late" aria-hidden="true" />
              ))}
          </div>
        )}
      </div>
      {notes}
    </section>
  );
}

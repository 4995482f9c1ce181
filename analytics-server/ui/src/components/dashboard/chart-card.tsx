import { useEffect, useMemo, useState } from "preact/hooks";
import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { chartFacts } from "../../charts/chart-facts";
import type { SeriesChart as SeriesChartComponent } from "../../charts/series-chart";
import { localized, words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { withheld } from "../../state/feeds";
import { historyState } from "../account-status";
import { useGoesOn } from "../banners/goes-on";
import { Icon } from "../icon";
import { Message } from "../message";
import { resolvedRange } from "../period/resolved-range";
import { ChartNotes, useSinceNote } from "./chart-notes";
import { ChartTable } from "./chart-table";
import { useDashboard } from "./context";
import { known } from "./figure-text";
import { Legend } from "./legend";
import { chosenGrain } from "./requests";
import { StoppedNote } from "./stopped-note";
import { WithheldMessage } from "./withheld-message";

/** The drawing library comes in its own file, after the figures. */
const chartModule = import("../../charts/series-chart");

function useSeriesChart(): typeof SeriesChartComponent | null {
  const [component, setComponent] = useState<{ draw: typeof SeriesChartComponent } | null>(null);
  useEffect(() => {
    void chartModule.then((module) => setComponent({ draw: module.SeriesChart }));
  }, []);
  return component?.draw ?? null;
}

/** The chosen metric over the period: a chart, or the same as a table. */
export function ChartCard({ metric, report, waiting }: { metric: Metric | undefined; report: Report | undefined; waiting: boolean }) {
  const { account, platform, state } = useDashboard();
  const [asTable, setAsTable] = useState(false);
  const SeriesChart = useSeriesChart();
  const t = words.value.chart;
  const grain = chosenGrain(state);
  const refused = metric ? withheld(account, metric) : null;
  // What was read before the permission went is shown like everything else.
  const kept = metric && known(report?.totals[0]?.totals[metric.id]?.current);
  const why = kept ? null : refused;
  const range = why ? null : resolvedRange(report?.query.range);
  const compared = why ? null : resolvedRange(report?.query.comparison);
  const facts = useMemo(
    () => (metric && report && range && !why ? chartFacts(metric, report, grain, account, platform) : null),
    [metric, report, grain, account.since, platform, why?.reason],
  );
  const since = useSinceNote(why ? undefined : metric, [range, compared]);
  const label = metric && range ? t.label(localized(metric.label), rangeLabel(range, language.value)) : "";
  // Every day shown lies before the history: an empty plot would say less than the sentence.
  const notYet = since !== null && facts !== null && facts.before === facts.buckets.length;
  const nothing = !facts && !why && !waiting;
  const stopped = metric && kept && refused ? <StoppedNote metric={metric} why={refused} /> : null;

  return (
    <section class="card chart-card" role="tabpanel" id="metric-panel" aria-labelledby={metric && `tab-${metric.id}`}>
      <Legend facts={notYet ? null : facts} range={range} compared={compared}>
        {facts && !notYet && (
          <button type="button" class="text-button" data-testid="chart-toggle-table" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Icon name={asTable ? "bars" : "table"} size={14} />
            {asTable ? t.showChart : t.showTable}
          </button>
        )}
      </Legend>
      {facts && asTable && !notYet ? (
        <ChartTable facts={facts} report={report} caption={label} />
      ) : (
        <div class="chart-area">
          {metric && why && !waiting ? (
            <WithheldMessage metric={metric} why={why} />
          ) : notYet || nothing ? (
            <NothingToDraw since={since} />
          ) : facts && SeriesChart ? (
            <SeriesChart facts={facts} label={compared ? `${label}, ${t.compared(rangeLabel(compared, language.value))}` : label} />
          ) : (
            <div class="skeleton chart-waiting late" aria-hidden="true" />
          )}
        </div>
      )}
      <ChartNotes facts={facts} since={notYet || nothing ? null : since} />
      {stopped}
    </section>
  );
}

/** Why there is no picture: the history begins later, no day is complete yet, or none of them lies in the period. */
function NothingToDraw({ since }: { since: string | null }) {
  const { account } = useDashboard();
  const t = words.value.chart;
  if (since) return <Message icon="clock" title={since} />;
  const days = account.complete_through !== null;
  const goesOn = useGoesOn();
  return (
    <Message icon="clock" title={days ? t.emptyRange : t.emptyTitle}>
      {days ? t.emptyRangeText : historyState(account) === "loading" ? t.emptyBackfill : (goesOn ?? t.emptyText)}
    </Message>
  );
}

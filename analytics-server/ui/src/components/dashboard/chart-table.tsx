import type { Grain, Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { bucketLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { figureText } from "./figure-text";
import { raw } from "./metric-tabs";
import { StatusMark } from "./status-mark";

/** The chart in words and figures: one row per bar. */
export function ChartTable({ metric, report, grain, caption }: { metric: Metric; report: Report; grain: Grain; caption: string }) {
  const { account } = useDashboard();
  const t = words.value;
  const group = report.totals[0];
  const series = group?.series?.[metric.id];
  const total = group?.totals[metric.id];
  if (!series || !total) return null;
  const compares = series.previous !== null;
  const name = localized(metric.label);
  return (
    <div class="table-scroll chart-table" tabIndex={0} role="group" aria-label={caption}>
      <table data-testid="chart-table">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.chart.period}</th>
            <th scope="col">{name}</th>
            {compares && <th scope="col">{t.chart.comparedPeriod}</th>}
            {compares && <th scope="col">{t.figure.before(name)}</th>}
            {compares && <th scope="col">{t.chart.change}</th>}
          </tr>
        </thead>
        <tbody>
          {report.buckets.map((bucket, index) => {
            const current = series.current[index];
            const before = series.previous?.[index];
            const paired = report.comparison_buckets[index];
            return (
              <tr key={bucket.start} data-bucket={bucket.start}>
                <th scope="row">{bucketLabel(bucket, grain, language.value)}</th>
                <td data-value={raw(current?.value)} data-status={current?.status}>
                  {current && <StatusMark status={current.status} />}
                  {figureText(current, metric, account.currency, "full")}
                </td>
                {compares && <td>{paired ? bucketLabel(paired, grain, language.value) : t.figure.noValue}</td>}
                {compares && (
                  <td data-previous={raw(before?.value)} data-status={before?.status}>
                    {before && <StatusMark status={before.status} />}
                    {figureText(before, metric, account.currency, "full")}
                  </td>
                )}
                {compares && (
                  <td>
                    <ChangePill change={series.change?.[index] ?? null} metric={metric} plain />
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t.chart.total}</th>
            <td data-value={raw(total.current.value)}>{figureText(total.current, metric, account.currency, "full")}</td>
            {compares && <td />}
            {compares && <td data-previous={raw(total.previous?.value)}>{figureText(total.previous, metric, account.currency, "full")}</td>}
            {compares && (
              <td>
                <ChangePill change={total.change} metric={metric} plain />
              </td>
            )}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

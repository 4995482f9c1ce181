import type { Report, Value } from "../../api/report-types";
import type { ChartFacts } from "../../charts/chart-facts";
import { breakSentence, breaksAt } from "../../charts/chart-words";
import { localized, words } from "../../i18n";
import { bucketLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { ChangePill } from "./change-pill";
import { figureText, raw } from "./figure-text";
import { StatusMark } from "./status-mark";

interface Props {
  facts: ChartFacts;
  report: Report | undefined;
  caption: string;
}

/** The chart in words and figures: one row per bucket, from where the history begins. */
export function ChartTable({ facts, report, caption }: Props) {
  const { metric, currency, buckets, series, before } = facts;
  const t = words.value;
  const total = report?.totals[0]?.totals[metric.id];
  if (!total) return null;
  const compares = series.previous !== null;
  const name = localized(metric.label);
  const text = (value: Value | null | undefined) => figureText(value, metric, currency, "full");
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
          {buckets.slice(before).map((bucket, index) => (
            <BucketRow key={bucket.start} facts={facts} index={index + before} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{metric.kind === "stock" ? t.chart.atEnd : t.chart.total}</th>
            <td data-value={raw(total.current.value)}>{text(total.current)}</td>
            {compares && <td />}
            {compares && <td data-previous={raw(total.previous?.value)}>{text(total.previous)}</td>}
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

function BucketRow({ facts, index }: { facts: ChartFacts; index: number }) {
  const { metric, currency, grain, buckets, comparison, series, breaks } = facts;
  const compares = series.previous !== null;
  const [bucket, paired] = [buckets[index], comparison[index]];
  const [current, before] = [series.current[index], series.previous?.[index]];
  if (!bucket) return null;
  const broken = breaksAt(breaks, index);
  return (
    <tr data-bucket={bucket.start} data-break={broken[0]?.date}>
      <th scope="row">
        {bucketLabel(bucket, grain, language.value)}
        {broken.map((at) => (
          <span class="row-break" key={at.date} title={breakSentence(at)}>
            <Icon name="change" size={12} />
            <span>{at.side === "previous" ? words.value.chart.breakBefore : words.value.chart.breakLabel}</span>
            <span class="sr-only">{breakSentence(at)}</span>
          </span>
        ))}
      </th>
      <td data-value={raw(current?.value)} data-status={current?.status}>
        {current && <StatusMark status={current.status} />}
        {figureText(current, metric, currency, "full")}
      </td>
      {compares && <td>{paired ? bucketLabel(paired, grain, language.value) : words.value.figure.noValue}</td>}
      {compares && (
        <td data-previous={raw(before?.value)} data-status={before?.status}>
          {before && <StatusMark status={before.status} />}
          {figureText(before, metric, currency, "full")}
        </td>
      )}
      {compares && (
        <td>
          <ChangePill change={series.change?.[index] ?? null} metric={metric} plain />
        </td>
      )}
    </tr>
  );
}

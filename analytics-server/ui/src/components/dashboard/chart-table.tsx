import type { Change, Figure, Value } from "../../api/report-types";
import type { Metric } from "../../api/types";
import type { ChartFacts } from "../../charts/chart-facts";
import { breakSentence, breaksAt } from "../../charts/chart-words";
import { localized, words } from "../../i18n";
import { bucketLabel, dayLabel } from "../../i18n/dates";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { TableScroll } from "../table-scroll";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { bounded, carriedFrom, figureText, raw, valueNotes } from "./figure-text";
import { StatusMark } from "./status-mark";

interface Props {
  facts: ChartFacts;
  total: Figure | undefined;
  caption: string;
}

/** The chart in words and figures: one row per bucket, from where the history begins. */
export function ChartTable({ facts, total, caption }: Props) {
  const { metric, buckets, series, before, posts } = facts;
  const t = words.value;
  if (!total) return null;
  const compares = series.previous !== null;
  const name = localized(metric.label);
  return (
    <TableScroll class="chart-table" label={caption}>
      <table data-testid="chart-table">
        <caption class="sr-only">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{t.chart.period}</th>
            <th scope="col">{name}</th>
            {posts && <th scope="col">{t.posts.title}</th>}
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
            <td data-value={raw(total.current.value)} data-status={total.current.status}>
              <Known facts={facts} value={total.current} />
            </td>
            {posts && <td>{plainCount(posts.reduce((sum, count) => sum + count, 0), language.value)}</td>}
            {compares && <td />}
            {compares && (
              <td data-previous={raw(total.previous?.value)} data-status={total.previous?.status}>
                <Known facts={facts} value={total.previous} />
              </td>
            )}
            {compares && (
              <td>
                <ChangePill change={total.change} metric={metric} sides={total} plain />
              </td>
            )}
          </tr>
        </tfoot>
      </table>
    </TableScroll>
  );
}

function BucketRow({ facts, index }: { facts: ChartFacts; index: number }) {
  const { metric, grain, buckets, comparison, series, breaks, posts } = facts;
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
          <span class="row-break" key={at.date} {...explained(breakSentence(at))}>
            <Icon name="change" size={12} />
            <span>{at.side === "previous" ? words.value.chart.breakBefore : words.value.chart.breakLabel}</span>
          </span>
        ))}
      </th>
      <td data-value={raw(current?.value)} data-status={current?.status}>
        <Known facts={facts} value={current} />
      </td>
      {posts && <td>{plainCount(posts[index] ?? 0, language.value)}</td>}
      {compares && <td>{paired ? bucketLabel(paired, grain, language.value) : words.value.figure.noValue}</td>}
      {compares && (
        <td data-previous={raw(before?.value)} data-status={before?.status}>
          <Known facts={facts} value={before} />
        </td>
      )}
      {compares && (
        <td>
          <BucketChange change={series.change?.[index] ?? null} metric={metric} current={current} previous={before} />
        </td>
      )}
    </tr>
  );
}

/** A figure with its sign and, behind it, why it is not settled. */
function Known({ facts: { metric, currency }, value }: { facts: ChartFacts; value: Value | null | undefined }) {
  const { catalogue } = useDashboard();
  const day = carriedFrom(value);
  return (
    <>
      {day && <span class="figure-as-of">{words.value.figure.asOf(dayLabel(day, language.value))}</span>}
      <span class={value && bounded(value) ? "figure bounds" : "figure"} {...explained(value && valueNotes(value, metric, catalogue).join("\n"))}>
        <StatusMark value={value} />
        {figureText(value, metric, currency, "full")}
      </span>
    </>
  );
}

interface BucketChangeProps {
  change: Change | null;
  metric: Metric;
  current: Value | undefined;
  previous: Value | null | undefined;
}

/** A bucket that pairs with none has nothing before it. */
function BucketChange({ change, metric, current, previous = null }: BucketChangeProps) {
  if (!change) return <span class="change neutral plain reason">{words.value.figure.changeReasons.no_earlier}</span>;
  return <ChangePill change={change} metric={metric} sides={current && { current, previous }} plain />;
}

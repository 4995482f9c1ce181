import type { Bucket, Grain, Series, Value } from "../api/report-types";
import type { Metric } from "../api/types";
import { ChangePill } from "../components/dashboard/change-pill";
import { figureText } from "../components/dashboard/figure-text";
import { Tooltip } from "../components/tooltip";
import { localized, words } from "../i18n";
import { bucketLabel } from "../i18n/dates";
import { language } from "../state/preferences";

/** What the bars are made of. */
export interface BarFacts {
  metric: Metric;
  currency: string | null;
  grain: Grain;
  buckets: Bucket[];
  comparison: (Bucket | null)[];
  series: Series;
}

/** The figures under the pointer, each with the days it covers. */
export function BarTooltip({ index, anchor, ...facts }: BarFacts & { index: number; anchor: { left: number; right: number; top: number; bottom: number } }) {
  const { metric, grain, buckets, comparison, series } = facts;
  const bucket = buckets[index];
  const paired = comparison[index];
  const change = series.change?.[index];
  if (!bucket) return null;
  return (
    <Tooltip anchor={anchor} side="beside">
      <p class="tooltip-title">{localized(metric.label)}</p>
      <table class="tooltip-figures">
        <tbody>
          <Row swatch="current" name={bucketLabel(bucket, grain, language.value)} value={series.current[index]} facts={facts} />
          {series.previous && paired && (
            <Row swatch="previous" name={bucketLabel(paired, grain, language.value)} value={series.previous[index]} facts={facts} />
          )}
          {change && (
            <tr class="tooltip-difference">
              <th scope="row">{words.value.chart.change}</th>
              <td>
                <ChangePill change={change} metric={metric} plain />
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <Notes value={series.current[index]} />
    </Tooltip>
  );
}

function Row({ swatch, name, value, facts }: { swatch: string; name: string; value: Value | null | undefined; facts: BarFacts }) {
  return (
    <tr>
      <th scope="row">
        <i class={`swatch ${swatch}`} />
        {name}
      </th>
      <td>{figureText(value, facts.metric, facts.currency, "full")}</td>
    </tr>
  );
}

function Notes({ value }: { value: Value | undefined }) {
  if (!value || value.status === "final") return null;
  return <p class="tooltip-note">{words.value.figure.status[value.status]}</p>;
}

/** One bar as a sentence, read out when it is reached by the keyboard. */
export function barSentence(facts: BarFacts, index: number): string {
  const { metric, currency, grain, buckets, comparison, series } = facts;
  const bucket = buckets[index];
  if (!bucket) return "";
  const t = words.value;
  const side = (of: Bucket, value: Value | null | undefined) => {
    const status = value && value.status !== "final" ? ` (${t.figure.status[value.status]})` : "";
    return `${bucketLabel(of, grain, language.value)}${t.colon}${figureText(value, metric, currency, "full")}${status}`;
  };
  const paired = comparison[index];
  const parts = [side(bucket, series.current[index])];
  if (series.previous && paired) parts.push(side(paired, series.previous[index]));
  return parts.join(t.list);
}

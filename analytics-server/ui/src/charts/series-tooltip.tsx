import type { Value } from "../api/report-types";
import { ChangePill } from "../components/dashboard/change-pill";
import { figureText } from "../components/dashboard/figure-text";
import { StatusMark } from "../components/dashboard/status-mark";
import { Tooltip } from "../components/tooltip";
import { localized, words } from "../i18n";
import { bucketLabel } from "../i18n/dates";
import { language } from "../state/preferences";
import type { ChartFacts } from "./chart-facts";
import { breakSentence, breaksAt, bucketWord } from "./chart-words";

interface Props {
  facts: ChartFacts;
  index: number;
  anchor: { left: number; right: number; top: number; bottom: number };
}

/** The figures under the pointer, each with the days it covers. */
export function SeriesTooltip({ index, anchor, facts }: Props) {
  const { metric, grain, buckets, comparison, series } = facts;
  const bucket = buckets[index];
  const paired = comparison[index];
  const change = series.change?.[index];
  const [current, previous = null] = [series.current[index], series.previous?.[index]];
  if (!bucket) return null;
  return (
    <Tooltip anchor={anchor} side="beside">
      <p class="tooltip-title">{localized(metric.label)}</p>
      <table class="tooltip-figures">
        <tbody>
          <Row swatch="current" name={bucketLabel(bucket, grain, language.value)} value={current} facts={facts} />
          {series.previous && paired && (
            <Row swatch="previous" name={bucketLabel(paired, grain, language.value)} value={previous} facts={facts} />
          )}
          {change && (
            <tr class="tooltip-difference">
              <th scope="row">{words.value.chart.change}</th>
              <td>
                <ChangePill change={change} metric={metric} sides={current && { current, previous }} plain />
              </td>
            </tr>
          )}
        </tbody>
      </table>
      {notes(facts, index).map((text) => (
        <p class="tooltip-note" key={text}>
          {text}
        </p>
      ))}
    </Tooltip>
  );
}

function Row({ swatch, name, value, facts }: { swatch: string; name: string; value: Value | null | undefined; facts: ChartFacts }) {
  return (
    <tr>
      <th scope="row">
        <i class={`swatch ${swatch}`} />
        {name}
      </th>
      <td>
        <StatusMark value={value} />
        {figureText(value, facts.metric, facts.currency, "full")}
      </td>
    </tr>
  );
}

/** Why a figure is not simply settled, or not the same figure as before. */
function notes(facts: ChartFacts, index: number): string[] {
  const word = bucketWord(facts, index);
  return [...(word ? [word] : []), ...breaksAt(facts.breaks, index).map(breakSentence)];
}

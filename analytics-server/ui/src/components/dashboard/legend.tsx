import type { ComponentChildren } from "preact";
import type { DateRange, Series } from "../../api/report-types";
import type { ChartFacts } from "../../charts/chart-facts";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { bounded } from "./figure-text";

interface LegendProps {
  facts: ChartFacts | null;
  range: DateRange | null;
  compared: DateRange | null;
  /** What stands at the end of the line. */
  children: ComponentChildren;
}

/** What the chart's colours and fills stand for; only those that occur. */
export function Legend({ facts, range, compared, children }: LegendProps) {
  const t = words.value.chart;
  const shape = facts?.metric.kind === "stock" ? " line" : "";
  const item = (kind: string, text: string) => (
    <span key={kind}>
      <i class={`swatch ${kind}${shape}`} />
      {text}
    </span>
  );
  const dash = (kind: string, text: string) => (
    <span key={kind}>
      <i class="swatch missing">–</i>
      {text}
    </span>
  );
  const occurring = kinds(facts);
  return (
    <div class="legend">
      {range && item("current", rangeLabel(range, language.value))}
      {compared && item("previous", rangeLabel(compared, language.value))}
      {occurring.has("provisional") && item("provisional", t.provisional)}
      {occurring.has("partial") && item("partial", t.partial)}
      {occurring.has("bounds") && item("bounded", words.value.figure.status.bounded)}
      {occurring.has("unknown") && dash("unknown", words.value.figure.changeReasons.not_additive)}
      {occurring.has("missing") && dash("missing", t.missing)}
      {children}
    </div>
  );
}

/** The kinds of values in the picture; what lies before a history is no gap. */
function kinds(facts: ChartFacts | null): ReadonlySet<string> {
  const values: Series["current"] = facts?.series.current.slice(facts.before) ?? [];
  return new Set(values.map((value) => (value.status !== "bounded" ? value.status : bounded(value) ? "bounds" : "unknown")));
}

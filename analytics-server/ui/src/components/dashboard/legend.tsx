import type { ComponentChildren } from "preact";
import type { DateRange, Series } from "../../api/report-types";
import { barHeight } from "../../charts/bar-data";
import type { ChartFacts } from "../../charts/chart-facts";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { explained } from "../explanations";
import { bounded } from "./figure-text";

interface LegendProps {
  facts: ChartFacts | null;
  range: DateRange | null;
  compared: DateRange | null;
  /** What stands at the beginning of the line, and at its end. */
  lead: ComponentChildren;
  children: ComponentChildren;
}

/** What the chart's colours and fills stand for; only those that occur. Both ranges are named in any case. */
export function Legend({ facts, range, compared, lead, children }: LegendProps) {
  const t = words.value.chart;
  const explain = words.value.figure.explain;
  const level = facts?.metric.kind === "stock";
  const item = (kind: string, text: string, why?: string) => (
    <span key={kind} {...explained(why)}>
      <i class={`swatch ${kind}${level ? " line" : ""}`} />
      {text}
    </span>
  );
  const dash = (kind: string, text: string, why: string) => (
    <span key={kind} {...explained(why)}>
      <i class="swatch missing">–</i>
      {text}
    </span>
  );
  const days = (kind: "current" | "previous", of: DateRange) => {
    const text = rangeLabel(of, language.value);
    return drawn(facts, kind) ? item(kind, text) : <span key={kind}>{text}</span>;
  };
  const occurring = kinds(facts);
  return (
    <div class="legend">
      {lead}
      {range && days("current", range)}
      {compared && days("previous", compared)}
      {occurring.has("provisional") && item("provisional", t.provisional, explain.provisional)}
      {occurring.has("partial") && (level ? item("partial", t.carried) : item("partial", t.partial, words.value.figure.valueReasons.incomplete))}
      {occurring.has("bounds") && item("bounded", words.value.figure.status.bounded, explain.bounded)}
      {occurring.has("unknown") && dash("unknown", words.value.figure.changeReasons.not_additive, words.value.figure.valueReasons.not_additive)}
      {occurring.has("missing") && dash("missing", t.missing, explain.missing)}
      {children}
    </div>
  );
}

/** Whether the picture has a bar or a point of one of its two series. */
export const drawn = (facts: ChartFacts | null, side: "current" | "previous"): boolean =>
  facts?.series[side]?.some((value) => barHeight(value) !== null) ?? false;

/** The kinds of values in the picture; what lies before a history is no gap. */
export function kinds(facts: ChartFacts | null): ReadonlySet<string> {
  const values: Series["current"] = facts?.series.current.slice(facts.before) ?? [];
  return new Set(values.map((value) => (value.status !== "bounded" ? value.status : bounded(value) ? "bounds" : "unknown")));
}

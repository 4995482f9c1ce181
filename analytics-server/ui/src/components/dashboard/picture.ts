import type { ComponentChildren } from "preact";
import type { DateRange, Figure } from "../../api/report-types";
import type { ChartFacts } from "../../charts/chart-facts";

/** What the chart's card shows of a metric, whichever question it answers. */
export interface Picture {
  /** Null: nothing to draw, or not yet. */
  facts: ChartFacts | null;
  range: DateRange | null;
  compared: DateRange | null;
  total: Figure | undefined;
  /** What is said in place of the picture. */
  instead: ComponentChildren;
  /** Below it. */
  notes: ComponentChildren;
  /** It still answers the question before. */
  stale?: boolean;
}

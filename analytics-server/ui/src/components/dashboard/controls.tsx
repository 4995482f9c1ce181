import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { CompareMenu } from "../period/compare-menu";
import { GrainControl } from "./grain-control";
import { MetricsMenu } from "./metrics-menu";
import { RangeMenu } from "../period/range-menu";

interface Props {
  report: Report | undefined;
  /** The report still answers the question before: its dates are shown dimmed. */
  stale: boolean;
  metrics: Metric[];
}

/** Period, comparison, bars and metrics. Each only changes the address; the answer follows from that. */
export function Controls({ report, stale, metrics }: Props) {
  return (
    <div class="controls">
      <RangeMenu report={report} stale={stale} />
      <CompareMenu report={report} stale={stale} />
      <GrainControl />
      <MetricsMenu shown={metrics} />
    </div>
  );
}

import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { CompareMenu } from "./compare-menu";
import { GrainControl } from "./grain-control";
import { MetricsMenu } from "./metrics-menu";
import { RangeMenu } from "./range-menu";

/** Period, comparison, bars and metrics. Each only changes the address; the answer follows from that. */
export function Controls({ report, metrics }: { report: Report | undefined; metrics: Metric[] }) {
  return (
    <div class="controls">
      <RangeMenu report={report} />
      <CompareMenu report={report} />
      <GrainControl />
      <MetricsMenu shown={metrics} />
    </div>
  );
}

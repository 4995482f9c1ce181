import { breakSentence } from "../../charts/chart-words";
import type { ChartFacts } from "../../charts/chart-facts";
import { Icon } from "../icon";
import type { Beginning } from "./history-begins";

interface Props {
  facts: ChartFacts | null;
  begins: Beginning | null;
  /** What else has to be known to read the picture. */
  more?: string[];
}

/** In words below the chart: where a history begins, and where a metric changes its meaning. */
export function ChartNotes({ facts, begins, more = [] }: Props) {
  const breaks = facts?.breaks ?? [];
  if (!begins && breaks.length + more.length === 0) return null;
  return (
    <ul class="chart-notes" data-testid="chart-notes">
      {more.map((text) => (
        <li key={text}>
          <Icon name="info" size={14} />
          <span>{text}</span>
        </li>
      ))}
      {begins && (
        <li data-testid="begins">
          <Icon name="clock" size={14} />
          <span>{[begins.text, begins.reason].filter(Boolean).join(" · ")}</span>
        </li>
      )}
      {breaks.map((at) => (
        <li key={at.date + at.side}>
          <Icon name="change" size={14} />
          <span>{breakSentence(at)}</span>
        </li>
      ))}
    </ul>
  );
}

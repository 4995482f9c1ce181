import type { Figure, Status } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { ChangePill } from "./change-pill";
import { bounded, figureText, raw, valueNotes } from "./figure-text";
import { StatusMark } from "./status-mark";

interface FigureProps {
  metric: Metric;
  figure: Figure | undefined;
  currency: string | null;
  catalogue: ReadonlyMap<string, Metric>;
  /** The status of the whole column: a mark is drawn only where a cell differs from it. */
  usual?: Status | undefined;
  /** What is said instead of the usual notes, for instance of a figure that this kind of thing does not have. */
  note?: string | undefined;
}

interface CellProps extends FigureProps {
  /** The value whose bar fills the cell; 0 for none. */
  barOf?: number;
}

/** A table's figure with its change and, behind it, why it is not settled. */
export function FigureCell({ barOf = 0, ...props }: CellProps) {
  const { metric, figure } = props;
  if (!figure) return <td data-metric={metric.id}>{words.value.figure.noValue}</td>;
  const { value } = figure.current;
  const share = barOf > 0 && value !== null && value > 0 ? value / barOf : 0;
  return (
    <td {...figureData(props)}>
      {share > 0 && <span class="cell-bar" style={{ width: `${share * 100}%` }} aria-hidden="true" />}
      <FigureText {...props} />
    </td>
  );
}

/** What tests and pointers find on the element that holds a figure. */
export function figureData({ metric, figure, catalogue, note }: FigureProps) {
  const notes = note ? [note] : figure ? valueNotes(figure.current, metric, catalogue) : [];
  return {
    "data-metric": metric.id,
    "data-value": raw(figure?.current.value),
    "data-change": raw(figure?.change?.relative),
    "data-status": figure?.current.status,
    title: notes.length > 0 ? notes.join("\n") : undefined,
  };
}

export function FigureText({ metric, figure, currency, usual, note }: FigureProps) {
  if (!figure) return <span class="cell-value none">{words.value.figure.noValue}</span>;
  const { current, change } = figure;
  const kind = bounded(current) ? " bounds" : current.value === null ? " none" : "";
  return (
    <>
      <span class={`cell-value${kind}`}>
        {current.status !== usual && <StatusMark status={current.status} />}
        {figureText(current, metric, currency, "full")}
        {note && <span class="sr-only"> {note}</span>}
      </span>
      {change && (
        <span class="cell-change">
          <ChangePill change={change} metric={metric} plain />
        </span>
      )}
    </>
  );
}

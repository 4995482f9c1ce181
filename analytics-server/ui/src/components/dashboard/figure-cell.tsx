import type { Figure } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { dayLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { explained } from "../explanations";
import { ChangePill } from "./change-pill";
import { bounded, carriedFrom, changeNote, figureText, raw, valueNotes } from "./figure-text";
import { StatusMark } from "./status-mark";

interface FigureProps {
  metric: Metric;
  figure: Figure | undefined;
  currency: string | null;
  catalogue: ReadonlyMap<string, Metric>;
  /** What is said instead of the usual notes, for instance of a figure that this kind of thing does not have. */
  note?: string | undefined;
  /** False where the day of a carried figure is said for the whole row. */
  dated?: boolean;
}

interface CellProps extends FigureProps {
  /** The value whose bar fills the cell; 0 for none. */
  barOf?: number;
}

/** A table's figure with its change and, behind it, why it is not settled. */
export function FigureCell({ barOf = 0, ...props }: CellProps) {
  const value = props.figure?.current.value ?? null;
  const share = barOf > 0 && value !== null && value > 0 ? value / barOf : 0;
  return (
    <td {...figureData(props)}>
      {share > 0 && <span class="cell-bar" style={{ width: `${share * 100}%` }} aria-hidden="true" />}
      <FigureText {...props} />
    </td>
  );
}

/** What tests find on the element that holds a figure. */
export function figureData({ metric, figure }: Pick<FigureProps, "metric" | "figure">) {
  return {
    "data-metric": metric.id,
    "data-value": raw(figure?.current.value),
    "data-change": raw(figure?.change?.relative),
    "data-status": figure?.current.status,
  };
}

export function FigureText(props: FigureProps) {
  const { metric, figure, currency, dated = true } = props;
  const { current, change } = figure ?? { current: undefined, change: null };
  const kind = current && bounded(current) ? " bounds" : (current?.value ?? null) === null ? " none" : "";
  const carried = dated ? carriedFrom(current) : null;
  return (
    <>
      <span class="cell-value">
        <span class={`figure${kind}`} {...explained(notes(props).join("\n"))}>
          <StatusMark value={current} />
          {figureText(current, metric, currency, "full")}
        </span>
      </span>
      {carried && <span class="cell-as-of">{words.value.figure.asOf(dayLabel(carried, language.value))}</span>}
      {change && (
        <span class="cell-change">
          <ChangePill change={change} metric={metric} sides={figure} plain />
        </span>
      )}
    </>
  );
}

/** Why a figure is not settled, and why there is no change. */
function notes({ metric, figure, catalogue, note }: FigureProps): string[] {
  if (note) return [note];
  if (!figure) return [words.value.figure.explain.missing];
  const ofChange = figure.change && figure.change.relative === null ? changeNote(figure.change, figure) : null;
  return [...valueNotes(figure.current, metric, catalogue), ...(ofChange ? [ofChange] : [])];
}

import type { ComponentChildren } from "preact";
import type { Figure, Report, Value } from "../../api/report-types";
import type { Metric, NotOffered } from "../../api/types";
import { localized, words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { absoluteChange } from "../../i18n/numbers";
import { billedSpend } from "../../state/cost-terms";
import { language } from "../../state/preferences";
import { resolvedRange } from "../period/resolved-range";
import { termNotes } from "../terms/term-words";
import { Tooltip } from "../tooltip";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { bounded, carriedFrom, changeNote, figureText, statusWord, valueNotes } from "./figure-text";
import { beginsInside } from "./history-begins";
import { StatusMark } from "./status-mark";
import { withheldText } from "./withheld-text";

interface Props {
  metric: Metric;
  figure: Figure;
  report: Report;
  anchor: DOMRect;
  /** Why nothing new comes, where that is so. */
  note: string | null;
}

/** Behind a tab: both values over their dates, the difference in the metric's own unit, and why a figure is not settled. */
export function FigureTooltip({ metric, figure, report, anchor, note }: Props) {
  const { account, catalogue, platform } = useDashboard();
  const t = words.value.figure;
  const range = resolvedRange(report.query.range);
  const before = resolvedRange(report.query.comparison);
  const { current, previous, change } = figure;
  const ofChange = change && changeNote(change, figure, beginsInside(metric, report, account, platform));
  const days = range && { start: before && before.start < range.start ? before.start : range.start, end: range.end };
  const terms = metric.id === billedSpend && days ? termNotes(account, days) : [];
  const notes = [...valueNotes(current, metric, catalogue), ofChange, note, ...terms].filter((text) => text !== null);
  const text = (value: Value) => (
    <td>
      <StatusMark value={value} />
      <span class={bounded(value) ? "bounds" : undefined}>{figureText(value, metric, account.currency, "full")}</span>
      {carriedFrom(value) && <span class="figure-as-of">{statusWord(value)}</span>}
    </td>
  );
  return (
    <MetricTooltip metric={metric} anchor={anchor} notes={notes}>
      <table class="tooltip-figures">
        <tbody>
          <tr>
            <th scope="row">{range ? rangeLabel(range, language.value) : t.current}</th>
            {text(current)}
          </tr>
          {previous && (
            <tr>
              <th scope="row">{before ? rangeLabel(before, language.value) : t.previous}</th>
              {text(previous)}
            </tr>
          )}
          {change?.absolute != null && (
            <tr class="tooltip-difference">
              <th scope="row">{t.difference}</th>
              <td>
                {absoluteChange(change.absolute, metric, account.currency, language.value)} <ChangePill change={change} metric={metric} sides={figure} plain />
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </MetricTooltip>
  );
}

/** Behind the tab of a figure that the account does not get: why. */
export function WithheldTooltip({ metric, why, anchor }: { metric: Metric; why: NotOffered; anchor: DOMRect }) {
  const { platform } = useDashboard();
  return <MetricTooltip metric={metric} anchor={anchor} notes={[withheldText(why, platform)]} />;
}

function MetricTooltip({ metric, anchor, notes, children }: { metric: Metric; anchor: DOMRect; notes: string[]; children?: ComponentChildren }) {
  const description = localized(metric.description);
  return (
    <Tooltip id="figure-tooltip" anchor={anchor}>
      <p class="tooltip-title">{localized(metric.label)}</p>
      {description && <p class="tooltip-text">{description}</p>}
      {children}
      {notes.map((text) => (
        <p class="tooltip-note" key={text}>
          {text}
        </p>
      ))}
    </Tooltip>
  );
}

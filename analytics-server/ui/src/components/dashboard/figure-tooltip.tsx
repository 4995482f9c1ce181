import type { ComponentChildren } from "preact";
import type { Figure, Report } from "../../api/report-types";
import type { Metric, NotOffered } from "../../api/types";
import { localized, words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { absoluteChange } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { resolvedRange } from "../period/resolved-range";
import { Tooltip } from "../tooltip";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { changeNote, figureText, valueNotes } from "./figure-text";
import { withheldText } from "./withheld-text";

interface Props {
  metric: Metric;
  figure: Figure;
  report: Report;
  anchor: DOMRect;
}

/** Behind a tab: both values over their dates, the difference in the metric's own unit, and why a figure is not settled. */
export function FigureTooltip({ metric, figure, report, anchor }: Props) {
  const { account, catalogue } = useDashboard();
  const t = words.value.figure;
  const range = resolvedRange(report.query.range);
  const before = resolvedRange(report.query.comparison);
  const { current, previous, change } = figure;
  const note = change && changeNote(change);
  const notes = [...valueNotes(current, metric, catalogue), ...(note ? [note] : [])];
  return (
    <MetricTooltip metric={metric} anchor={anchor} notes={notes}>
      <table class="tooltip-figures">
        <tbody>
          <tr>
            <th scope="row">{range ? rangeLabel(range, language.value) : t.current}</th>
            <td>{figureText(current, metric, account.currency, "full")}</td>
          </tr>
          {previous && (
            <tr>
              <th scope="row">{before ? rangeLabel(before, language.value) : t.previous}</th>
              <td>{figureText(previous, metric, account.currency, "full")}</td>
            </tr>
          )}
          {change?.absolute != null && (
            <tr class="tooltip-difference">
              <th scope="row">{t.difference}</th>
              <td>
                {absoluteChange(change.absolute, metric, account.currency, language.value)} <ChangePill change={change} metric={metric} plain />
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

import type { Figure, Value } from "../../api/report-types";
import type { Account, Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { ChangePill } from "../dashboard/change-pill";
import { bounded, carriedFrom, changeNote, figureText, known, raw, valueNotes } from "../dashboard/figure-text";
import { StatusMark } from "../dashboard/status-mark";
import { withheldText, withheldWord } from "../dashboard/withheld-text";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { withheldFigure } from "./permissions";
import type { Known } from "./use-family";

interface Props {
  metric: Metric;
  figure: Figure | undefined;
  currency: string | null;
  known: Known;
  /** Whose figure it is; none of a total. */
  account?: Account;
}

/** What tests find on the element that holds a figure. */
export const figureData = ({ metric, figure }: Pick<Props, "metric" | "figure">) => ({
  "data-metric": metric.id,
  "data-value": raw(figure?.current.value),
  "data-change": raw(figure?.change?.relative),
  "data-status": figure?.current.status,
});

/** A figure among those of all accounts, with its change; every one that is not settled carries its mark and says why. */
export function OverviewFigure({ metric, figure, currency, known: { catalogue, platforms }, account }: Props) {
  const withheld = account && withheldFigure(account, metric);
  if (withheld && !known(figure?.current)) {
    const platform = platforms.find(({ id }) => id === account.platform);
    return (
      <span class="figure-explained" {...explained(`${localized(metric.label)}\n${withheldText(withheld, platform)}`)}>
        <span class="cell-value none">{words.value.figure.noValue}</span>
        <span class="cell-change">{withheldWord(withheld)}</span>
      </span>
    );
  }
  if (!figure) return <span class="cell-value none">{words.value.figure.noValue}</span>;
  const { current } = figure;
  const kind = bounded(current) ? " bounds" : current.value === null ? " none" : "";
  return (
    <span class="figure-explained" {...explained(notesOf(figure, metric, catalogue).join("\n"))}>
      <span class={`cell-value${kind}`}>
        <StatusMark value={current} />
        {figureText(current, metric, currency, "full")}
      </span>
      <span class="cell-change">
        <Below figure={figure} metric={metric} />
      </span>
    </span>
  );
}

/** The change; in its place what says more: that the exact figure is being fetched, or of which day the figure is. */
function Below({ figure, metric }: { figure: Figure; metric: Metric }) {
  const { current, change } = figure;
  const t = words.value;
  const day = carriedFrom(current);
  if (isOnItsWay(current)) {
    return (
      <span class="tab-note" data-testid="pending">
        <Icon name="clock" size={12} />
        {t.figure.onItsWay}
      </span>
    );
  }
  return (
    <>
      {day && <span class="head-note">{t.posts.asOf(fullDay(day, language.value))}</span>}
      {change && <ChangePill change={change} metric={metric} plain />}
    </>
  );
}

const isOnItsWay = ({ pending, value }: Value): boolean => pending === true && value === null;

function notesOf({ current, change }: Figure, metric: Metric, catalogue: Known["catalogue"]): string[] {
  const note = change && !isOnItsWay(current) ? changeNote(change) : null;
  return [...valueNotes(current, metric, catalogue), ...(note ? [note] : [])];
}

import type { Figure } from "../../api/report-types";
import type { Metric, NotOffered } from "../../api/types";
import { localized, words } from "../../i18n";
import { shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { bounded, figureText, raw } from "./figure-text";
import { StatusMark } from "./status-mark";
import { withheldWord } from "./withheld-text";

interface TabProps {
  metric: Metric;
  figure: Figure | undefined;
  /** Of a level: the day that it is of. */
  asOf: string | null;
  /** Why there is no figure to wait for. */
  withheld: NotOffered | null;
  loading: boolean;
  selected: boolean;
  described: boolean;
  choose: () => void;
  show: (anchor: DOMRect) => void;
  hide: () => void;
}

/** A metric with its value and its change. */
export function Tab({ metric, figure, asOf, withheld, loading, selected, described, choose, show, hide }: TabProps) {
  return (
    <button
      type="button"
      role="tab"
      id={`tab-${metric.id}`}
      class="tab"
      aria-selected={selected}
      aria-controls="metric-panel"
      aria-describedby={described ? "figure-tooltip" : undefined}
      tabIndex={selected ? 0 : -1}
      data-testid={`tab-${metric.id}`}
      data-value={raw(figure?.current.value)}
      data-previous={raw(figure?.previous?.value)}
      data-change={raw(figure?.change?.relative)}
      data-status={figure?.current.status ?? ""}
      data-withheld={withheld?.reason}
      onClick={choose}
      onMouseEnter={(event) => show(event.currentTarget.getBoundingClientRect())}
      onMouseLeave={hide}
      onFocus={(event) => {
        if (event.currentTarget.matches(":focus-visible")) show(event.currentTarget.getBoundingClientRect());
      }}
      onBlur={hide}
    >
      <span class="tab-label">{localized(metric.label)}</span>
      {withheld ? <NoFigure reason={withheldWord(withheld)} /> : figure ? <TabFigure metric={metric} figure={figure} asOf={asOf} /> : <Waiting loading={loading} />}
    </button>
  );
}

function TabFigure({ metric, figure, asOf }: Pick<TabProps, "metric" | "asOf"> & { figure: Figure }) {
  const { account, session } = useDashboard();
  const text = figureText(figure.current, metric, account.currency);
  const full = figureText(figure.current, metric, account.currency, "full");
  return (
    <>
      <span class={`tab-value${text.length > 12 ? " longer" : text.length > 10 ? " long" : ""}${bounded(figure.current) ? " bounds" : ""}`}>
        <span aria-hidden={full !== text ? true : undefined}>{text}</span>
        {full !== text && <span class="sr-only">{full}</span>}
      </span>
      <span class="tab-change">
        {figure.current.pending && figure.current.value === null ? <OnItsWay /> : <ChangePill change={figure.change} metric={metric} sides={figure} />}
        <StatusMark value={figure.current} />
      </span>
      {asOf && <span class="tab-note">{words.value.figure.asOf(shortDay(asOf, session.today, language.value))}</span>}
    </>
  );
}

/** Says in place of the change, which needs it, that the exact figure is being fetched. */
function OnItsWay() {
  return (
    <span class="tab-note" data-testid="pending">
      <Icon name="clock" size={12} />
      {words.value.figure.onItsWay}
    </span>
  );
}

function NoFigure({ reason }: { reason: string }) {
  return (
    <>
      <span class="tab-value none">{words.value.figure.noValue}</span>
      <span class="tab-change">
        <span class="tab-note">{reason}</span>
      </span>
    </>
  );
}

function Waiting({ loading }: { loading: boolean }) {
  return (
    <>
      <span class={loading ? "skeleton tab-value" : "tab-value none"}>{loading ? "" : words.value.figure.noValue}</span>
      <span class="tab-change" />
    </>
  );
}

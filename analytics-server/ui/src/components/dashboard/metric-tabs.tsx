import { useEffect, useRef, useState } from "preact/hooks";
import type { Report, Value } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { ChangePill } from "./change-pill";
import { useDashboard } from "./context";
import { FigureTooltip } from "./figure-tooltip";
import { figureText } from "./figure-text";
import { StatusMark } from "./status-mark";

interface TabsProps {
  metrics: Metric[];
  selected: Metric | undefined;
  report: Report | undefined;
}

const moves: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** One tab per metric with its value and its change; the chosen one's chart is below. */
export function MetricTabs({ metrics, selected, report }: TabsProps) {
  const { change } = useDashboard();
  const list = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<{ metric: Metric; anchor: DOMRect } | null>(null);
  const totals = report?.totals[0]?.totals;
  const hide = () => setShown(null);

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected?.id]);

  const move = (event: KeyboardEvent) => {
    if (event.key === "Escape") hide();
    const at = metrics.findIndex(({ id }) => id === selected?.id);
    const to = moves[event.key]?.(at, metrics.length);
    const next = to === undefined ? undefined : metrics[to];
    if (!next) return;
    event.preventDefault();
    change({ metric: next.id }, { replace: true });
    list.current?.querySelector<HTMLElement>(`#tab-${CSS.escape(next.id)}`)?.focus();
  };

  return (
    <div class="tabs-place">
      <div class="tabs" role="tablist" aria-label={words.value.figure.metrics} ref={list} onKeyDown={move} onScroll={hide}>
        {metrics.map((metric) => (
          <Tab
            key={metric.id}
            metric={metric}
            figure={totals?.[metric.id]}
            loading={!totals}
            selected={metric.id === selected?.id}
            described={shown?.metric.id === metric.id}
            choose={() => change({ metric: metric.id })}
            show={(anchor) => setShown({ metric, anchor })}
            hide={hide}
          />
        ))}
      </div>
      {shown && totals?.[shown.metric.id] && report && (
        <FigureTooltip metric={shown.metric} figure={totals[shown.metric.id]!} report={report} anchor={shown.anchor} />
      )}
    </div>
  );
}

interface TabProps {
  metric: Metric;
  figure: Report["totals"][number]["totals"][string] | undefined;
  loading: boolean;
  selected: boolean;
  described: boolean;
  choose: () => void;
  show: (anchor: DOMRect) => void;
  hide: () => void;
}

function Tab({ metric, figure, loading, selected, described, choose, show, hide }: TabProps) {
  const { account } = useDashboard();
  const text = figureText(figure?.current, metric, account.currency);
  const full = figureText(figure?.current, metric, account.currency, "full");
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
      onClick={choose}
      onMouseEnter={(event) => show(event.currentTarget.getBoundingClientRect())}
      onMouseLeave={hide}
      onFocus={(event) => {
        if (event.currentTarget.matches(":focus-visible")) show(event.currentTarget.getBoundingClientRect());
      }}
      onBlur={hide}
    >
      <span class="tab-label">
        {localized(metric.label)}
      </span>
      {figure ? (
        <>
          <span class={`tab-value${text.length > 12 ? " longer" : text.length > 10 ? " long" : ""}${bounded(figure.current) ? " bounds" : ""}`}>
            <span aria-hidden={full !== text ? true : undefined}>{text}</span>
            {full !== text && <span class="sr-only">{full}</span>}
          </span>
          <span class="tab-change">
            <ChangePill change={figure.change} metric={metric} />
            <StatusMark status={figure.current.status} />
          </span>
        </>
      ) : (
        <>
          <span class={loading ? "skeleton tab-value" : "tab-value"} />
          <span class="tab-change" />
        </>
      )}
    </button>
  );
}

/** Whether it is shown as a range: brackets tell it from a figure. */
export const bounded = (value: Value): boolean => value.status === "bounded" && value.lower != null;

/** The number exactly as the server sent it; empty where there is none. */
export const raw = (value: number | null | undefined): string => (value === null || value === undefined ? "" : String(value));

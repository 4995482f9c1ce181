import { useEffect, useRef, useState } from "preact/hooks";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { withheld } from "../../state/feeds";
import { useDashboard } from "./context";
import { FigureTooltip, WithheldTooltip } from "./figure-tooltip";
import type { Figures } from "./figures";
import { Tab } from "./tab";

interface TabsProps {
  metrics: Metric[];
  selected: Metric | undefined;
  figures: Figures;
}

const moves: Record<string, (at: number, count: number) => number> = {
  ArrowRight: (at, count) => (at + 1) % count,
  ArrowLeft: (at, count) => (at - 1 + count) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

/** One tab per metric with its value and its change; the chosen one's chart is below. */
export function MetricTabs({ metrics, selected, figures }: TabsProps) {
  const { account, change } = useDashboard();
  const list = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState<{ metric: Metric; anchor: DOMRect } | null>(null);
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
        {metrics.map((metric) => {
          const report = figures.reportOf(metric);
          return (
            <Tab
              key={metric.id}
              metric={metric}
              figure={report?.totals[0]?.totals[metric.id]}
              withheld={withheld(account, metric)}
              loading={!report && figures.pending}
              selected={metric.id === selected?.id}
              described={shown?.metric.id === metric.id}
              choose={() => change({ metric: metric.id })}
              show={(anchor) => setShown({ metric, anchor })}
              hide={hide}
            />
          );
        })}
      </div>
      {shown && <Behind metric={shown.metric} anchor={shown.anchor} figures={figures} />}
    </div>
  );
}

/** What a tab says when it is pointed at. */
function Behind({ metric, anchor, figures }: { metric: Metric; anchor: DOMRect; figures: Figures }) {
  const { account } = useDashboard();
  const why = withheld(account, metric);
  if (why) return <WithheldTooltip metric={metric} why={why} anchor={anchor} />;
  const report = figures.reportOf(metric);
  const figure = report?.totals[0]?.totals[metric.id];
  return report && figure ? <FigureTooltip metric={metric} figure={figure} report={report} anchor={anchor} /> : null;
}

import { useEffect, useRef, useState } from "preact/hooks";
import type { Figure, Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { withheld } from "../../state/feeds";
import { resolvedRange } from "../period/resolved-range";
import { useDashboard } from "./context";
import { carriedFrom, known } from "./figure-text";
import { FigureTooltip, WithheldTooltip } from "./figure-tooltip";
import type { Figures } from "./figures";
import { useStoppedText } from "./stopped-note";
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
          const figure = report?.totals[0]?.totals[metric.id];
          const loading = !report && figures.pending;
          return (
            <Tab
              key={metric.id}
              metric={metric}
              figure={figure}
              asOf={levelDay(metric, figure, report)}
              withheld={known(figure?.current) || loading ? null : withheld(account, metric)}
              loading={loading}
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

/** The day that a level is of: its own answer's last one, or the earlier one that it was carried from. */
function levelDay(metric: Metric, figure: Figure | undefined, report: Report | undefined): string | null {
  if (metric.kind !== "stock" || !known(figure?.current)) return null;
  return carriedFrom(figure?.current) ?? resolvedRange(report?.query.range)?.end ?? null;
}

/** What a tab says when it is pointed at. */
function Behind({ metric, anchor, figures }: { metric: Metric; anchor: DOMRect; figures: Figures }) {
  const { account } = useDashboard();
  const why = withheld(account, metric);
  const stopped = useStoppedText(metric, why);
  const report = figures.reportOf(metric);
  const figure = report?.totals[0]?.totals[metric.id];
  if (why && !known(figure?.current)) return <WithheldTooltip metric={metric} why={why} anchor={anchor} />;
  return report && figure ? <FigureTooltip metric={metric} figure={figure} report={report} anchor={anchor} note={stopped} /> : null;
}

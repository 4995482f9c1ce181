import { useEffect, useRef, useState } from "preact/hooks";
import { words } from "../i18n";
import { dark, language } from "../state/preferences";
import type { ChartFacts } from "./chart-facts";
import { pointSentence } from "./chart-words";
import { draw, makeChart } from "./configuration";
import { columnAt, columnWidth, noExtras, type Extras, type SeriesChart as Drawn } from "./plugins";
import { SeriesTooltip } from "./series-tooltip";

export interface SeriesChartProps {
  facts: ChartFacts;
  /** Says what the picture shows, for those who do not see it. */
  label: string;
}

/** One metric over the buckets of a range, beside those of the compared range. */
export function SeriesChart({ facts, label }: SeriesChartProps) {
  const { metric, grain, buckets, series } = facts;
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Drawn | null>(null);
  const extras = useRef<Extras>(noExtras());
  const [hovered, setHovered] = useState<number | null>(null);
  const [spoken, setSpoken] = useState("");
  const shown = hovered !== null && hovered < buckets.length ? hovered : null;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const made = makeChart(element, extras.current);
    chart.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    if (chart.current) draw(chart.current, extras.current, facts);
  }, [metric, grain, buckets, series, facts.before, language.value, dark.value]);

  useEffect(() => {
    extras.current.hovered = shown;
    chart.current?.render();
  }, [shown]);

  const keys = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -buckets.length, End: buckets.length }[event.key];
    if (event.key === "Escape") setHovered(null);
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(buckets.length - 1, (shown ?? (step > 0 ? -1 : buckets.length)) + step));
    setHovered(next);
    setSpoken(pointSentence(facts, next));
  };

  return (
    <>
      <canvas
        ref={canvas}
        role="img"
        tabIndex={0}
        aria-label={`${label}. ${words.value.chart.keyboard}`}
        onPointerMove={(event) => setHovered(chart.current ? columnAt(chart.current, event.offsetX) : null)}
        onPointerLeave={() => setHovered(null)}
        onBlur={() => setHovered(null)}
        onKeyDown={keys}
      />
      <span class="sr-only" role="status">
        {spoken}
      </span>
      {shown !== null && chart.current && <SeriesTooltip facts={facts} index={shown} anchor={columnBox(chart.current, shown)} />}
    </>
  );
}

function columnBox(chart: Drawn, index: number) {
  const box = chart.canvas.getBoundingClientRect();
  const middle = box.left + (chart.scales.x?.getPixelForValue(index) ?? 0);
  const half = columnWidth(chart) / 2;
  return { left: middle - half, right: middle + half, top: box.top + chart.chartArea.top, bottom: box.bottom };
}

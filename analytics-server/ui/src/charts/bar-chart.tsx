import { BarController, BarElement, CategoryScale, Chart, LinearScale, type ChartConfiguration } from "chart.js";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Bucket, Grain, Series } from "../api/report-types";
import type { Metric } from "../api/types";
import { words } from "../i18n";
import { axisLabel } from "../i18n/dates";
import { metricValue } from "../i18n/numbers";
import { dark, language } from "../state/preferences";
import { barHeight, datasets, type Height } from "./bar-data";
import { BarTooltip, barSentence, type BarFacts } from "./bar-tooltip";
import { readPalette } from "./palette";
import { columnAt, hoverBand, missingDashes, type Extras } from "./plugins";

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

export interface BarChartProps extends BarFacts {
  /** Says what the picture shows, for those who do not see it. */
  label: string;
}

type Bars = Chart<"bar", Height[], string>;

/** Bars of one metric over the buckets of a range, beside those of the compared range. */
export function BarChart(props: BarChartProps) {
  const { metric, currency, grain, buckets, series, label } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Bars | null>(null);
  const extras = useRef<Extras>({ hovered: null, hoverColour: "", textColour: "", missing: [] });
  const [hovered, setHovered] = useState<number | null>(null);
  const [spoken, setSpoken] = useState("");
  const shown = hovered !== null && hovered < buckets.length ? hovered : null;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const made = new Chart(element, emptyConfiguration(extras.current)) as Bars;
    chart.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const current = chart.current;
    if (!current) return;
    draw(current, extras.current, { metric, currency, grain, buckets, series });
  }, [metric, currency, grain, buckets, series, language.value, dark.value]);

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
    setSpoken(barSentence(props, next));
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
      {shown !== null && chart.current && <BarTooltip {...props} index={shown} anchor={columnBox(chart.current, shown)} />}
    </>
  );
}

function columnBox(chart: Bars, index: number) {
  const box = chart.canvas.getBoundingClientRect();
  const middle = box.left + (chart.scales.x?.getPixelForValue(index) ?? 0);
  const half = chart.chartArea.width / Math.max(1, chart.data.labels?.length ?? 1) / 2;
  return { left: middle - half, right: middle + half, top: box.top + chart.chartArea.top, bottom: box.bottom };
}

function draw(chart: Bars, extras: Extras, facts: { metric: Metric; currency: string | null; grain: Grain; buckets: Bucket[]; series: Series }) {
  const { metric, currency, grain, buckets, series } = facts;
  const palette = readPalette(chart.canvas, chart.ctx);
  extras.hoverColour = palette.hover;
  extras.textColour = palette.text;
  extras.missing = series.current.flatMap((value, index) => (barHeight(value) === null ? [index] : []));
  chart.data.labels = buckets.map((bucket, index) => axisLabel(bucket, grain, language.value, buckets[index - 1]));
  chart.data.datasets = datasets(series, palette);
  const { x, y } = chart.options.scales ?? {};
  if (x?.ticks) x.ticks.color = palette.text;
  if (y?.ticks) {
    y.ticks.color = palette.text;
    y.ticks.callback = (value) => metricValue(Number(value), metric, currency, language.value, "axis");
  }
  if (y?.grid) y.grid.color = palette.grid;
  chart.update();
}

function emptyConfiguration(extras: Extras): ChartConfiguration<"bar", Height[], string> {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  return {
    type: "bar",
    data: { labels: [], datasets: [] },
    plugins: [hoverBand(extras), missingDashes(extras)],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      // A new answer stands at once: moving bars would delay reading it.
      animation: false,
      layout: { padding: { top: 8 } },
      datasets: {
        bar: { categoryPercentage: 0.74, barPercentage: 0.94, maxBarThickness: 56, borderRadius: 2, minBarLength: 2 },
      },
      scales: {
        x: {
          grid: { display: false },
          border: { display: false },
          ticks: { font, maxRotation: 0, autoSkipPadding: 26, padding: 4 },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { drawTicks: false },
          ticks: { font, maxTicksLimit: 5, padding: 10 },
        },
      },
    },
  };
}

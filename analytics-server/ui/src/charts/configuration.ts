import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  type ChartConfiguration,
} from "chart.js";
import { words } from "../i18n";
import { axisLabel } from "../i18n/dates";
import { metricValue } from "../i18n/numbers";
import { language } from "../state/preferences";
import { barHeight, datasets, type Height } from "./bar-data";
import type { ChartFacts } from "./chart-facts";
import { beforeZone, breakLines } from "./history-plugins";
import { lines } from "./line-data";
import { readPalette } from "./palette";
import { hoverBand, hoverPoints, missingDashes, type Extras, type SeriesChart } from "./plugins";

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale, LineController, LineElement, PointElement);

/** Room above the plot, without and with the words of a break. */
const room = { usual: 8, labelled: 24 };

export function makeChart(canvas: HTMLCanvasElement, extras: Extras): SeriesChart {
  return new Chart(canvas, emptyConfiguration(extras));
}

/** Fills the chart: amounts as bars, levels as lines. */
export function draw(chart: SeriesChart, extras: Extras, facts: ChartFacts): void {
  const { metric, currency, grain, buckets, series, before, posts } = facts;
  const palette = readPalette(chart.canvas, chart.ctx);
  const level = metric.kind === "stock";
  extras.hoverColour = palette.hover;
  extras.textColour = palette.text;
  extras.panelColour = palette.panel;
  extras.missing = series.current.flatMap((value, index) => (index >= before && barHeight(value) === null && posts?.[index] !== 0 ? [index] : []));
  extras.before = before;
  extras.beforeText = posts ? words.value.published.before : words.value.chart.before;
  extras.breaks = breakMarks(facts);
  chart.data.labels = buckets.map((bucket, index) => axisLabel(bucket, grain, language.value, buckets[index - 1]));
  chart.data.datasets = level ? lines(series, palette) : datasets(series, palette);
  chart.options.layout = { padding: { top: extras.breaks.length > 0 ? room.labelled : room.usual } };
  const { x, y } = chart.options.scales ?? {};
  if (x?.ticks) x.ticks.color = palette.text;
  if (y?.ticks) {
    y.ticks.color = palette.text;
    // A level moves by little: its axis need not begin at zero, and then short figures would all be the same.
    y.ticks.callback = (value) => metricValue(Number(value), metric, currency, language.value, level ? "full" : "axis");
    Object.assign(y, { beginAtZero: !level, grace: level ? "12%" : 0 });
    Object.assign(y.ticks, { precision: metric.unit === "count" && level ? 0 : undefined });
  }
  if (y?.grid) y.grid.color = palette.grid;
  chart.update();
}

function breakMarks({ breaks }: ChartFacts): Extras["breaks"] {
  const t = words.value.chart;
  return breaks.flatMap(({ at, side }) => (at === null ? [] : [{ at, label: side === "previous" ? t.breakBefore : t.breakLabel }]));
}

function emptyConfiguration(extras: Extras): ChartConfiguration<"bar" | "line", Height[], string> {
  const font = { family: getComputedStyle(document.body).fontFamily, size: 11 };
  return {
    type: "bar",
    data: { labels: [], datasets: [] },
    plugins: [beforeZone(extras), hoverBand(extras), missingDashes(extras), breakLines(extras), hoverPoints(extras)],
    options: {
      responsive: true,
      maintainAspectRatio: false,
      events: [],
      // A new answer stands at once: moving bars would delay reading it.
      animation: false,
      layout: { padding: { top: room.usual } },
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

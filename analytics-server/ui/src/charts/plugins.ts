import type { Chart, ChartArea, Plugin } from "chart.js";
import type { Height } from "./bar-data";

export type SeriesChart = Chart<"bar" | "line", Height[], string>;
type Extra = Plugin<"bar" | "line">;

/** What the plugins draw that the library does not; kept beside the chart and changed without a new chart. */
export interface Extras {
  hovered: number | null;
  hoverColour: string;
  textColour: string;
  /** Positions whose current value is missing. */
  missing: readonly number[];
  /** So many columns lie before the history: a quiet zone with these words. */
  before: number;
  beforeText: string;
  breaks: readonly { at: number; label: string }[];
  panelColour: string;
}

export const noExtras = (): Extras => ({
  hovered: null,
  hoverColour: "",
  textColour: "",
  missing: [],
  before: 0,
  beforeText: "",
  breaks: [],
  panelColour: "",
});

/** A chart's plot and the columns that it is divided into. */
interface Columns {
  chartArea: Pick<ChartArea, "left" | "right" | "width">;
  data: { labels?: unknown[] | undefined };
}

/** How wide a column is. */
export const columnWidth = ({ chartArea, data }: Columns): number => chartArea.width / Math.max(1, data.labels?.length ?? 1);

/** A band behind the column under the pointer. */
export const hoverBand = (extras: Extras): Extra => ({
  id: "hoverBand",
  beforeDatasetsDraw(chart) {
    const { hovered } = extras;
    const x = chart.scales.x;
    if (hovered === null || !x) return;
    const width = columnWidth(chart);
    chart.ctx.save();
    chart.ctx.fillStyle = extras.hoverColour;
    chart.ctx.fillRect(x.getPixelForValue(hovered) - width / 2, chart.chartArea.top, width, chart.chartArea.height);
    chart.ctx.restore();
  },
});

/** Marks the point of a line that the band belongs to. */
export const hoverPoints = (extras: Extras): Extra => ({
  id: "hoverPoints",
  afterDatasetsDraw(chart) {
    const { hovered } = extras;
    if (hovered === null) return;
    chart.data.datasets.forEach((dataset, number) => {
      const point = dataset.type === "line" ? chart.getDatasetMeta(number).data[hovered] : undefined;
      if (!point || dataset.data[hovered] === null) return;
      chart.ctx.save();
      chart.ctx.fillStyle = String(dataset.borderColor);
      chart.ctx.strokeStyle = extras.panelColour;
      chart.ctx.lineWidth = 2;
      chart.ctx.beginPath();
      chart.ctx.arc(point.x, point.y, 5, 0, 2 * Math.PI);
      chart.ctx.fill();
      chart.ctx.stroke();
      chart.ctx.restore();
    });
  },
});

/** A dash on the base line where a value is missing, in the middle of where its bar would stand. */
export const missingDashes = (extras: Extras): Extra => ({
  id: "missingDashes",
  afterDatasetsDraw(chart) {
    const places = chart.getDatasetMeta(0).data;
    chart.ctx.save();
    chart.ctx.strokeStyle = extras.textColour;
    chart.ctx.lineWidth = 1.5;
    for (const index of extras.missing) {
      const x = places[index]?.x;
      if (x === undefined) continue;
      const y = Math.round(chart.chartArea.bottom) - 6.5;
      chart.ctx.beginPath();
      chart.ctx.moveTo(x - 3.5, y);
      chart.ctx.lineTo(x + 3.5, y);
      chart.ctx.stroke();
    }
    chart.ctx.restore();
  },
});

/** The position under a point of the canvas; anywhere in a column counts. */
export function columnAt({ chartArea: { left, right }, data }: Columns, offsetX: number): number | null {
  const count = data.labels?.length ?? 0;
  if (count === 0 || offsetX < left || offsetX > right) return null;
  return Math.min(count - 1, Math.floor(((offsetX - left) / (right - left)) * count));
}

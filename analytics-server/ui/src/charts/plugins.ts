import type { Chart, Plugin } from "chart.js";

/** What the plugins draw that the library does not; kept beside the chart and changed without a new chart. */
export interface Extras {
  hovered: number | null;
  hoverColour: string;
  textColour: string;
  /** Positions whose current value is missing. */
  missing: readonly number[];
}

/** A band behind the bars under the pointer. */
export const hoverBand = (extras: Extras): Plugin<"bar"> => ({
  id: "hoverBand",
  beforeDatasetsDraw(chart) {
    const { hovered } = extras;
    const x = chart.scales.x;
    if (hovered === null || !x) return;
    const count = Math.max(1, chart.data.labels?.length ?? 1);
    const width = chart.chartArea.width / count;
    chart.ctx.save();
    chart.ctx.fillStyle = extras.hoverColour;
    chart.ctx.fillRect(x.getPixelForValue(hovered) - width / 2, chart.chartArea.top, width, chart.chartArea.height);
    chart.ctx.restore();
  },
});

/** A dash on the base line where a value is missing, in the middle of where its bar would stand. */
export const missingDashes = (extras: Extras): Plugin<"bar"> => ({
  id: "missingDashes",
  afterDatasetsDraw(chart) {
    const bars = chart.getDatasetMeta(0).data;
    chart.ctx.save();
    chart.ctx.strokeStyle = extras.textColour;
    chart.ctx.lineWidth = 1.5;
    for (const index of extras.missing) {
      const x = bars[index]?.x;
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

/** The position under a point of the canvas; anywhere in a bar's column counts. */
export function columnAt(chart: Chart<"bar", unknown[]>, offsetX: number): number | null {
  const { left, right } = chart.chartArea;
  const count = chart.data.labels?.length ?? 0;
  if (count === 0 || offsetX < left || offsetX > right) return null;
  return Math.min(count - 1, Math.floor(((offsetX - left) / (right - left)) * count));
}

import type { Plugin } from "chart.js";
import { columnWidth, type Extras } from "./plugins";

type Extra = Plugin<"bar" | "line">;

const fontSize = 11;
const font = () => `${fontSize}px ${getComputedStyle(document.body).fontFamily}`;

/** Where a history has not begun: a quiet zone that says so, when the words fit, instead of a row of dashes. */
export const beforeZone = (extras: Extras): Extra => ({
  id: "beforeZone",
  beforeDatasetsDraw(chart) {
    if (extras.before === 0) return;
    const { ctx, chartArea } = chart;
    const width = columnWidth(chart) * extras.before;
    ctx.save();
    ctx.fillStyle = extras.hoverColour;
    ctx.fillRect(chartArea.left, chartArea.top, width, chartArea.height);
    ctx.font = font();
    if (ctx.measureText(extras.beforeText).width + 2 * fontSize < width) {
      ctx.fillStyle = extras.textColour;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(extras.beforeText, chartArea.left + width / 2, chartArea.top + chartArea.height / 2);
    }
    ctx.restore();
  },
});

/** A dashed line at the day from which on the metric means something else, with a few words above the plot. */
export const breakLines = (extras: Extras): Extra => ({
  id: "breakLines",
  afterDatasetsDraw(chart) {
    const { ctx, chartArea } = chart;
    ctx.save();
    ctx.font = font();
    ctx.strokeStyle = ctx.fillStyle = extras.textColour;
    ctx.textBaseline = "bottom";
    ctx.setLineDash([4, 3]);
    for (const { at, label } of extras.breaks) {
      const x = Math.round(chartArea.left + at * columnWidth(chart)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top - fontSize - 2);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      const fits = x + 5 + ctx.measureText(label).width <= chartArea.right;
      ctx.textAlign = fits ? "left" : "right";
      ctx.fillText(label, fits ? x + 5 : x - 5, chartArea.top - 2);
    }
    ctx.restore();
  },
});

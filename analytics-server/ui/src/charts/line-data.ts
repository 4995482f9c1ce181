import type { ChartDataset, ScriptableContext } from "chart.js";
import type { Series, Status, Value } from "../api/report-types";
import { barHeight, type Height } from "./bar-data";
import type { Palette } from "./palette";

type Line = ChartDataset<"line", Height[]>;
type Point = Value | null | undefined;

/** So few points stand out by themselves, with the line only between them. */
const few = 14;
const known = (point: Point): boolean => barHeight(point) !== null;

/** Points that no line would show: one alone between gaps, or all of them where there are few. */
export function visiblePoints(points: Point[]): boolean[] {
  const all = points.filter(known).length <= few;
  return points.map((point, index) => known(point) && (all || !(known(points[index - 1]) || known(points[index + 1]))));
}

/** What may still change is dashed; what had to be carried over from an older day is dotted. */
function dash(status: Status | undefined): number[] | undefined {
  if (status === "provisional") return [5, 4];
  return status === "partial" ? [1.5, 4] : undefined;
}

/** A level over time: a line with a soft area below, and the compared one lighter and without. */
export function lines(series: Series, palette: Palette): Line[] {
  const line = (points: Point[], colour: string, width: number): Line => ({
    type: "line",
    data: points.map(barHeight),
    borderColor: colour,
    borderWidth: width,
    borderJoinStyle: "round",
    pointRadius: visiblePoints(points).map((visible) => (visible ? width + 0.75 : 0)),
    pointBackgroundColor: colour,
    pointBorderWidth: 0,
    segment: { borderDash: ({ p1DataIndex }) => dash(points[p1DataIndex]?.status) },
  });
  const current = { ...line(series.current, palette.current, 2), fill: "start", backgroundColor: area(palette) };
  return series.previous ? [current, line(series.previous, palette.previousLine, 1.5)] : [current];
}

/** Fades towards the axis, which need not be zero. */
const area =
  ({ area: [from, to] }: Palette) =>
  ({ chart }: ScriptableContext<"line">): CanvasGradient | string => {
    if (!chart.chartArea) return from;
    const gradient = chart.ctx.createLinearGradient(0, chart.chartArea.top, 0, chart.chartArea.bottom);
    gradient.addColorStop(0, from);
    gradient.addColorStop(1, to);
    return gradient;
  };

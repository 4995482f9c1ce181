import type { Series, Value } from "../api/report-types";
import type { Palette } from "./palette";

/** What a bar's height is: a figure, a range between bounds, or nothing at all. */
export type Height = number | [number, number] | null;

/** Missing is never zero: it has no height, and the chart draws a dash in its place. */
export function barHeight(value: Value | null | undefined): Height {
  if (!value) return null;
  if (value.value !== null) return value.value;
  if (value.status === "bounded" && value.lower != null) return value.upper != null ? [value.lower, value.upper] : [0, value.lower];
  return null;
}

type Fill = Palette["hatched"];

function fill(value: Value | null | undefined, palette: Palette): Fill {
  switch (value?.status) {
    case "provisional":
      return palette.hatched;
    case "partial":
      return palette.dotted;
    case "bounded":
      return palette.bounded;
    default:
      return palette.current;
  }
}

/** The two series as Chart.js takes them; the compared one comes second and lighter. */
export function datasets(series: Series, palette: Palette) {
  // A bar stands on the base line and needs no edge there; a range floats and has four.
  const openSide = (value: Value | null) => (value?.status === "bounded" ? (false as const) : ("start" as const));
  const outlined = (value: Value) => (value.status === "final" ? 0 : 1.25);
  const current = {
    data: series.current.map(barHeight),
    backgroundColor: series.current.map((value) => fill(value, palette)),
    borderColor: palette.current,
    borderWidth: series.current.map(outlined),
    borderSkipped: series.current.map(openSide),
  };
  if (!series.previous) return [current];
  const previous = {
    data: series.previous.map(barHeight),
    backgroundColor: series.previous.map(() => palette.previous as Fill),
    borderColor: palette.previous,
    borderWidth: series.previous.map(() => 0),
    borderSkipped: series.previous.map(openSide),
  };
  return [current, previous];
}

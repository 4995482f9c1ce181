import { expect, it } from "vitest";
import type { Value } from "../api/report-types";
import { visiblePoints } from "./line-data";

const known: Value = { value: 5, status: "final", covered: 1 };
const missing: Value = { value: null, status: "missing", covered: 0 };

it("shows the only reading of a freshly linked account as a point", () => {
  expect(visiblePoints([missing, missing, known])).toEqual([false, false, true]);
});

it("shows in a long line only the points that stand alone", () => {
  const long = [...Array<Value>(20).fill(known), missing, known, missing, known, known];
  expect(visiblePoints(long).flatMap((visible, index) => (visible ? [index] : []))).toEqual([21]);
});

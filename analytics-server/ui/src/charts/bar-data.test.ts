import { expect, it } from "vitest";
import { barHeight } from "./bar-data";

it("gives a missing value no bar, never a bar of height zero", () => {
  expect(barHeight({ value: null, status: "missing", covered: 0 })).toBeNull();
  expect(barHeight(null)).toBeNull();
});

it("gives a true zero a bar", () => {
  expect(barHeight({ value: 0, status: "final", covered: 1 })).toBe(0);
});

it("draws bounds as the range between them", () => {
  expect(barHeight({ value: null, status: "bounded", covered: 1, lower: 12, upper: 34 })).toEqual([12, 34]);
  expect(barHeight({ value: null, status: "bounded", covered: 0.9, lower: 12, upper: null })).toEqual([0, 12]);
});

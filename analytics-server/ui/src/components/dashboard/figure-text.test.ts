import { expect, it } from "vitest";
import type { Metric } from "../../api/types";
import { changeText, figureText } from "./figure-text";

const metric = (id: string, better: Metric["better"]): Metric => ({
  id,
  better,
  label: { en: id, ja: id },
  unit: "count",
  kind: "additive",
  numerator: null,
  denominator: null,
  scale: 1,
  description: { en: "", ja: "" },
});
const change = (relative: number | null, reason: string | null = null) => ({ absolute: relative, relative, reason });

it("colours a change by the metric's direction, never by its sign", () => {
  expect(changeText(change(0.1), metric("clicks", "up")).tone).toBe("good");
  expect(changeText(change(0.1), metric("cpa", "down")).tone).toBe("bad");
  expect(changeText(change(-0.1), metric("cpa", "down")).tone).toBe("good");
  expect(changeText(change(-0.1), metric("spend", "neutral")).tone).toBe("neutral");
});

it("says the reason in words where there is no percentage", () => {
  expect(changeText(change(null, "new"), metric("clicks", "up"))).toEqual({ text: "new", direction: 0, tone: "neutral" });
});

it("keeps the percentage of a nearly complete side", () => {
  expect(changeText(change(0.1, "incomplete"), metric("clicks", "up")).text).toBe("+10.0%");
});

it("writes bounds as a range and what is missing as a dash", () => {
  const reach = metric("reach", "up");
  expect(figureText({ value: null, status: "bounded", covered: 1, lower: 1200, upper: 3400 }, reach, null)).toBe("1,200 – 3,400");
  expect(figureText({ value: null, status: "bounded", covered: 0.9, lower: 1200, upper: null }, reach, null)).toBe("at least 1,200");
  expect(figureText({ value: null, status: "missing", covered: 0 }, reach, null)).toBe("–");
  expect(figureText({ value: 0, status: "final", covered: 1 }, reach, null)).toBe("0");
});

import { expect, it } from "vitest";
import type { CostTerm } from "../api/types";
import { billed, daysOfTerms, decimal, millionths, percentOf, termOn } from "./cost-terms";

const of = (kind: "on_top" | "within" | null, rate: string, tax: string | null) => ({ fee: kind && { kind, rate }, tax });

it.each([
  [null, "0", null, "100000", "100000"],
  ["on_top", "0.2", null, "100000", "120000"],
  ["within", "0.2", null, "100000", "125000"],
  [null, "0", "0.1", "100000", "110000"],
  ["on_top", "0.2", "0.1", "100000", "132000"],
  ["within", "0.2", "0.1", "100000", "137500"],
  ["within", "0.15", "0.1", "1", "1.294118"],
  ["on_top", "0.5", null, "0.000001", "0.000002"],
  ["within", "0.999999", "1", "100000", "200000000000"],
] as const)("bills by %s %s with tax %s", (kind, rate, tax, cost, expected) => {
  expect(decimal(billed(millionths(cost), of(kind, rate, tax)))).toBe(expected);
});

it("writes rates as people do", () => {
  expect(["0.2", "0.125", "10", "0.000001"].map(percentOf)).toEqual(["20", "12.5", "1000", "0.0001"]);
});

it("knows which term a day has, and until when each lasts", () => {
  const terms = ["2026-04-01", "2026-10-01"].map((from): CostTerm => ({ from, ...of("on_top", "0.2", null) }));
  expect(termOn(terms, "2026-03-31")).toBeUndefined();
  expect(termOn(terms, "2026-09-30")).toBe(terms[0]);
  expect(termOn(terms, "2026-10-01")).toBe(terms[1]);
  expect(daysOfTerms(terms).map(({ start, end }) => [start, end])).toEqual([
    ["2026-04-01", "2026-09-30"],
    ["2026-10-01", null],
  ]);
});

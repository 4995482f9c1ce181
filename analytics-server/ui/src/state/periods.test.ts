import { expect, it } from "vitest";
import { defaultGrain, grainSuits, usualLength } from "./periods";

it("offers the grains that give a readable picture of the range", () => {
  const suitable = (range: Parameters<typeof grainSuits>[1]) =>
    (["day", "week", "month", "quarter", "year"] as const).filter((grain) => grainSuits(grain, range));
  expect(suitable("last_7_days")).toEqual(["day"]);
  expect(suitable("last_30_days")).toEqual(["day", "week", "month"]);
  expect(suitable("last_90_days")).toEqual(["day", "week", "month", "quarter"]);
  expect(suitable("last_12_months")).toEqual(["week", "month", "quarter", "year"]);
});

it("draws days where they fit and months where they do not", () => {
  expect(defaultGrain("last_30_days")).toBe("day");
  expect(defaultGrain("last_year")).toBe("month");
});

it("measures custom ranges by their dates, both included", () => {
  expect(usualLength({ start: "2026-10-01", end: "2026-10-31" })).toBe(31);
  expect(usualLength("last_45_days")).toBe(45);
  expect(usualLength("last_14_complete_days")).toBe(14);
});

import { expect, it } from "vitest";
import type { Value } from "../../api/report-types";
import type { ChartFacts } from "../../charts/chart-facts";
import { drawn, kinds } from "./legend";

const value = (number: number | null, status: Value["status"]): Value => ({ value: number, status, covered: number === null ? 0 : 1 });
const facts = (current: Value[], previous: Value[] | null, before = 0) => ({ series: { current, previous, change: null }, before }) as ChartFacts;

it("has a colour only for what is drawn", () => {
  const missing = value(null, "missing");
  const shown = facts([value(1, "final")], [missing, missing]);
  expect([drawn(shown, "current"), drawn(shown, "previous")]).toEqual([true, false]);
  expect(drawn(facts([missing], null), "previous")).toBe(false);
  expect(drawn(null, "current")).toBe(false);
});

it("names the kinds that occur once the history has begun", () => {
  const found = kinds(facts([value(null, "missing"), value(1, "final"), value(2, "provisional")], null, 1));
  expect([...found].sort()).toEqual(["final", "provisional"]);
});

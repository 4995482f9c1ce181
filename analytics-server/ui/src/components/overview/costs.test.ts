import { expect, it } from "vitest";
import { metricValue } from "../../i18n/numbers";
import { readsText, usedShare } from "./reading-costs";

it("fills the meter up to its cap and not beyond", () => {
  expect(usedShare(12.5, 50)).toBe(0.25);
  expect(usedShare(60, 50)).toBe(1);
  expect(usedShare(0, 0)).toBe(1);
});

it("names what was read, also what has no name here", () => {
  const reads = [{ kind: "post", count: 1200 }, { kind: "user", count: 1 }, { kind: "media", count: 3 }];
  expect(readsText({ reads })).toBe("1,200 posts read, 1 profile read, 3 media");
  expect(readsText({ reads: [] })).toBe("");
});

it("writes dollars with two digits in both languages", () => {
  const dollars = { id: "", unit: "currency" as const };
  expect(metricValue(12.345, dollars, "USD", "en", "full")).toMatch(/^\$12\.3[45]$/);
  expect(metricValue(50, dollars, "USD", "ja", "full")).toBe("$50.00");
});

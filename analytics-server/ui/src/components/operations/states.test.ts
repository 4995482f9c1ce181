import { describe, expect, it } from "vitest";
import type { Operations, PlatformState } from "../../api/operations";
import { isWell, longWait, secondsBetween, standing } from "./states";

const platform = (changes: Partial<PlatformState> = {}): PlatformState => ({
  platform: "x",
  accounts: 3,
  due: 0,
  oldest_due: null,
  handed_over: 0,
  running: 0,
  failing: 0,
  needs_relink: 0,
  complete_through: "2026-11-25",
  lag_days: 1,
  pause: null,
  ...changes,
});
const error = { code: "unavailable", message: "no credits", operation: "posts", at: "2026-11-26T00:00:00Z" };
const operations = (changes: Partial<Operations> = {}): Operations => ({
  at: "2026-11-26T00:00:00Z",
  version: "1",
  workers: [],
  platforms: [platform()],
  budgets: [],
  failures: [],
  more_failures: false,
  ...changes,
});

describe("how a platform stands", () => {
  it("says the pause before everything else", () => {
    expect(standing(platform({ pause: { until: error.at, error }, lag_days: 9 }))).toBe("paused");
  });
  it("is behind only from the third day on: yesterday is read in the course of today", () => {
    expect([1, 2, 3].map((lag_days) => standing(platform({ lag_days })))).toEqual(["well", "well", "behind"]);
  });
  it("is beginning while an account has no day, and well without accounts", () => {
    expect(standing(platform({ lag_days: null }))).toBe("beginning");
    expect(standing(platform({ lag_days: null, accounts: 0 }))).toBe("well");
  });
});

describe("whether all is well", () => {
  it("is not said of nothing", () => {
    expect(isWell(operations({ platforms: [] }))).toBe(false);
  });
  it("is not said while an account waits for its user", () => {
    expect(isWell(operations())).toBe(true);
    expect(isWell(operations({ platforms: [platform({ needs_relink: 1 })] }))).toBe(false);
  });
});

it("long waits are told in days", () => {
  expect([86_400, 172_799, 172_800, 400_000].map(longWait)).toEqual([null, null, 2, 4]);
});

it("waits are never negative: clocks differ", () => {
  expect(secondsBetween("2026-11-26T00:00:00Z", "2026-11-26T00:01:30Z")).toBe(90);
  expect(secondsBetween("2026-11-26T00:01:00Z", "2026-11-26T00:00:00Z")).toBe(0);
});

import { describe, expect, it } from "vitest";
import { formatState, initialState, parseState, type DashboardState } from "./dashboard-url";

const full: DashboardState = {
  range: { start: "2026-10-01", end: "2026-10-31" },
  compare: { start: "2025-10-01", end: "2025-10-31" },
  grain: "week",
  metric: "roas",
  more: ["reach", "frequency"],
  drill: [
    { level: "campaign", id: "ent_1" },
    { level: "ad_group", id: "ent_2" },
  ],
  sort: "-clicks",
};

describe("the dashboard's address", () => {
  it("is empty for the usual state", () => {
    expect(formatState(initialState)).toBe("");
    expect(parseState("")).toEqual(initialState);
  });
  it("brings back everything it was given", () => {
    expect(parseState(`?${formatState(full)}`)).toEqual(full);
  });
  it.each<Partial<DashboardState>>([
    { compare: null },
    { range: "last_90_days" },
    { range: "this_quarter", grain: "month" },
    { compare: "previous_year_match_weekday" },
    { sort: "cpa" },
  ])("brings back %o", (change) => {
    const state = { ...initialState, ...change };
    expect(parseState(formatState(state))).toEqual(state);
  });
  it("leaves out a grain that the range would get anyway", () => {
    expect(formatState({ ...initialState, grain: "day" })).toBe("");
  });
  it("passes an unknown preset on, for the server to name the nearest", () => {
    expect(parseState("range=last_30_dayz").range).toBe("last_30_dayz");
  });
  it("takes no ad set without its campaign", () => {
    expect(parseState("ad_group=ent_2").drill).toEqual([]);
  });
  it("does not take impossible dates for a range", () => {
    expect(parseState("range=2026-02-30..2026-03-01").range).toBe("2026-02-30..2026-03-01");
  });
});

import { describe, expect, it } from "vitest";
import { formatState, initialState, parseState, type DashboardState } from "./dashboard-url";
import { parsePeriod, periodParts, queryText, usualRange } from "./period-url";

const ads = usualRange("ads");
const media = usualRange("media");

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
  posts: "period",
  by: "published",
};

describe("the dashboard's address", () => {
  it("is empty for the usual state", () => {
    expect(formatState(initialState(ads), ads)).toBe("");
    expect(parseState("", ads)).toEqual(initialState(ads));
  });
  it("brings back everything it was given", () => {
    expect(parseState(`?${formatState(full, ads)}`, ads)).toEqual(full);
  });
  it.each<Partial<DashboardState>>([
    { compare: null },
    { range: "last_90_days" },
    { range: "this_quarter", grain: "month" },
    { compare: "previous_year_match_weekday" },
    { sort: "cpa" },
    { sort: "-published_at", posts: "period" },
    { by: "published", metric: "impressions" },
  ])("brings back %o", (change) => {
    const state = { ...initialState(ads), ...change };
    expect(parseState(formatState(state, ads), ads)).toEqual(state);
  });
  it("leaves out a grain that the range would get anyway", () => {
    expect(formatState({ ...initialState(ads), grain: "day" }, ads)).toBe("");
  });
  it("passes an unknown preset on, for the server to name the nearest", () => {
    expect(parseState("range=last_30_dayz", ads).range).toBe("last_30_dayz");
  });
  it("draws days where it asks for something unknown", () => {
    expect(parseState("by=moon", media).by).toBe("day");
  });
  it("takes no ad set without its campaign", () => {
    expect(parseState("ad_group=ent_2", ads).drill).toEqual([]);
  });
  it("does not take impossible dates for a range", () => {
    expect(parseState("range=2026-02-30..2026-03-01", ads).range).toBe("2026-02-30..2026-03-01");
  });
});

describe("what is usual", () => {
  it("is the last complete days for media, where reach is exact, and the last thirty for ads", () => {
    expect(media).toBe("last_28_complete_days");
    expect(ads).toBe("last_30_days");
    expect(parseState("", media).range).toBe(media);
  });
  it("is left out of the address of its own family only", () => {
    expect(formatState(initialState(media), media)).toBe("");
    expect(formatState(initialState(media), ads)).toBe("range=last_28_complete_days");
    expect(formatState(initialState(ads), media)).toBe("range=last_30_days");
  });
  it("holds for a page that has nothing but a period", () => {
    const period = { range: "last_90_days", compare: null };
    const text = queryText(periodParts(period, media));
    expect(text).toBe("range=last_90_days&compare=none");
    expect(parsePeriod(new URLSearchParams(text), media)).toEqual(period);
  });
});

import { describe, expect, it } from "vitest";
import type { Account, Metric, Platform } from "../api/types";
import { askable, snapshotMetrics, withheld } from "./feeds";

const metric = (id: string, numerator: string | null = null, denominator: string | null = null) =>
  ({ id, kind: numerator ? "ratio" : "additive", numerator, denominator }) as Metric;
const platform = {
  feeds: [
    { kind: "daily", levels: ["account"], metrics: ["views", "reach", "engagements"] },
    { kind: "snapshot", levels: ["account"], metrics: ["followers", "reach"] },
    { kind: "snapshot", levels: ["post"], metrics: ["likes"] },
  ],
} as Platform;
const account = (not_offered: Account["not_offered"] = []) => ({ not_offered }) as Account;
const followers = metric("followers");
const views = metric("views");
const rate = metric("engagement_rate", "engagements", "views");

describe("what is told only as of now", () => {
  it("is what no daily feed of accounts gives as well", () => {
    expect([...snapshotMetrics(platform)]).toEqual(["followers"]);
    expect([...snapshotMetrics(undefined)]).toEqual([]);
  });
  it("is asked apart, so that it does not wait for the days of the rest", () => {
    const { daily, snapshot } = askable([followers, views, rate], account(), platform);
    expect(daily).toEqual([views, rate]);
    expect(snapshot).toEqual([followers]);
  });
});

describe("what an account does not get", () => {
  const none = account([{ metric: "engagements", reason: "missing_scope", scope: "insights" }]);
  it("is not asked for, nor are the ratios of it", () => {
    expect(askable([followers, views, rate], none, platform)).toEqual({ daily: [views], snapshot: [followers] });
  });
  it("says why", () => {
    expect(withheld(none, rate)?.reason).toBe("missing_scope");
    expect(withheld(none, views)).toBeNull();
  });
});

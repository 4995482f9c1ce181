import { describe, expect, it } from "vitest";
import type { Coverage } from "../api/data-types";
import type { Account, Metric, Platform } from "../api/types";
import { askable, beginsOnLinking, lastKept, linkingMetrics, snapshotMetrics, tellsPublished, withheld } from "./feeds";

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

describe("what begins on linking", () => {
  const x = {
    feeds: [
      { kind: "snapshot", levels: ["post"], metrics: ["impressions_lifetime", "impressions", "likes", "quotes"] },
      { kind: "snapshot", levels: ["account"], metrics: ["followers"] },
      { kind: "daily", levels: ["account"], metrics: ["posts"] },
    ],
    metrics: ["followers", "impressions", "likes", "posts", "engagement_rate"],
    post_totals: ["impressions_lifetime", "likes_lifetime"],
  } as unknown as Platform;
  it("is also what posts add up to, where no daily feed gives it", () => {
    expect([...linkingMetrics(x)]).toEqual(["impressions", "likes", "followers"]);
    expect([...linkingMetrics({ ...platform, metrics: ["views", "reach", "engagements", "followers"] })]).toEqual(["followers"]);
    expect(beginsOnLinking(metric("engagement_rate", "likes", "impressions"), x)).toBe(true);
    expect(beginsOnLinking(metric("posts"), x)).toBe(false);
    expect(beginsOnLinking(metric("posts"), undefined)).toBe(false);
  });
  it("is told by publish date where every post keeps a lifetime total of an amount", () => {
    const having = (levels: string[]) => ({ levels }) as Account;
    const told = (id: string, levels = ["account", "post"]) => tellsPublished(metric(id), having(levels), x);
    expect([told("impressions"), told("likes"), told("posts")]).toEqual([true, true, false]);
    expect(told("impressions", ["account"])).toBe(false);
    expect(tellsPublished({ id: "likes", kind: "stock" } as Metric, having(["account", "post"]), x)).toBe(false);
  });
});

describe("what an account does not get", () => {
  const none = account([{ metric: "engagements", reason: "missing_scope", scope: "insights" }]);
  it("is not asked for, nor are the ratios of it", () => {
    const refused = account([{ metric: "engagements", reason: "not_supported", scope: null }]);
    expect(askable([followers, views, rate], refused, platform)).toEqual({ daily: [views], snapshot: [followers], stopped: [] });
  });
  it("is asked apart where a permission is missing: days of before may be kept", () => {
    expect(askable([followers, views, rate], none, platform)).toEqual({ daily: [views], snapshot: [followers], stopped: [rate] });
  });
  it("says why", () => {
    expect(withheld(none, rate)?.reason).toBe("missing_scope");
    expect(withheld(none, views)).toBeNull();
  });
});

it("knows the last day that is kept of a metric, and of a ratio the last of both parts", () => {
  const run = (end: string, state: string) => ({ start: end, end, state });
  const feed = (metrics: string[], runs: object[], level = "account") => ({ level, metrics, runs });
  const coverage = {
    feeds: [
      feed(["engagements"], [run("2026-11-01", "final"), run("2026-11-03", "provisional"), run("2026-11-09", "failed")]),
      feed(["views"], [run("2026-11-20", "final")]),
      feed(["engagements"], [run("2026-11-22", "final")], "post"),
    ],
  } as unknown as Coverage;
  expect(lastKept(rate, coverage)).toBe("2026-11-03");
  expect(lastKept(views, coverage)).toBe("2026-11-20");
  expect(lastKept(followers, coverage)).toBeNull();
  expect(lastKept(views, undefined)).toBeNull();
});

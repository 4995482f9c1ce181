import { describe, expect, it } from "vitest";
import type { Bucket, Report, Series, Value } from "../api/report-types";
import type { Account, Metric, Platform } from "../api/types";
import { beginsWithin, chartBreaks, chartFacts, firstDay } from "./chart-facts";

const metric = (id: string, kind: Metric["kind"] = "additive", parts: string[] = []) =>
  ({ id, kind, numerator: parts[0] ?? null, denominator: parts[1] ?? null }) as Metric;
const followers = metric("followers", "stock");
const reach = metric("reach", "unique");

const platform = {
  feeds: [
    { id: "insights", kind: "daily", levels: ["account"], metrics: ["views", "reach"], history_days: 730 },
    { id: "profile", kind: "snapshot", levels: ["account"], metrics: ["followers"], history_days: 0 },
    { id: "posts", kind: "snapshot", levels: ["post"], metrics: ["views"], history_days: 0 },
  ],
  metrics: ["followers", "views", "reach"],
  breaks: [{ metric: "reach", date: "2026-06-15", reason: { en: "Counted anew.", ja: "定義が変わりました。" } }],
} as unknown as Platform;
/** Like X: of an account it tells no days at all, and its daily amounts are what its posts add up to. */
const postsOnly = {
  feeds: [
    { id: "posts", kind: "snapshot", levels: ["post"], metrics: ["impressions_lifetime", "impressions"], history_days: 365 },
    { id: "profile", kind: "snapshot", levels: ["account"], metrics: ["followers"], history_days: 0 },
    { id: "publications", kind: "daily", levels: ["account"], metrics: ["posts"], history_days: 365 },
  ],
  metrics: ["followers", "impressions", "posts"],
  breaks: [],
} as unknown as Platform;
const impressions = metric("impressions");
const account = (since: Record<string, string>, posts_since: string | null = null) =>
  ({ currency: null, since, posts_since, covered_from: "2025-11-01", not_offered: [] }) as unknown as Account;

const day = (date: string): Bucket => ({ start: date, end: date, whole: true });
const week = (start: string, end: string): Bucket => ({ start, end, whole: true });
const known = (value: number): Value => ({ value, status: "final", covered: 1 });
const missing: Value = { value: null, status: "missing", covered: 0 };

function report(id: string, buckets: Bucket[], current: Value[]): Report {
  const series: Series = { current, previous: null, change: null };
  return { buckets, comparison_buckets: [], totals: [{ kind: "entity", key: {}, labels: {}, totals: {}, series: { [id]: series } }] } as unknown as Report;
}

describe("a history that begins on linking", () => {
  it("begins on the day that the answer names, before anything else that is known", () => {
    const said = (since?: string | null) => ({ metrics: [{ id: "followers", since }] }) as unknown as Report;
    expect(firstDay(followers, said("2026-09-27"), account({ followers: "2026-09-26" }), platform)).toBe("2026-09-27");
    expect(firstDay(followers, said(null), account({ followers: "2026-09-26" }), platform)).toBeNull();
    expect(firstDay(followers, said(), account({ followers: "2026-09-26" }), platform)).toBe("2026-09-26");
  });
  it("is one of what the platform tells only as of now", () => {
    expect(firstDay(followers, undefined, account({ followers: "2026-09-26" }), platform)).toBe("2026-09-26");
    expect(firstDay(followers, undefined, account({}), platform)).toBeNull();
  });
  it("is one of what posts add up to, where the platform tells no days of the account", () => {
    expect(firstDay(impressions, undefined, account({}, "2026-09-27"), postsOnly)).toBe("2026-09-27");
    expect(firstDay(impressions, undefined, account({}), postsOnly)).toBeNull();
  });
  it("is no matter of a figure known per day, though its posts are counted since linking", () => {
    expect(firstDay(metric("views"), undefined, account({ views: "2026-09-26" }), platform)).toBe("2025-11-01");
    expect(firstDay(metric("posts"), undefined, account({}, "2026-09-27"), postsOnly)).toBe("2025-11-01");
  });
  it("leaves nothing to draw before its first reading, and gaps where it is known per day", () => {
    const buckets = [day("2026-09-24"), day("2026-09-25")];
    const of = (metric: Metric, on: Platform) => chartFacts(metric, report(metric.id, buckets, [missing, missing]), "day", account({}), on)?.before;
    expect(of(impressions, postsOnly)).toBe(2);
    expect(of(metric("views"), platform)).toBe(0);
  });
  it("is worth a word only where it leaves shown or compared days unknown", () => {
    const range = { start: "2026-09-20", end: "2026-09-30" };
    expect(beginsWithin("2026-09-26", [range, null])).toBe(true);
    expect(beginsWithin("2026-10-05", [range, null])).toBe(true);
    expect(beginsWithin("2026-09-20", [range, null])).toBe(false);
    expect(beginsWithin("2026-09-20", [range, { start: "2026-09-09", end: "2026-09-19" }])).toBe(true);
  });
  it("draws nothing for the buckets before it", () => {
    const buckets = [day("2026-09-24"), day("2026-09-25"), day("2026-09-26"), day("2026-09-27")];
    const facts = chartFacts(followers, report("followers", buckets, [missing, missing, known(10), known(11)]), "day", account({ followers: "2026-09-26" }), platform);
    expect(facts?.before).toBe(2);
    expect(facts?.buckets).toBe(buckets);
  });
  it("keeps the week that it begins in", () => {
    const buckets = [week("2026-09-14", "2026-09-20"), week("2026-09-21", "2026-09-27")];
    const facts = chartFacts(followers, report("followers", buckets, [missing, known(11)]), "week", account({ followers: "2026-09-26" }), platform);
    expect(facts?.before).toBe(1);
  });
});

describe("a day from which on a metric means something else", () => {
  const find = (buckets: Bucket[], comparison: (Bucket | null)[] = [], of = reach) =>
    chartBreaks(of, platform.breaks, buckets, comparison).map(({ side, at }) => [side, at]);

  it("stands at the left edge of its day and inside its week", () => {
    expect(find([day("2026-06-13"), day("2026-06-14"), day("2026-06-15"), day("2026-06-16")])).toEqual([["current", 2]]);
    expect(find([week("2026-06-05", "2026-06-11"), week("2026-06-12", "2026-06-18")])).toEqual([["current", 1 + 3 / 7]]);
  });
  it("is told of the compared range too, and where only the comparison crosses it", () => {
    const now = [day("2026-06-17"), day("2026-06-18")];
    expect(find(now, [day("2026-06-14"), day("2026-06-15")])).toEqual([["previous", 1]]);
    expect(find(now, [day("2026-06-12"), day("2026-06-13")])).toEqual([["between", null]]);
  });
  it("is no news on the first day of all", () => {
    expect(find([day("2026-06-15"), day("2026-06-16")])).toEqual([]);
    expect(find([day("2026-06-15")], [day("2026-06-14")])).toEqual([["current", 0]]);
    expect(find([day("2026-06-16")], [day("2026-06-15")])).toEqual([]);
  });
  it("breaks every ratio of the metric and no other metric", () => {
    const buckets = [day("2026-06-14"), day("2026-06-15")];
    expect(find(buckets, [], metric("frequency", "ratio", ["views", "reach"]))).toEqual([["current", 1]]);
    expect(find(buckets, [], metric("views"))).toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import type { Bucket, Report, Series, Value } from "../api/report-types";
import type { Account, Metric, Platform } from "../api/types";
import { beginsWithin, chartBreaks, chartFacts, countedSince } from "./chart-facts";

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
  breaks: [{ metric: "reach", date: "2026-06-15", reason: { en: "Counted anew.", ja: "定義が変わりました。" } }],
} as unknown as Platform;
const account = (since: Record<string, string>) => ({ currency: null, since, not_offered: [] }) as unknown as Account;

const day = (date: string): Bucket => ({ start: date, end: date, whole: true });
const week = (start: string, end: string): Bucket => ({ start, end, whole: true });
const known = (value: number): Value => ({ value, status: "final", covered: 1 });
const missing: Value = { value: null, status: "missing", covered: 0 };

function report(id: string, buckets: Bucket[], current: Value[]): Report {
  const series: Series = { current, previous: null, change: null };
  return { buckets, comparison_buckets: [], totals: [{ kind: "entity", key: {}, labels: {}, totals: {}, series: { [id]: series } }] } as unknown as Report;
}

describe("a history that begins on linking", () => {
  it("is one of what the platform tells only as of now", () => {
    expect(countedSince(followers, account({ followers: "2026-09-26" }), platform)).toBe("2026-09-26");
    expect(countedSince(followers, account({}), platform)).toBeNull();
  });
  it("is no matter of a figure known per day, though its posts are counted since linking", () => {
    expect(countedSince(metric("views"), account({ views: "2026-09-26" }), platform)).toBeUndefined();
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

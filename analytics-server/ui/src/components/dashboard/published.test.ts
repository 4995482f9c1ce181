import { expect, it } from "vitest";
import type { Published } from "../../api/report-types";
import type { Account, Metric, Platform, Session } from "../../api/types";
import { bucketWord } from "../../charts/chart-words";
import { initialState } from "../../state/dashboard-url";
import { collectedValue, drawsPublished, publishedFacts, publishedRequest } from "./published";

const metric = (id: string, kind: Metric["kind"] = "additive") => ({ id, kind }) as Metric;
const impressions = metric("impressions");
const account = { id: "acc_1", levels: ["account", "post"] } as Account;
const platform = { post_totals: ["impressions_lifetime", "likes_lifetime", "followers_lifetime"] } as Platform;
const session = { workspace: { week_start: "sunday", fiscal_year_start: 4 } } as Session;
const state = { ...initialState("last_28_days"), by: "published" as const };
const bucket = (start: string, end: string) => ({ start, end, whole: true });

it("falls back to days, silently, for a metric that posts keep no total of", () => {
  expect(drawsPublished(impressions, state, account, platform)).toBe(true);
  expect(drawsPublished(metric("posts"), state, account, platform)).toBe(false);
  expect(drawsPublished(undefined, state, account, platform)).toBe(false);
  expect(drawsPublished(impressions, { ...state, by: "day" }, account, platform)).toBe(false);
  expect(drawsPublished(impressions, state, account, undefined)).toBe(false);
});

it("asks for all tabs that can be told so, and compares with nothing", () => {
  const asked = publishedRequest([metric("followers", "stock"), impressions, metric("likes"), metric("posts")], { ...state, grain: "week" }, account, platform, session);
  expect(asked).toEqual({ accounts: ["acc_1"], metrics: ["impressions", "likes"], range: "last_28_days", grain: "week", week_start: "sunday", fiscal_year_start: 4 });
});

it("takes no posts for nothing to miss, and posts without a figure for a gap", () => {
  expect(collectedValue({ value: null, status: "missing", posts: 0 }).status).toBe("final");
  expect(collectedValue({ value: null, status: "missing", posts: 2 }).status).toBe("missing");
  expect(collectedValue({ value: 0, status: "partial", posts: 2 })).toEqual({ value: 0, status: "partial", covered: 1 });
});

it("draws one series from the oldest publication that was looked at", () => {
  const answer = {
    buckets: [bucket("2026-09-14", "2026-09-20"), bucket("2026-09-21", "2026-09-27")],
    series: { impressions: [{ value: null, status: "missing", posts: 0 }, { value: 1200, status: "final", posts: 31 }] },
    since: "2026-09-22",
  } as unknown as Published;
  const facts = publishedFacts(impressions, answer, "week");
  expect(facts?.series.previous).toBeNull();
  expect(facts?.before).toBe(1);
  expect(facts && [bucketWord(facts, 0), bucketWord(facts, 1)]).toEqual(["not included", "31 posts"]);
  expect(publishedFacts(metric("likes"), answer, "week")).toBeNull();
});

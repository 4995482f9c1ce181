import { describe, expect, it } from "vitest";
import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform } from "../../api/types";
import { words } from "../../i18n";
import { beginning, beginningWords, beginsInside, startsTomorrow } from "./history-begins";

const impressions = { id: "impressions", kind: "additive" } as Metric;
const followers = { id: "followers", kind: "stock", label: { en: "Followers", ja: "フォロワー数" } } as Metric;
const x = {
  name: { en: "X", ja: "X" },
  feeds: [
    { kind: "snapshot", levels: ["post"], metrics: ["impressions"] },
    { kind: "snapshot", levels: ["account"], metrics: ["followers"] },
  ],
  metrics: ["impressions", "followers"],
} as unknown as Platform;
const daily = { ...x, feeds: [{ kind: "daily", levels: ["account"], metrics: ["impressions"] }] } as unknown as Platform;
/** Tells days, but no followers of them. */
const instagram = { ...x, name: { en: "Instagram", ja: "Instagram" }, feeds: [...daily.feeds, ...x.feeds] } as unknown as Platform;
const account = (backfilling = false) =>
  ({ sync: { backfilling }, linked_at: "2026-09-25T16:00:00Z", time_zone: "Asia/Tokyo", since: {}, posts_since: null, covered_from: null }) as unknown as Account;

function report(since: string | null, id = "impressions"): Report {
  const query = { range: { start: "2026-09-20", end: "2026-09-30" }, comparison: { start: "2026-09-09", end: "2026-09-19" } };
  return { query, metrics: [{ id, since }] } as unknown as Report;
}

describe("the day on which a history begins", () => {
  it("counts where it leaves shown or compared days unknown", () => {
    expect(beginning(impressions, report("2026-09-26"), account(), daily)).toBe("2026-09-26");
    expect(beginning(impressions, report("2026-09-12"), account(), daily)).toBe("2026-09-12");
    expect(beginning(impressions, report("2026-09-09"), account(), daily)).toBeNull();
  });
  it("is not told while older days are still to come", () => {
    expect(beginning(impressions, report("2026-09-26"), account(true), daily)).toBeNull();
  });
  it("is why there is no change only where the shown days reach it", () => {
    expect(beginsInside(impressions, report("2026-09-26"), account(), daily)).toBe("2026-09-26");
    expect(beginsInside(impressions, report("2026-10-02"), account(), daily)).toBeNull();
  });
});

describe("its words", () => {
  const of = (metric: Metric, since: string | null, platform: Platform, today = "2026-09-30") => beginningWords(metric, report(since, metric.id), account(), platform, today);
  const t = words.value.history;
  it("name the platform where linking is the reason", () => {
    expect(of(impressions, "2026-09-26", x)).toEqual({ text: "Data since 26 Sep 2026", reason: "X tells no daily figures of earlier days." });
    expect(of(followers, "2026-09-26", instagram)?.reason).toBe("Instagram tells no followers of earlier days.");
    expect(of(impressions, "2026-09-26", daily)).toEqual({ text: "Data since 26 Sep 2026", reason: null });
    expect(of(impressions, null, daily)).toBeNull();
  });
  it("promise an amount for tomorrow on the day of linking alone, by the account's own day", () => {
    expect(of(impressions, null, x, "2026-09-26")?.text).toBe(t.tomorrow);
    expect(of(impressions, null, x, "2026-09-27")?.text).toBe(t.firstReading);
    expect(of(followers, null, x, "2026-09-26")?.text).toBe(t.firstReading);
    expect(startsTomorrow(account(), x, "2026-09-26")).toBe(true);
    expect(startsTomorrow(account(), daily, "2026-09-26")).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform, Session } from "../../api/types";
import { lackingFigure, missingPermission } from "./permissions";
import { accountRow, addsUp, groupAccounts, overviewMetrics, overviewRequests, totalOf } from "./requests";
import { sparkPath } from "./spark-path";

const account = (id: string, family: Account["family"], currency: string | null, state: Account["state"] = "active") =>
  ({
    id,
    family,
    currency,
    state,
    platform: family === "ads" ? "facebook_ads" : "instagram",
    metrics: ["spend", "followers", "views", "reach"],
    complete_through: null,
    since: {},
    not_offered: [],
  }) as unknown as Account;
const without = (one: Account, ...metrics: string[]): Account => ({ ...one, not_offered: metrics.map((metric) => ({ metric, reason: "missing_scope", scope: "read_insights" })) });
const metric = (id: string, kind: Metric["kind"]) => ({ id, kind }) as Metric;
const [followers, views, reach] = [metric("followers", "stock"), metric("views", "additive"), metric("reach", "unique")];
const platforms = [
  { id: "instagram", feeds: [{ kind: "snapshot", levels: ["account"], metrics: ["followers"] }] },
  { id: "x", feeds: [{ kind: "snapshot", levels: ["account"], metrics: ["views"] }] },
] as Platform[];
const days = { range: "last_28_complete_days", compare: "previous_period" };
const session = { workspace: { week_start: "monday", fiscal_year_start: 1 } } as Session;
const media = { metrics: [followers, views, reach], platforms, session, period: days };

describe("all accounts", () => {
  it("stand together by family and, where money counts, by currency", () => {
    const accounts = [account("a", "media", null), account("b", "ads", "JPY"), account("c", "ads", "USD"), account("d", "ads", "JPY"), account("e", "ads", "JPY", "archived")];
    expect(groupAccounts(accounts).map(({ family, currency, accounts }) => [family, currency, accounts.map(({ id }) => id)])).toEqual([
      ["ads", "JPY", ["b", "d"]],
      ["ads", "USD", ["c"]],
      ["media", null, ["a"]],
    ]);
  });
  it("have the columns that one of them has", () => {
    const catalogue = new Map([followers, views, reach, metric("engagements", "additive")].map((one) => [one.id, one]));
    expect(overviewMetrics("media", [account("a", "media", null)], catalogue)).toEqual([followers, views, reach]);
  });
  it("are asked in one report a family, apart from what is told only as of now", () => {
    const asked = { accounts: [account("a", "media", null), account("b", "media", null)], ...media };
    const { daily, snapshot } = overviewRequests({ ...asked, through: "2026-11-22" });
    expect(daily).toMatchObject({ accounts: ["a", "b"], metrics: ["views", "reach"], grain: "day", group_by: ["account"], range: "last_28_complete_days" });
    expect(snapshot).toMatchObject({ metrics: ["followers"], grain: null, range: "last_28_complete_days", complete_through: "2026-11-22" });
    expect(overviewRequests({ ...asked, through: undefined }).snapshot).toBeNull();
  });
  it("say of a figure that a platform does not have that it is not offered", () => {
    const one = account("a", "media", null);
    expect(lackingFigure(one, views)).toBeUndefined();
    expect(lackingFigure(without(one, "views"), views)?.reason).toBe("missing_scope");
    expect(lackingFigure(one, metric("impressions", "additive"))?.reason).toBe("not_supported");
  });
  it("do without those that a permission is missing for, but keep showing what was stored of them", () => {
    const [whole, partly] = [account("a", "media", null), without(account("b", "media", null), "views")];
    const never = without(account("c", "media", null), "views", "reach");
    const formerly = { ...without(account("d", "media", null), "views", "reach"), complete_through: "2026-10-01" };
    const { daily, snapshot, withheld } = overviewRequests({ accounts: [whole, partly, never, formerly], ...media, through: "2026-11-22" });
    expect(daily?.accounts).toEqual(["a", "b"]);
    expect(snapshot?.accounts).toEqual(["a", "b", "c", "d"]);
    expect(withheld).toMatchObject({ accounts: ["d"], metrics: ["followers", "views", "reach"], complete_through: "2026-11-22" });
    expect([whole, partly].map((one) => missingPermission(one, media.metrics))).toEqual([null, "read_insights"]);
  });
  it("show what is told only as of now as soon as one of them has it", () => {
    const slow = { ...account("a", "media", null), complete_through: "2026-11-22", since: { followers: "2026-11-24" } };
    const asked = (range: string, through: string, accounts = [slow, quick]) =>
      overviewRequests({ accounts, ...media, period: { range, compare: null }, through }).snapshot;
    const quick = { ...account("b", "media", null), complete_through: "2026-11-23" };
    expect(asked("last_28_complete_days", "2026-11-22")).toMatchObject({ range: { start: "2026-10-28", end: "2026-11-24" }, complete_through: "2026-11-24" });
    expect(asked("last_month", "2026-11-22")).toMatchObject({ range: "last_month", complete_through: "2026-11-24" });
    expect(asked("last_28_complete_days", "2026-11-24")).toMatchObject({ range: "last_28_complete_days", complete_through: "2026-11-24" });
  });
  it("add up amounts and levels, never people", () => {
    expect([followers, views, reach, metric("ctr", "ratio")].map(addsUp)).toEqual([true, true, false, false]);
  });
  it("are found in the answer by account, their totals by currency", () => {
    const group = (key: Record<string, string>) => ({ kind: "entity" as const, key, labels: {}, totals: {}, series: null });
    const report = { groups: [group({ account: "a" }), group({ account: "b" })], totals: [group({ currency: "JPY" }), group({ currency: "USD" })] } as unknown as Report;
    expect(accountRow(report, "b")).toBe(report.groups[1]);
    expect(accountRow(report, "z")).toBeUndefined();
    expect(totalOf(report, "USD")).toBe(report.totals[1]);
    expect(totalOf({ ...report, totals: [group({})] }, "JPY")?.key).toEqual({});
  });
});

describe("a small chart", () => {
  it("leaves a gap where a value is missing and keeps a lonely value as a point", () => {
    const { lines, areas, points } = sparkPath([0, 10, null, 5, null], 80, 20);
    expect(lines).toEqual(["M0 20L20 0"]);
    expect(areas).toEqual(["M0 20L20 0L20 20L0 20Z"]);
    expect(points).toEqual([[60, 10]]);
  });
  it("lies flat on the base line where nothing happened", () => {
    expect(sparkPath([0, 0], 80, 20).lines).toEqual(["M0 20L80 20"]);
    expect(sparkPath([], 80, 20)).toEqual({ lines: [], areas: [], points: [] });
  });
});

import { expect, it } from "vitest";
import type { Report } from "../../api/report-types";
import type { Account, Metric, Platform } from "../../api/types";
import { beginnings } from "./beginnings";

const metric = (id: string) => ({ id, kind: "additive" }) as Metric;
const account = (platform: string, metrics: string[], backfilling = false) => ({ platform, metrics, sync: { backfilling } }) as unknown as Account;
const x = { id: "x", feeds: [{ kind: "snapshot", levels: ["account"], metrics: ["followers", "engagements"] }], metrics: ["followers", "engagements"] } as unknown as Platform;
const instagram = { id: "instagram", feeds: [{ kind: "snapshot", levels: ["account"], metrics: ["followers"] }], metrics: ["followers"] } as unknown as Platform;
const shown = [metric("followers"), metric("views"), metric("engagements")];
const since = { followers: "2026-09-26", views: "2024-01-01", engagements: "2026-09-26" };
const report = { query: { range: { start: "2026-09-20", end: "2026-09-30" }, comparison: null }, metrics: Object.entries(since).map(([id, since]) => ({ id, since })) } as unknown as Report;

it("puts figures that begin on the same day in one line, with the platforms that are the reason", () => {
  const lines = beginnings([account("x", ["followers", "engagements"]), account("instagram", ["followers", "views"])], shown, () => report, [x, instagram]);
  expect(lines.map(({ since, metrics, platforms }) => [since, metrics.map(({ id }) => id), platforms.map(({ id }) => id)])).toEqual([["2026-09-26", ["followers", "engagements"], ["x", "instagram"]]]);
});

it("says nothing while an account still collects its history, or where the answer does not say", () => {
  expect(beginnings([account("x", ["followers", "engagements"], true)], shown, () => report, [x])).toEqual([]);
  expect(beginnings([account("x", ["followers"])], shown, () => undefined, [x])).toEqual([]);
  const silent = { ...report, metrics: [{ id: "followers" }] } as unknown as Report;
  expect(beginnings([account("x", ["followers"])], shown, () => silent, [x])).toEqual([]);
});

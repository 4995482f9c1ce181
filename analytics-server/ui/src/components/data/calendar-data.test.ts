import { describe, expect, it } from "vitest";
import type { CoverageRun } from "../../api/data-types";
import type { Account } from "../../api/types";
import { awaited, calendarMonths, countDays, dayRuns, firstWeekday, neighbour } from "./calendar-data";

const run = (start: string, end: string, state: CoverageRun["state"]): CoverageRun => ({
  start,
  end,
  state,
  first_fetched_at: null,
  last_fetched_at: null,
  code: null,
  reason: null,
});
const runs = [
  run("2026-10-01", "2026-10-04", "missing"),
  run("2026-10-05", "2026-10-10", "final"),
  run("2026-10-11", "2026-10-11", "missing"),
  run("2026-10-12", "2026-10-12", "failed"),
  run("2026-10-13", "2026-11-02", "provisional"),
  run("2026-11-03", "2026-11-04", "missing"),
];
const states = (kind: "daily" | "snapshot", older: boolean, newer = true) => dayRuns({ runs, kind }, { older, newer }).map(({ start, state }) => [start, state]);
const known = [
  ["2026-10-05", "final"],
  ["2026-10-11", "gap"],
  ["2026-10-12", "failed"],
  ["2026-10-13", "provisional"],
  ["2026-11-03", "waiting"],
];

describe("the days of a feed", () => {
  it("begin with its history, and a hole in it is a gap", () => {
    expect(states("daily", false)).toEqual(known);
  });
  it("are on their way before the oldest known one while the history is loading", () => {
    expect(states("daily", true)).toEqual([["2026-10-01", "waiting"], ...known]);
  });
  it("are not waited for once the account is unlinked", () => {
    const archived = awaited({ state: "archived", sync: { backfilling: true } } as Account);
    expect(dayRuns({ runs, kind: "daily" }, archived).map(({ state }) => state)).not.toContain("waiting");
    expect(awaited({ state: "active", sync: { backfilling: true } } as Account)).toEqual({ newer: true, older: true });
  });
  it("never reach back before linking where only the present is told", () => {
    expect(states("snapshot", true)).toEqual(known);
  });
  it("are none before the first reading", () => {
    const nothing = { runs: [run("2026-10-01", "2026-10-04", "missing")], kind: "daily" as const };
    expect(dayRuns(nothing, { newer: true, older: false })).toEqual([]);
    expect(dayRuns(nothing, { newer: true, older: true }).map(({ state }) => state)).toEqual(["waiting"]);
  });
  it("are counted by state", () => {
    expect(countDays(dayRuns({ runs, kind: "daily" }, { newer: true, older: false }))).toEqual({ final: 6, provisional: 21, failed: 1, gap: 1, waiting: 2 });
  });
});

describe("the calendar", () => {
  const months = calendarMonths(dayRuns({ runs, kind: "daily" }, { newer: true, older: false }), "monday");
  it("shows the newest month first and each month from its first day", () => {
    expect(months.map(({ start, days }) => [start, days[0]?.date, days.length])).toEqual([
      ["2026-11-01", "2026-11-01", 4],
      ["2026-10-01", "2026-10-05", 27],
    ]);
  });
  it("puts every day below its weekday, whichever begins the week", () => {
    // 1 November 2026 is a Sunday.
    expect(months[0]?.lead).toBe(6);
    expect(calendarMonths(dayRuns({ runs, kind: "daily" }, { newer: true, older: false }), "sunday")[0]?.lead).toBe(0);
    expect(months[1]?.lead).toBe(0);
    expect(firstWeekday("saturday")).toBe(6);
  });
  it("is walked through by days and weeks and ends at its ends", () => {
    const days = ["2026-11-01", "2026-11-02", "2026-11-03"];
    expect(neighbour(days, null, "ArrowLeft")).toBe("2026-11-03");
    expect(neighbour(days, "2026-11-03", "ArrowLeft")).toBe("2026-11-02");
    expect(neighbour(days, "2026-11-03", "ArrowUp")).toBe("2026-11-01");
    expect(neighbour(days, "2026-11-02", "End")).toBe("2026-11-03");
    expect(neighbour(days, "2026-11-02", "Enter")).toBeNull();
  });
});

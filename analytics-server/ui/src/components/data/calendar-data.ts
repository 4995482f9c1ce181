import type { CoverageRun, FeedCoverage } from "../../api/data-types";
import type { Account } from "../../api/types";
import { addDays, weekdayNumber } from "../../i18n/dates";

/** `gap`: a day between known ones that is not here; `waiting`: one that is still to come. */
export type DayState = "final" | "provisional" | "failed" | "gap" | "waiting";

export interface DayRun extends Omit<CoverageRun, "state"> {
  state: DayState;
}

export interface CalendarDay {
  date: string;
  run: DayRun;
}

export interface CalendarMonth {
  /** Its first day, of this calendar or not. */
  start: string;
  /** Empty places before the first day. */
  lead: number;
  days: CalendarDay[];
}

/** Which days that are not here are still fetched: none of an account that was unlinked. */
export interface Awaited {
  /** Those after the newest known one. */
  newer: boolean;
  /** Those before the oldest, while the history is loading. */
  older: boolean;
}

export const awaited = ({ state, sync }: Pick<Account, "state" | "sync">): Awaited => ({
  newer: state !== "archived",
  older: state !== "archived" && sync.backfilling,
});

/**
 * The runs of a feed, the oldest first. Missing days after the newest known one are not closed yet; those before the
 * oldest are on their way during a backfill, which begins with the newest, and otherwise lie before the history.
 */
export function dayRuns({ runs, kind }: Pick<FeedCoverage, "runs" | "kind">, { newer, older }: Awaited): DayRun[] {
  const known = runs.flatMap(({ state }, index) => (state === "missing" ? [] : [index]));
  const [oldest, newest] = [known[0] ?? runs.length, known.at(-1) ?? -1];
  return runs.flatMap((run, index): DayRun[] => {
    const { state } = run;
    if (state !== "missing") return [{ ...run, state }];
    if (index > newest) return newer && (known.length > 0 || older) ? [{ ...run, state: "waiting" }] : [];
    if (index < oldest) return older && kind === "daily" ? [{ ...run, state: "waiting" }] : [];
    return [{ ...run, state: "gap" }];
  });
}

export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** The workspace's first day of the week, 0 for Sunday. */
export const firstWeekday = (weekStart: string): number => Math.max(0, weekdays.indexOf(weekStart));

/** The months of some runs, the newest first, each with its days from the first on. */
export function calendarMonths(runs: DayRun[], weekStart: string): CalendarMonth[] {
  const months = new Map<string, CalendarMonth>();
  for (const run of runs) {
    for (let date = run.start; date <= run.end; date = addDays(date, 1)) {
      const start = `${date.slice(0, 7)}-01`;
      const month = months.get(start) ?? { start, lead: (weekdayNumber(date) - firstWeekday(weekStart) + 7) % 7, days: [] };
      month.days.push({ date, run });
      months.set(start, month);
    }
  }
  return [...months.values()].reverse();
}

/** How many days there are of each state. */
export function countDays(runs: DayRun[]): Record<DayState, number> {
  const counts: Record<DayState, number> = { final: 0, provisional: 0, failed: 0, gap: 0, waiting: 0 };
  for (const { start, end, state } of runs) {
    for (let date = start; date <= end; date = addDays(date, 1)) counts[state] += 1;
  }
  return counts;
}

/** Where a key leads from a day: days and weeks back and forth, the first and the last one. */
export function neighbour(days: string[], from: string | null, key: string): string | null {
  const newest = days.at(-1) ?? null;
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7, PageUp: 28, PageDown: -28 };
  if (key === "Home") return days[0] ?? null;
  if (key === "End") return newest;
  const step = steps[key];
  if (step === undefined) return null;
  if (from === null) return newest;
  const to = Math.max(0, Math.min(days.length - 1, days.indexOf(from) + step));
  return days[to] ?? null;
}

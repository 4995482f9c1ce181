import type { DateRange, ResolvedRange } from "../../api/report-types";

/** A range that holds at least one day, or null. */
export function resolvedRange(range: ResolvedRange | null | undefined): DateRange | null {
  return range?.start && range.end ? { start: range.start, end: range.end } : null;
}

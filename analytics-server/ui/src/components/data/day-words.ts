import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import type { DayRun } from "./calendar-data";
import { failureKind } from "./failure-kind";

/** When the days of a run were read last, or tried in vain. */
export function readText({ state, last_fetched_at }: DayRun, timeZone: string, today: string): string | null {
  const t = words.value.data;
  return last_fetched_at && (state === "failed" ? t.tried : t.read)(momentLabel(last_fetched_at, timeZone, language.value, today));
}

/** What was wrong with days that could not be read, as a sentence; null of all others. */
export function failureText({ state, reason }: DayRun): string | null {
  if (state !== "failed") return null;
  return reason === null ? words.value.data.failedUnknown : words.value.banner.errors[failureKind(reason)];
}

export const stateText = ({ state }: DayRun): string => words.value.data.states[state];

import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import type { DayRun } from "./calendar-data";

/** When the days of a run were read last, or tried in vain. */
export function readText({ state, last_fetched_at }: DayRun, timeZone: string, today: string): string | null {
  const t = words.value.data;
  return last_fetched_at && (state === "failed" ? t.tried : t.read)(momentLabel(last_fetched_at, timeZone, language.value, today));
}

/** What was wrong with days that could not be read, as a sentence; null of all others. */
export function failureText({ state, code }: DayRun): string | null {
  if (state !== "failed") return null;
  const sentences: Record<string, string> = words.value.banner.errors;
  return sentences[code ?? ""] ?? words.value.data.failedUnknown;
}

export const stateText = ({ state }: DayRun): string => words.value.data.states[state];

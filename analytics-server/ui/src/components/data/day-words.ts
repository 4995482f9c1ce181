import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import type { DayRun } from "./calendar-data";

/** When the days of a run were read last. */
export function readText({ last_fetched_at }: DayRun, timeZone: string, today: string): string | null {
  return last_fetched_at && words.value.data.read(momentLabel(last_fetched_at, timeZone, language.value, today));
}

export const stateText = ({ state }: DayRun): string => words.value.data.states[state];

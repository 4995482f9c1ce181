import type { Report, ReportWarning } from "../../api/report-types";
import type { Account, Metric } from "../../api/types";
import { words } from "../../i18n";

/** What a cell says itself needs no word below its table. */
const saidInCells = new Set(["not_offered"]);

/**
 * What the answers have to say of a group: what concerns some of its accounts names them, and what concerns accounts of
 * other groups alone stands with those.
 */
export function groupWarnings(reports: (Report | undefined)[], accounts: Account[]): string[] {
  const { list, colon, warnings } = words.value;
  const known: Record<string, string> = warnings;
  const text = ({ code, message, accounts: concerned = [] }: ReportWarning): string[] => {
    if (saidInCells.has(code)) return [];
    const sentence = known[code] ?? message;
    if (concerned.length === 0) return [sentence];
    const names = accounts.filter(({ id }) => concerned.includes(id)).map(({ name }) => name);
    return names.length > 0 ? [names.join(list) + colon + sentence] : [];
  };
  return [...new Set(reports.flatMap((report) => report?.warnings ?? []).flatMap(text))];
}

/** The answers that a group's columns came with. */
export const answersOf = (metrics: Metric[], reportOf: (metric: Metric) => Report | undefined): (Report | undefined)[] => [...new Set(metrics.map(reportOf))];

import type { CostTerm, FeeKind } from "../../api/types";
import { isPlainDate } from "../../i18n/dates";
import { decimal, millionths, percentOf, unit } from "../../state/cost-terms";

/** A term as it is being typed: rates in percent. */
export interface TermRow {
  key: number;
  from: string;
  kind: FeeKind | "none";
  rate: string;
  taxed: boolean;
  tax: string;
}

export const usualTax = "10";

let rows = 0;
export const newRow = (from: string): TermRow => ({ key: rows++, from, kind: "on_top", rate: "", taxed: true, tax: usualTax });

export const rowOf = ({ from, fee, tax }: CostTerm): TermRow => ({
  ...newRow(from),
  kind: fee?.kind ?? "none",
  rate: fee ? percentOf(fee.rate) : "",
  taxed: tax !== null,
  tax: tax ? percentOf(tax) : usualTax,
});

/** Typed percent as a share of one; zero where it is none. Japanese keyboards type full-width digits and signs. */
function shareOf(percent: string): bigint {
  const text = percent.normalize("NFKC").replace(/[\s%]/g, "");
  return /^\d{1,4}(\.\d{1,4})?$/.test(text) ? millionths(text) / 100n : 0n;
}

/** The greatest shares that can be billed. */
const most = { on_top: 10n * unit, within: unit - 1n, tax: unit };

const wrongShare = (percent: string, kind: keyof typeof most): boolean => {
  const share = shareOf(percent);
  return share === 0n || share > most[kind];
};

export type RowProblem = "from" | "twice" | keyof typeof most;

/** What is wrong with the rates of a term. */
export function rateProblems({ kind, rate, taxed, tax }: TermRow): Record<string, RowProblem> {
  return {
    ...(kind !== "none" && wrongShare(rate, kind) && { rate: kind }),
    ...(taxed && wrongShare(tax, "tax") && { tax: "tax" as const }),
  };
}

/** What is wrong with the entries, under `<key>.<entry>`. */
export function problemsOf(rows: TermRow[]): Record<string, RowProblem> {
  const found: Record<string, RowProblem> = {};
  const days = new Set<string>();
  for (const row of rows) {
    const { key, from } = row;
    if (!isPlainDate(from)) found[`${key}.from`] = "from";
    else if (days.has(from)) found[`${key}.from`] = "twice";
    days.add(from);
    for (const [entry, problem] of Object.entries(rateProblems(row))) found[`${key}.${entry}`] = problem;
  }
  return found;
}

export const inOrder = (rows: TermRow[]): TermRow[] => [...rows].sort((one, other) => one.from.localeCompare(other.from));

/** The term of a row that has no problems. */
export const termOf = ({ from, kind, rate, taxed, tax }: TermRow): CostTerm => ({
  from,
  fee: kind === "none" ? null : { kind, rate: decimal(shareOf(rate)) },
  tax: taxed ? decimal(shareOf(tax)) : null,
});

/** Which entry the server means with a path such as `terms[1].fee.rate`. */
export function entryAt(path: string, rows: TermRow[]): string | null {
  const [, index, entry] = /^terms\[(\d+)\]\.(from|fee|tax)/.exec(path) ?? [];
  const row = rows[Number(index)];
  return row ? `${row.key}.${entry === "fee" ? "rate" : entry}` : null;
}

/** Fee and tax of ad accounts, reckoned exactly: in millionths, as integers. */
import type { CostTerm } from "../api/types";
import { addDays } from "../i18n/dates";

/** The metric that fee and tax make of the spend. */
export const billedSpend = "billed_spend";

export const unit = 1_000_000n;

/** Exact millionths of decimal text. */
export function millionths(text: string): bigint {
  const [whole = "", rest = ""] = text.split(".");
  return BigInt(whole + rest.padEnd(6, "0"));
}

export const decimal = (millionths: bigint): string =>
  `${millionths / unit}.${String(millionths % unit).padStart(6, "0")}`.replace(/\.?0+$/, "");

/** "12.5" of the share "0.125". */
export const percentOf = (share: string): string => decimal(millionths(share) * 100n);

/** What a cost is billed as, rounded once, half up. */
export function billed(cost: bigint, { fee, tax }: Pick<CostTerm, "fee" | "tax">): bigint {
  const rate = fee ? millionths(fee.rate) : 0n;
  const within = fee?.kind === "within";
  const above = cost * (within ? unit : unit + rate) * (unit + (tax ? millionths(tax) : 0n));
  const below = (within ? unit - rate : unit) * unit;
  return (2n * above + below) / (2n * below);
}

export const termOn = (terms: CostTerm[], day: string): CostTerm | undefined => terms.findLast(({ from }) => from <= day);

/** A term with its days; the last one has no end. */
export interface TermDays {
  term: CostTerm;
  start: string;
  end: string | null;
}

export const daysOfTerms = (terms: CostTerm[]): TermDays[] =>
  terms.map((term, index) => ({ term, start: term.from, end: terms[index + 1] ? addDays(terms[index + 1]!.from, -1) : null }));

import type { Account, CostTerm } from "../../api/types";
import type { DateRange } from "../../api/report-types";
import { words } from "../../i18n";
import { fullDay, rangeLabel } from "../../i18n/dates";
import { metricValue } from "../../i18n/numbers";
import { billed, daysOfTerms, percentOf, unit, type TermDays } from "../../state/cost-terms";
import { language } from "../../state/preferences";

/** "20% fee on top of spend, 10% tax" */
export function termText({ fee, tax }: CostTerm): string {
  const t = words.value.terms;
  const percent = (share: string) => `${percentOf(share)}%`;
  return [fee && t.fees[fee.kind](percent(fee.rate)), tax && t.tax(percent(tax))].filter(Boolean).join(words.value.list) || t.neither;
}

const exampleCost = 100_000n * unit;

/** What a round sum is billed as. */
export function exampleText(term: CostTerm, { currency }: Account): string {
  const text = (amount: bigint) => metricValue(Number(amount) / Number(unit), { id: "spend", unit: "currency" }, currency, language.value, "full");
  return words.value.terms.example(text(exampleCost), text(billed(exampleCost, term)));
}

export const daysText = ({ start, end }: TermDays): string =>
  end ? rangeLabel({ start, end }, language.value) : words.value.terms.since(fullDay(start, language.value));

/** What is billed within some days, for those who look at the sum. */
export function termNotes({ cost_terms }: Account, { start, end }: DateRange): string[] {
  const t = words.value;
  const [first] = cost_terms;
  const line = (days: string, text: string) => days + t.colon + text;
  const within = daysOfTerms(cost_terms).filter((days) => days.start <= end && (days.end === null || days.end >= start));
  return [
    ...(first && start < first.from ? [line(t.terms.before(fullDay(first.from, language.value)), t.terms.neither)] : []),
    ...within.map((days) => line(daysText(days), termText(days.term))),
  ];
}

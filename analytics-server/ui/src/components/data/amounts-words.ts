import type { Amounts } from "../../api/data-types";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";

/** What is stored of an account, line by line; what there is none of is left out. */
export function amountsInWords(amounts: Amounts, { family, provider }: Account): string[] {
  const t = words.value.data.amounts;
  const count = (number: number, text: (count: string, one: boolean) => string) => (number > 0 ? [text(plainCount(number, language.value), number === 1)] : []);
  const { first_day: start, last_day: end } = amounts;
  const providers: Record<string, string> = words.value.providers;
  return [
    ...(start && end ? [t.days(rangeLabel({ start, end }, language.value))] : []),
    ...count(amounts.facts, t.facts),
    ...count(amounts.entities, t.entities[family]),
    ...count(amounts.counters, t.counters),
    ...count(amounts.windows, t.windows),
    ...count(amounts.revisions, t.revisions),
    ...(amounts.grants > 0 ? [t.grants(providers[provider] ?? provider)] : []),
  ];
}

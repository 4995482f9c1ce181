import type { Bucket, Value } from "../api/report-types";
import { figureText, statusWord } from "../components/dashboard/figure-text";
import { localized, words } from "../i18n";
import { bucketLabel, fullDay } from "../i18n/dates";
import { plainCount } from "../i18n/numbers";
import { language } from "../state/preferences";
import type { ChartBreak, ChartFacts } from "./chart-facts";

/** The breaks that begin in a bucket, or in the one it is compared with. */
export const breaksAt = (breaks: ChartBreak[], index: number): ChartBreak[] => breaks.filter(({ at }) => at !== null && Math.floor(at) === index);

export const breakSentence = ({ date, reason, side }: ChartBreak): string =>
  words.value.chart.breakFrom(fullDay(date, language.value), localized(reason)) + words.value.space + words.value.chart.breakSides[side];

/** Of a bucket by publish date so many posts; of one before the history that it is, else what keeps a value from being settled. */
export function bucketWord({ series, before, posts }: ChartFacts, index: number): string | null {
  const t = words.value;
  if (posts) return index < before ? t.published.before : t.data.amounts.entities.media(plainCount(posts[index] ?? 0, language.value), posts[index] === 1);
  return index < before ? t.chart.before : statusWord(series.current[index]);
}

/** One place of the chart as a sentence, read out when it is reached by the keyboard. */
export function pointSentence(facts: ChartFacts, index: number): string {
  const { metric, currency, grain, buckets, comparison, series, breaks } = facts;
  const bucket = buckets[index];
  if (!bucket) return "";
  const t = words.value;
  const side = (of: Bucket, value: Value | null | undefined, status: string | null) =>
    `${bucketLabel(of, grain, language.value)}${t.colon}${figureText(value, metric, currency, "full")}${status ? ` (${status})` : ""}`;
  const [value, previous, paired] = [series.current[index], series.previous?.[index], comparison[index]];
  const parts = [side(bucket, value, bucketWord(facts, index))];
  if (series.previous && paired) parts.push(side(paired, previous, statusWord(previous)));
  return [...parts, ...breaksAt(breaks, index).map(breakSentence)].join(t.list);
}

import { useMemo } from "preact/hooks";
import { usePublished } from "../../api/queries";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { fullDay, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Failure, Message } from "../message";
import { resolvedRange } from "../period/resolved-range";
import { ChartNotes } from "./chart-notes";
import { useDashboard } from "./context";
import type { Picture } from "./picture";
import { collectedValue, drawsPublished, publishedFacts, publishedRequest } from "./published";
import { chosenGrain } from "./requests";
import { warningTexts } from "./warnings";

/** The chosen metric by publish date; null where the chart draws days. */
export function usePublishedPicture(metric: Metric | undefined, metrics: Metric[]): Picture | null {
  const { account, platform, session, state } = useDashboard();
  const drawn = drawsPublished(metric, state, account, platform);
  const query = usePublished(account.id, drawn ? publishedRequest(metrics, state, account, platform, session) : null);
  const grain = chosenGrain(state);
  const answer = drawn ? query.data : undefined;
  const facts = useMemo(() => (metric && answer ? publishedFacts(metric, answer, grain) : null), [metric, answer, grain]);
  if (!metric || !drawn) return null;
  const t = words.value.published;
  const { as_of = null, since = null } = answer ?? {};
  const range = resolvedRange(answer?.query.range);
  const total = answer?.totals[metric.id];
  const empty = answer && facts?.posts?.every((posts) => posts === 0);
  const notes = [
    ...(as_of && !empty ? [t.until(shortDay(as_of, session.today, language.value), words.value.controls.grains[grain])] : []),
    ...(range && since && range.start < since ? [t.notBefore(fullDay(since, language.value))] : []),
    ...warningTexts(answer, account.id),
  ];
  return {
    facts: empty ? null : facts,
    range,
    compared: null,
    total: total && { current: collectedValue(total), previous: null, change: null },
    instead: query.isError && !answer ? <Failure error={query.error} retry={() => void query.refetch()} /> : empty && <NoPosts read={as_of !== null} />,
    notes: <ChartNotes facts={null} begins={null} more={notes} />,
    stale: query.isPlaceholderData,
  };
}

function NoPosts({ read }: { read: boolean }) {
  const t = words.value.posts;
  return (
    <Message icon={read ? "calendar" : "clock"} title={read ? t.noneInPeriod : t.none}>
      {!read && t.noneText}
    </Message>
  );
}

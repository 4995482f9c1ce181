import { useMemo } from "preact/hooks";
import type { Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { chartFacts } from "../../charts/chart-facts";
import { words } from "../../i18n";
import { tellsPublished, withheld } from "../../state/feeds";
import { historyState } from "../account-status";
import { useGoesOn } from "../banners/goes-on";
import { Message } from "../message";
import { resolvedRange } from "../period/resolved-range";
import { ChartNotes } from "./chart-notes";
import { useDashboard } from "./context";
import { known } from "./figure-text";
import { beginningWords, type Beginning } from "./history-begins";
import type { Picture } from "./picture";
import { chosenGrain } from "./requests";
import { ShowPublished } from "./show-published";
import { StoppedNote } from "./stopped-note";
import { WithheldMessage } from "./withheld-message";

/** The chosen metric by day, beside the compared period. */
export function useDailyPicture(metric: Metric | undefined, report: Report | undefined, waiting: boolean): Picture {
  const { account, platform, session, state } = useDashboard();
  const grain = chosenGrain(state);
  const refused = metric ? withheld(account, metric) : null;
  const total = metric && report?.totals[0]?.totals[metric.id];
  // What was read before the permission went is shown like everything else.
  const kept = known(total?.current);
  const why = kept ? null : refused;
  const range = why ? null : resolvedRange(report?.query.range);
  const compared = why ? null : resolvedRange(report?.query.comparison);
  const facts = useMemo(
    () => (metric && report && range && !why ? chartFacts(metric, report, grain, account, platform) : null),
    [metric, report, grain, account.since, account.posts_since, platform, why?.reason],
  );
  const begins = metric && report && !why ? beginningWords(metric, report, account, platform, session.today) : null;
  // Every day shown lies before the history: an empty plot would say less than the sentence.
  const notYet = begins !== null && facts !== null && facts.before === facts.buckets.length;
  const nothing = notYet || (!facts && !why && !waiting);
  return {
    facts: notYet ? null : facts,
    range,
    compared,
    total,
    instead: metric && why && !waiting ? <WithheldMessage metric={metric} why={why} /> : nothing && <NothingToDraw metric={metric} begins={begins} />,
    notes: (
      <>
        <ChartNotes facts={facts} begins={nothing ? null : begins} />
        {metric && kept && refused && <StoppedNote metric={metric} why={refused} />}
      </>
    ),
  };
}

/** Why there is no picture: the history begins later, no day is complete yet, or none of them lies in the period. */
function NothingToDraw({ metric, begins }: { metric: Metric | undefined; begins: Beginning | null }) {
  const { account, platform } = useDashboard();
  const t = words.value.chart;
  const days = account.complete_through !== null;
  const goesOn = useGoesOn();
  if (begins) {
    return (
      <Message icon="clock" title={begins.text} testid="not-yet" actions={metric && tellsPublished(metric, account, platform) && <ShowPublished />}>
        {begins.reason}
      </Message>
    );
  }
  return (
    <Message icon="clock" title={days ? t.emptyRange : t.emptyTitle}>
      {days ? t.emptyRangeText : historyState(account) === "loading" ? t.emptyBackfill : (goesOn ?? t.emptyText)}
    </Message>
  );
}

import { useState } from "preact/hooks";
import { useCoverage } from "../../api/data-queries";
import type { FeedCoverage } from "../../api/data-types";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { explained } from "../explanations";
import { Icon } from "../icon";
import { Failure, Message } from "../message";
import { Calendar } from "./calendar";
import { awaited, countDays, dayRuns, type DayState } from "./calendar-data";
import { FailedDays } from "./failed-days";
import { feedKey, feedName } from "./feed-name";
import { RunsTable } from "./runs-table";

/** Which days are here: of the account, of its posts, of its campaigns. */
export function CoverageCard() {
  const { account } = useAccount();
  const coverage = useCoverage(account.id);
  const feeds = coverage.data?.feeds;
  const t = words.value.data;
  return (
    <section class="card coverage" aria-labelledby="coverage-title" aria-busy={coverage.isPending}>
      {coverage.isError && !feeds ? (
        <Failure error={coverage.error} retry={() => void coverage.refetch()} />
      ) : !feeds ? (
        <div class="skeleton calendar-skeleton late" aria-hidden="true" />
      ) : feeds.length === 0 ? (
        <Message icon="clock" title={t.nothingYet}>
          {nothingYet(account)}
        </Message>
      ) : (
        <Feeds feeds={feeds} />
      )}
    </section>
  );
}

const nothingYet = ({ state }: Account): string => (state === "archived" ? words.value.data.nothingStored : words.value.data.nothingYetText);

function Feeds({ feeds }: { feeds: FeedCoverage[] }) {
  const { account, catalogue } = useAccount();
  const [chosen, setChosen] = useState<string | null>(null);
  const [asList, setAsList] = useState(false);
  const named = feeds.map((feed) => ({ feed, key: feedKey(feed), name: feedName(feed, feeds, account.platform, catalogue) }));
  const shown = named.find(({ key }) => key === chosen) ?? named[0];
  if (!shown) return null;
  const t = words.value.data;
  const runs = dayRuns(shown.feed, awaited(account));
  const counts = countDays(runs);
  const summary = t.summary(plainCount(counts.final + counts.provisional, language.value), plainCount(Object.values(counts).reduce((sum, days) => sum + days, 0), language.value));
  const label = `${shown.name}${words.value.colon}${summary}`;
  return (
    <>
      <div class="coverage-head">
        <h2 id="coverage-title">{t.calendar}</h2>
        {named.length > 1 && (
          <select class="input" aria-label={t.of} value={shown.key} data-testid="coverage-feed" onChange={(event) => setChosen(event.currentTarget.value)}>
            {named.map(({ key, name }) => (
              <option key={key} value={key}>
                {name}
              </option>
            ))}
          </select>
        )}
        <button type="button" class="text-button" data-testid="coverage-toggle" aria-pressed={asList} onClick={() => setAsList(!asList)}>
          <Icon name={asList ? "calendar" : "table"} size={14} />
          {asList ? t.showCalendar : t.showList}
        </button>
      </div>
      {runs.length === 0 ? (
        <Message icon="clock" title={t.nothingYet}>
          {account.state !== "archived" && shown.feed.kind === "snapshot" ? t.snapshotText : nothingYet(account)}
        </Message>
      ) : (
        <>
          <p class="coverage-summary">
            {summary}
            {shown.feed.kind === "snapshot" && ` · ${t.snapshot}`}
          </p>
          <CalendarLegend counts={counts} archived={account.state === "archived"} />
          {asList ? <RunsTable runs={runs} label={label} /> : <Calendar runs={runs} label={label} />}
          <FailedDays runs={runs} />
        </>
      )}
    </>
  );
}

/** What the fields stand for, and how many there are of each. */
function CalendarLegend({ counts, archived }: { counts: Record<DayState, number>; archived: boolean }) {
  const t = words.value.data;
  const states = (Object.keys(counts) as DayState[]).filter((state) => state !== "waiting" || !archived);
  return (
    <ul class="calendar-legend">
      {states.map((state) => (
        <li key={state} class={counts[state] === 0 ? "none" : undefined} {...explained(t.stateHints[state])}>
          <span class={`day ${state}`} aria-hidden="true" />
          {t.states[state]}
          <span class="muted">{plainCount(counts[state], language.value)}</span>
        </li>
      ))}
    </ul>
  );
}

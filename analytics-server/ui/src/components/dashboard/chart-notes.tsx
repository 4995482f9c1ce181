import type { DateRange } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { beginsWithin, countedSince, type ChartFacts } from "../../charts/chart-facts";
import { breakSentence } from "../../charts/chart-words";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { useDashboard } from "./context";

/** Since when a figure is known, where the platform tells it only as of now; null where that leaves no shown day unknown. */
export function useSinceNote(metric: Metric | undefined, ranges: (DateRange | null)[]): string | null {
  const { account, platform } = useDashboard();
  const since = metric && countedSince(metric, account, platform);
  if (!metric || since === undefined) return null;
  const t = words.value.history;
  const names = [platform ? localized(platform.name) : words.value.withheld.platform, localized(metric.label)] as const;
  if (since === null) return t.countedFromFirst(...names);
  return beginsWithin(since, ranges) ? t.countedSince(fullDay(since, language.value), ...names) : null;
}

/** In words below the chart: where a history begins, and where a metric changes its meaning. */
export function ChartNotes({ facts, since }: { facts: ChartFacts | null; since: string | null }) {
  const breaks = facts?.breaks ?? [];
  if (!since && breaks.length === 0) return null;
  return (
    <ul class="chart-notes" data-testid="chart-notes">
      {since && (
        <li>
          <Icon name="clock" size={14} />
          <span>{since}</span>
        </li>
      )}
      {breaks.map((at) => (
        <li key={at.date + at.side}>
          <Icon name="change" size={14} />
          <span>{breakSentence(at)}</span>
        </li>
      ))}
    </ul>
  );
}

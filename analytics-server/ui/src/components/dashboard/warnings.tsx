import type { Report } from "../../api/report-types";
import { words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Icon } from "../icon";
import { useDashboard } from "./context";
import { resolvedRange } from "../period/resolved-range";

/** What the server wants the reader to know about this answer, in the reader's language where we have the words. */
export function Warnings({ report }: { report: Report | undefined }) {
  const { account } = useDashboard();
  if (!report) return null;
  const known: Record<string, string> = words.value.warnings;
  const texts = [...new Set(report.warnings.map(({ code, message }) => known[code] ?? message))];
  const first = account.sync.backfilling ? null : account.covered_from;
  const asked = [resolvedRange(report.query.range), resolvedRange(report.query.comparison)];
  if (first && asked.some((range) => range && range.start < first)) texts.push(words.value.history.begins(fullDay(first, language.value)));
  if (texts.length === 0) return null;
  return (
    <ul class="warnings" data-testid="warnings">
      {texts.map((text) => (
        <li key={text}>
          <Icon name="info" size={14} />
          {text}
        </li>
      ))}
    </ul>
  );
}

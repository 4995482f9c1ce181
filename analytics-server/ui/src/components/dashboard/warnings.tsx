import type { Report } from "../../api/report-types";
import { words } from "../../i18n";
import { Icon } from "../icon";

/** What the server wants the reader to know about this answer, in the reader's language where we have the words. */
export function Warnings({ report }: { report: Report | undefined }) {
  if (!report || report.warnings.length === 0) return null;
  const known: Record<string, string> = words.value.warnings;
  const texts = [...new Set(report.warnings.map(({ code, message }) => known[code] ?? message))];
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

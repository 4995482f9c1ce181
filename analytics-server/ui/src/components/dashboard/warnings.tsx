import type { Report } from "../../api/report-types";
import { words } from "../../i18n";
import { Icon } from "../icon";
import { useDashboard } from "./context";

interface Props {
  report: Report | undefined;
  /** An answer whose warnings stand on the page already. */
  beside?: Report | undefined;
}

/** What the server wants the reader to know about one part's answer. */
export function Warnings({ report, beside }: Props) {
  const { account } = useDashboard();
  const said = warningTexts(beside, account.id);
  return <WarningList texts={warningTexts(report, account.id).filter((text) => !said.includes(text))} />;
}

/** In the reader's language where we have the words; without those that are about other accounts alone. */
export function warningTexts(report: Pick<Report, "warnings"> | undefined, account: string): string[] {
  const known: Record<string, string> = words.value.warnings;
  const ours = report?.warnings.filter(({ accounts = [] }) => accounts.length === 0 || accounts.includes(account)) ?? [];
  return [...new Set(ours.map(({ code, message }) => known[code] ?? message))];
}

function WarningList({ texts }: { texts: string[] }) {
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

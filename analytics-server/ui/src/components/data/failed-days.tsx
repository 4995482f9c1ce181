import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import type { DayRun } from "./calendar-data";
import { failureText, readText } from "./day-words";

/** The days that could not be read: when that was tried, what was wrong, and what the server itself says about it. */
export function FailedDays({ runs }: { runs: DayRun[] }) {
  const { account, session } = useAccount();
  const failed = runs.filter(({ state }) => state === "failed").reverse();
  if (failed.length === 0) return null;
  const t = words.value.data;
  const again: Partial<Record<typeof account.state, string>> = { archived: "", needs_relink: t.failedRelink };
  const hint = again[account.state] ?? t.failedText;
  return (
    <div class="failed-days" data-testid="failed-days">
      <h3>{t.failedTitle}</h3>
      <ul>
        {failed.map((run) => (
          <li key={run.start}>
            <span class="day failed" aria-hidden="true" />
            <div>
              <strong>{rangeLabel(run, language.value)}</strong>
              <p>
                {[failureText(run), readText(run, session.workspace.time_zone, session.today)].filter(Boolean).join(words.value.space)}
              </p>
              {run.reason && (
                <details>
                  <summary>{words.value.banner.details}</summary>
                  <p lang="en">{run.reason}</p>
                </details>
              )}
            </div>
          </li>
        ))}
      </ul>
      {hint && <p class="muted">{hint}</p>}
    </div>
  );
}

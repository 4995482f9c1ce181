import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import type { DayRun } from "./calendar-data";
import { readText, stateText } from "./day-words";

/** The calendar in words: days one after the other in the same state, the newest first. */
export function RunsTable({ runs, label }: { runs: DayRun[]; label: string }) {
  const { session } = useAccount();
  const t = words.value.data;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label={label}>
      <table class="runs-table" data-testid="coverage-table">
        <caption class="sr-only">{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t.days}</th>
            <th scope="col">{t.state}</th>
            <th scope="col">{t.lastRead}</th>
          </tr>
        </thead>
        <tbody>
          {[...runs].reverse().map((run) => (
            <tr key={run.start} data-state={run.state}>
              <th scope="row">{rangeLabel(run, language.value)}</th>
              <td>
                <span class="run-state">
                  <span class={`day ${run.state}`} aria-hidden="true" />
                  {stateText(run)}
                </span>
              </td>
              <td>{readText(run, session.workspace.time_zone, session.today) ?? words.value.figure.noValue}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The days that could not be read, and why. */
export function FailedDays({ runs }: { runs: DayRun[] }) {
  const failed = runs.filter(({ state }) => state === "failed").reverse();
  if (failed.length === 0) return null;
  const t = words.value.data;
  return (
    <div class="failed-days" data-testid="failed-days">
      <h3>{t.failedTitle}</h3>
      <ul>
        {failed.map((run) => (
          <li key={run.start}>
            <span class="day failed" aria-hidden="true" />
            <span>
              <strong>{rangeLabel(run, language.value)}</strong>
              {run.reason ? <span lang="en">{run.reason}</span> : <span>{t.failedUnknown}</span>}
            </span>
          </li>
        ))}
      </ul>
      <p class="muted">{t.failedText}</p>
    </div>
  );
}

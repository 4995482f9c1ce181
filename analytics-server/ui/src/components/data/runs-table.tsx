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

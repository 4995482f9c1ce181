import { localized, words } from "../../i18n";
import { momentLabel, shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { accountStatus } from "../account-status";
import { useDashboard } from "./context";

/** Which account this is, and until when its figures are complete. */
export function DashboardHeader() {
  const { account, platform, session } = useDashboard();
  const t = words.value.header;
  const name = platform ? localized(platform.name) : account.platform;
  const status = accountStatus(account);
  const updated = account.sync.last_success_at;
  const hints = [t.completeHint(account.time_zone)];
  if (updated) hints.push(words.value.accountState.updated(momentLabel(updated, session.workspace.time_zone, language.value)));
  const [before, after] = t.completeThrough;
  return (
    <header class="dashboard-header">
      <h1>{account.name}</h1>
      <p class="dashboard-sub">
        <span>{[name, account.external_id, account.time_zone, account.currency].filter(Boolean).join(" · ")}</span>
        <span
          class={`pill ${status.tone}`}
          title={hints.join("\n")}
          data-testid="account-state"
          data-state={account.state}
          data-phase={account.sync.phase}
          data-backfilling={account.sync.backfilling}
        >
          <span class={`dot ${status.tone}`} aria-hidden="true" />
          <span class="sr-only">{status.text}. </span>
          <span data-testid="complete-through" data-date={account.complete_through ?? ""}>
            {account.complete_through ? (
              <>
                {before}
                <b>{shortDay(account.complete_through, session.today, language.value)}</b>
                {after}
              </>
            ) : (
              t.noCompleteDay
            )}
          </span>
        </span>
      </p>
    </header>
  );
}

import type { ComponentChildren } from "preact";
import { localized, words } from "../i18n";
import { momentLabel, shortDay } from "../i18n/dates";
import { language } from "../state/preferences";
import { useAccount } from "./account-context";
import { accountStatus } from "./account-status";
import { explained } from "./explanations";

interface Props {
  /** Which page about the account it is, when it is not its dashboard. */
  part?: string;
  /** The way to the account's other pages. */
  children?: ComponentChildren;
}

/** Which account this is, and until when its figures are complete. */
export function AccountHeader({ part, children }: Props) {
  const { account, platform } = useAccount();
  const name = platform ? localized(platform.name) : account.platform;
  return (
    <header class="dashboard-header">
      <div class="dashboard-title">
        <h1>
          {account.name}
          {part && <span class="title-part">{part}</span>}
        </h1>
        <p class="dashboard-sub">
          <span>{[name, account.external_id, account.time_zone, account.currency].filter(Boolean).join(" · ")}</span>
          <StatePill />
        </p>
      </div>
      {children}
    </header>
  );
}

function StatePill() {
  const { account, session } = useAccount();
  const t = words.value.header;
  const status = accountStatus(account);
  const updated = account.sync.last_success_at;
  const hints = [status.text, t.completeHint(account.time_zone)];
  if (updated) hints.push(words.value.accountState.updated(momentLabel(updated, session.workspace.time_zone, language.value)));
  const [before, after] = t.completeThrough;
  return (
    <span
      class={`pill ${status.tone}`}
      {...explained(hints.join("\n"))}
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
  );
}

import type { Account, Metric, Session } from "../../api/types";
import { words } from "../../i18n";
import { shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { accountStatus, type Tone } from "../account-status";
import { explained } from "../explanations";
import { missingPermission } from "./permissions";

interface Props {
  account: Account;
  /** The figures that are shown beside it. */
  metrics: Metric[];
  session: Session;
}

/** How an account is, and until when its figures are complete. */
export function AccountState({ account, metrics, session }: Props) {
  const { tone, text, why } = stateOf(account, metrics);
  const t = words.value.header;
  const [before, after] = t.completeThrough;
  const through = account.complete_through;
  return (
    <span class="account-state" data-testid={`state-${account.id}`} data-state={account.state}>
      <span class={`dot ${tone}`} aria-hidden="true" />
      <span>
        <span class={tone === "warn" || tone === "bad" ? `state-text ${tone}` : "state-text"} {...explained(why)}>
          {text}
        </span>
        <span class="state-sub" data-date={through ?? ""} {...explained(through && t.completeHint(account.time_zone))}>
          {through ? `${before}${shortDay(through, session.today, language.value)}${after}` : t.noCompleteDay}
        </span>
      </span>
    </span>
  );
}

/** A missing permission counts as a state of its own where the account would seem to be well. */
function stateOf(account: Account, metrics: Metric[]): { tone: Tone; text: string; why?: string } {
  const status = accountStatus(account);
  const scope = missingPermission(account, metrics);
  if (!scope || status.tone === "bad" || account.state !== "active") return status;
  const t = words.value.overview;
  return { tone: "warn", text: words.value.accountState.permissionMissing, why: t.permissionMissingWhy(scope) };
}

import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { shortDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { accountStatus } from "../account-status";

/** How an account is, and until when its figures are complete. */
export function AccountState({ account, today }: { account: Account; today: string }) {
  const { tone, text } = accountStatus(account);
  const [before, after] = words.value.header.completeThrough;
  return (
    <span class="account-state" data-testid={`state-${account.id}`} data-state={account.state}>
      <span class={`dot ${tone}`} aria-hidden="true" />
      <span>
        <span class={tone === "warn" || tone === "bad" ? `state-text ${tone}` : "state-text"}>{text}</span>
        <span class="state-sub" data-date={account.complete_through ?? ""}>
          {account.complete_through ? `${before}${shortDay(account.complete_through, today, language.value)}${after}` : words.value.header.noCompleteDay}
        </span>
      </span>
    </span>
  );
}

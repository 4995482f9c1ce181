import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { historyState } from "../account-status";

/** When the history goes on, as a sentence; null where it does so now or is complete. */
export function useGoesOn(): string | null {
  const { account, session } = useAccount();
  const t = words.value.banner;
  if (account.state !== "active" || historyState(account) !== "waiting") return null;
  const at = account.sync.next_attempt_at;
  return at ? t.goesOn(momentLabel(at, session.workspace.time_zone, language.value)) : t.goesOnSoon;
}

import type { Account } from "../api/types";
import { words } from "../i18n";
import { percent } from "../i18n/numbers";
import { language } from "../state/preferences";

export type Tone = "good" | "busy" | "warn" | "bad" | "off";

/** An account's state in one word for the eye (a colour) and a few for the reader. */
export function accountStatus(account: Account): { tone: Tone; text: string } {
  const t = words.value.accountState;
  const history = historyState(account);
  if (account.state === "archived") return { tone: "off", text: t.archived };
  if (account.state === "needs_relink") return { tone: "warn", text: t.needs_relink };
  if (account.state === "error") return { tone: "bad", text: t.error };
  if (history === "loading") return { tone: "busy", text: t.backfilling(progressText(account)) };
  if (account.error) return { tone: "warn", text: t.retrying };
  if (history === "waiting") return { tone: "busy", text: t.historyWaits };
  if (account.not_offered.some(({ reason }) => reason === "missing_scope")) return { tone: "warn", text: t.permissionMissing };
  if (account.sync.phase === "running") return { tone: "good", text: t.updating };
  return { tone: "good", text: t.active };
}

/** Whether older days are being fetched now, will be later, or are all there. Only what goes on now has a progress. */
export function historyState({ state, sync }: Account): "complete" | "loading" | "waiting" {
  if (!sync.backfilling || state === "archived") return "complete";
  return state === "active" && (sync.phase === "running" || sync.phase === "queued") ? "loading" : "waiting";
}

/** Rounded down: 100 % is said only when it is true. */
export const progressText = (account: Account): string =>
  percent(Math.floor(account.sync.progress * 100) / 100, language.value);

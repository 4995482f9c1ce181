import { syncNow } from "../../api/actions";
import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { useAction } from "../use-action";
import { Banner } from "./banner";
import { RelinkButton, useRelink } from "./relink";

/** The last update failed: why, when it is tried again, and what the reader can do. */
export function ErrorBanner() {
  const { account, session } = useAccount();
  const t = words.value.banner;
  const again = useAction(() => syncNow(account.id));
  const relink = useRelink();
  const sentences: Record<string, string> = t.errors;
  const error = account.error;
  const accessEnded = error?.code === "permission_denied" || error?.code === "auth_expired";
  const retry = error?.retry_at ?? account.sync.next_attempt_at;
  return (
    <Banner
      tone={account.state === "error" ? "bad" : "warn"}
      title={t.errorTitle}
      failure={again.failure ?? relink.failure}
      testid="error-banner"
      action={
        <>
          {session.role !== "viewer" && (
            <button type="button" class="button" data-testid="sync-now" disabled={again.working} onClick={again.run}>
              {again.working ? t.syncing : t.syncNow}
            </button>
          )}
          {accessEnded && <RelinkButton relink={relink} />}
        </>
      }
    >
      {sentences[error?.code ?? "unknown"] ?? t.errors.unknown}
      {retry && words.value.space + t.nextTry(momentLabel(retry, session.workspace.time_zone, language.value))}
      {error && (
        <details>
          <summary>{t.details}</summary>
          <p lang="en">
            {error.operation}: {error.message}
          </p>
        </details>
      )}
    </Banner>
  );
}

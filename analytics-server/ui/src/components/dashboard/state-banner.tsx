import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { startConnect, syncNow } from "../../api/actions";
import { localized, words } from "../../i18n";
import { fullDay, momentLabel } from "../../i18n/dates";
import { percent } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { rememberRelink } from "../../state/relink";
import { progressText } from "../account-status";
import { Icon } from "../icon";
import { errorText } from "../message";
import { useDashboard } from "./context";

/** What the reader should know or do about the account before reading its figures; nothing when all is well. */
export function StateBanner() {
  const { account } = useDashboard();
  if (account.state === "needs_relink") return <RelinkBanner />;
  if (account.state === "error") return <ErrorBanner />;
  if (account.state === "active" && account.sync.backfilling) return <BackfillBanner />;
  if (account.state === "active" && account.error) return <ErrorBanner />;
  return null;
}

function useAction(action: () => Promise<void>) {
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const run = () => {
    setWorking(true);
    setFailure(null);
    action()
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setWorking(false));
  };
  return { working, failure, run };
}

type Action = ReturnType<typeof useAction>;

function useRelink(): Action {
  const { account } = useDashboard();
  return useAction(() => {
    rememberRelink(account.id);
    return startConnect(account.provider, [account.platform]);
  });
}

function RelinkButton({ relink }: { relink: Action }) {
  const { session } = useDashboard();
  if (session.role === "viewer") return null;
  return (
    <button type="button" class="button primary" data-testid="relink" disabled={relink.working} onClick={relink.run}>
      <Icon name="link" />
      {words.value.banner.relinkButton}
    </button>
  );
}

function RelinkBanner() {
  const { account, platform } = useDashboard();
  const t = words.value.banner;
  const relink = useRelink();
  return (
    <Banner tone="warn" title={t.relinkTitle} failure={relink.failure} action={<RelinkButton relink={relink} />}>
      {t.relink(platform ? localized(platform.name) : account.platform)}
    </Banner>
  );
}

function ErrorBanner() {
  const { account, session } = useDashboard();
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
      {retry && ` ${t.nextTry(momentLabel(retry, session.workspace.time_zone, language.value))}`}
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

function BackfillBanner() {
  const { account } = useDashboard();
  const t = words.value.banner;
  const { progress, eta_seconds } = account.sync;
  const since = account.complete_through && account.covered_from;
  const text = progressText(account);
  return (
    <section class="banner busy" aria-label={t.backfillTitle} data-testid="backfill-banner">
      <div class="banner-body">
        <p>
          <strong>
            {t.backfillTitle} {text}
          </strong>
          <span class="banner-aside">{eta_seconds !== null && t.eta(eta_seconds)}</span>
        </p>
        <div
          class="progress"
          role="progressbar"
          aria-label={t.backfillTitle}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(progress * 100)}
          aria-valuetext={text}
          data-testid="progress"
          data-progress={progress}
        >
          <div style={{ width: percent(progress, "en") }} />
        </div>
        <p class="banner-text">{since ? t.since(fullDay(since, language.value)) : t.backfillNone}</p>
      </div>
    </section>
  );
}

interface BannerProps {
  tone: "warn" | "bad";
  title: string;
  failure: string | null;
  action: ComponentChildren;
  testid?: string;
  children: ComponentChildren;
}

function Banner({ tone, title, failure, action, testid, children }: BannerProps) {
  return (
    <section class={`banner ${tone}`} aria-label={title} data-testid={testid}>
      <Icon name="alert" size={18} />
      <div class="banner-body">
        <strong>{title}</strong>
        <div class="banner-text">{children}</div>
        {failure && (
          <p class="field-error" role="alert">
            {failure}
          </p>
        )}
      </div>
      {action}
    </section>
  );
}

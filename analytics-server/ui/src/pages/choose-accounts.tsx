import { useEffect } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { startConnect } from "../api/actions";
import { useAccounts, useGrantAccounts, usePlatforms } from "../api/queries";
import type { GrantAccounts } from "../api/types";
import { ChoiceForm } from "../components/connect/choice-form";
import { Failure, Message } from "../components/message";
import { useAction } from "../components/use-action";
import { words } from "../i18n";
import { announce } from "../state/announce";
import { forgetRelink, rememberedRelink } from "../state/relink";
import { useTitle } from "../state/title";

/** Where the reader comes back to from the provider's consent page: with accounts to choose, or with an error. */
export function ChooseAccountsPage({ provider }: { provider: string }) {
  const query = new URLSearchParams(useSearch());
  const grant = query.get("grant");
  useTitle(words.value.connect.title);
  if (!grant) return <ConnectError provider={provider} code={query.get("error") ?? "unknown"} />;
  return <Choices provider={provider} grant={grant} />;
}

function ConnectError({ provider, code }: { provider: string; code: string }) {
  const t = words.value.connect;
  const sentences: Record<string, string> = t.errors;
  // To say no is the reader's right and no fault.
  const denied = code === "denied";
  return (
    <div class="page narrow middle">
      <Message page icon={denied ? "info" : "alert"} title={t.errorTitle} tone={denied ? "plain" : "bad"} testid={`connect-error-${code}`} actions={<StartAgain provider={provider} />}>
        {sentences[code] ?? t.errors.unknown}
      </Message>
    </div>
  );
}

function StartAgain({ provider }: { provider: string }) {
  const t = words.value.connect;
  const platforms = usePlatforms().data?.filter((platform) => platform.provider === provider && platform.configured) ?? [];
  const start = useAction(() => startConnect(provider, platforms.map(({ id }) => id)));
  return (
    <>
      {platforms.length > 0 && (
        <button type="button" class="button primary" data-testid="connect-again" disabled={start.working} onClick={start.run}>
          {t.again}
        </button>
      )}
      <Link href="/" class="button">
        {words.value.back}
      </Link>
      {start.failure && (
        <p class="field-error" role="alert">
          {start.failure}
        </p>
      )}
    </>
  );
}

function Choices({ provider, grant }: { provider: string; grant: string }) {
  const t = words.value.connect;
  const found = useGrantAccounts(grant);
  const missed = useRelinkReturn(found.data);
  if (found.isError && !found.data) {
    return <Failure page error={found.error} retry={() => void found.refetch()} extra={<StartAgain provider={provider} />} />;
  }
  if (!found.data) return <div class="page narrow skeleton card-skeleton late" aria-busy="true" aria-label={words.value.loading} />;
  const { accounts } = found.data;
  return (
    <div class="page narrow">
      <h1>{t.title}</h1>
      {missed && (
        <p class="notice warn" role="alert">
          {t.relinkMissed(missed)}
        </p>
      )}
      {accounts.length === 0 ? (
        <Message icon="info" title={t.empty} actions={<StartAgain provider={provider} />}>
          {t.emptyText}
        </Message>
      ) : (
        <ChoiceForm provider={provider} grant={grant} accounts={accounts} />
      )}
    </div>
  );
}

/**
 * After re-linking one account the reader wants to see that account again, not a list. Answers the account's name when
 * the new consent does not reach it.
 */
function useRelinkReturn(found: GrantAccounts | undefined): string | null {
  const [, navigate] = useLocation();
  const linked = useAccounts().data;
  const wanted = rememberedRelink();
  const reached = wanted !== null && found?.accounts.some((account) => account.linked === wanted);
  useEffect(() => {
    if (!reached) return;
    forgetRelink();
    announce(words.value.banner.relinked);
    navigate(`/accounts/${wanted}`, { replace: true });
  }, [reached, wanted]);
  if (!found || !wanted || reached) return null;
  return linked?.find((account) => account.id === wanted)?.name ?? null;
}

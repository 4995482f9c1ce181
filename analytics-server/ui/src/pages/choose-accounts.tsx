import { useEffect } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { useAccounts, useGrantAccounts } from "../api/queries";
import type { GrantAccounts } from "../api/types";
import { ChoiceForm } from "../components/connect/choice-form";
import { StartAgain } from "../components/connect/start-again";
import { Failure, Message } from "../components/message";
import { words } from "../i18n";
import { announce } from "../state/announce";
import { forgetRelink, rememberedRelink } from "../state/relink";
import { useTitle } from "../state/title";

/** A sentence or two: an address can hold more. */
const longestDetail = 300;

/** Where the reader comes back to from the provider's consent page: with accounts to choose, or with an error. */
export function ChooseAccountsPage({ provider }: { provider: string }) {
  const query = new URLSearchParams(useSearch());
  const grant = query.get("grant");
  useTitle(words.value.connect.title);
  if (!grant) return <ConnectError provider={provider} code={query.get("error") ?? "unknown"} detail={query.get("detail")} />;
  return <Choices provider={provider} grant={grant} />;
}

function ConnectError({ provider, code, detail }: { provider: string; code: string; detail: string | null }) {
  const t = words.value.connect;
  const sentences: Record<string, string> = t.errors;
  // To say no is the reader's right and no fault.
  const denied = code === "denied";
  return (
    <div class="page narrow middle">
      <Message page icon={denied ? "info" : "alert"} title={t.errorTitle} tone={denied ? "plain" : "bad"} testid={`connect-error-${code}`} actions={<Again provider={provider} />}>
        {sentences[code] ?? t.errors.unknown}
        {/* Whoever made the link may have written it: it is shown as what was said, never in place of our own words. */}
        {detail && (
          <details open={!(code in sentences)}>
            <summary>{words.value.banner.details}</summary>
            <p lang="en">{detail.slice(0, longestDetail)}</p>
          </details>
        )}
      </Message>
    </div>
  );
}

function Again({ provider }: { provider: string }) {
  return (
    <>
      <StartAgain provider={provider} />
      <Link href="/" class="button">
        {words.value.back}
      </Link>
    </>
  );
}

function Choices({ provider, grant }: { provider: string; grant: string }) {
  const t = words.value.connect;
  const found = useGrantAccounts(grant);
  const missed = useRelinkReturn(found.data);
  if (found.isError && !found.data) {
    return <Failure page error={found.error} retry={() => void found.refetch()} extra={<Again provider={provider} />} />;
  }
  if (!found.data) return <div class="page narrow skeleton card-skeleton late" aria-busy="true" aria-label={words.value.loading} />;
  return (
    <div class="page narrow">
      <h1>{t.title}</h1>
      {missed && (
        <p class="notice warn" role="alert">
          {t.relinkMissed(missed)}
        </p>
      )}
      <ChoiceForm provider={provider} found={found.data} retry={() => void found.refetch()} />
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

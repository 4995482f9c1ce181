import { useEffect, useState } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { linkAccounts, startConnect } from "../api/actions";
import { useAccounts, useGrantAccounts, usePlatforms } from "../api/queries";
import type { GrantAccount, GrantAccounts } from "../api/types";
import { AccountChoice } from "../components/account-choice";
import { Message, errorText, Failure } from "../components/message";
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
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      {platforms.length > 0 && (
        <button
          type="button"
          class="button primary"
          data-testid="connect-again"
          onClick={() => void startConnect(provider, platforms.map(({ id }) => id)).catch(setError)}
        >
          {t.again}
        </button>
      )}
      <Link href="/" class="button">
        {words.value.back}
      </Link>
      {error !== null && (
        <p class="field-error" role="alert">
          {errorText(error)}
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
        <ChoiceForm grant={grant} accounts={accounts} />
      )}
    </div>
  );
}

function ChoiceForm({ grant, accounts }: { grant: string; accounts: GrantAccount[] }) {
  const t = words.value.connect;
  const [, navigate] = useLocation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const open = accounts.filter((account) => account.linked === null);
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setWorking(true);
    setError(null);
    try {
      const linked = await linkAccounts(grant, open.filter((account) => chosen.has(key(account))));
      navigate(linked[0] ? `/accounts/${linked[0].id}` : "/", { replace: true });
    } catch (reason) {
      setError(reason);
      setWorking(false);
    }
  };
  const all = open.length > 0 && open.every((account) => chosen.has(key(account)));
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div class="choice-lead">
        <p class="lead">{open.length > 0 ? t.lead : t.allLinked}</p>
        {open.length > 1 && (
          <button type="button" class="text-button" onClick={() => setChosen(all ? new Set() : new Set(open.map(key)))}>
            {all ? t.none : t.all}
          </button>
        )}
      </div>
      <ul class="card choices">
        {accounts.map((account) => (
          <AccountChoice key={key(account)} account={account} chosen={chosen.has(key(account))} toggle={() => toggle(key(account))} />
        ))}
      </ul>
      {error !== null && (
        <p class="notice bad" role="alert">
          {errorText(error)}
        </p>
      )}
      <div class="form-actions">
        {open.length > 0 ? (
          <button type="submit" class="button primary" disabled={working || chosen.size === 0} data-testid="link-selected">
            {working ? t.working : t.link(chosen.size)}
          </button>
        ) : (
          <Link href="/" class="button primary">
            {t.open}
          </Link>
        )}
        {open.length > 0 && (
          <Link href="/" class="button">
            {words.value.cancel}
          </Link>
        )}
      </div>
    </form>
  );
}

const key = (account: GrantAccount) => `${account.platform}:${account.external_id}`;

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

import type { ComponentChildren } from "preact";
import { useDeletion } from "../api/data-queries";
import type { Deletion } from "../api/data-types";
import { Problem } from "../api/http";
import { CenteredPage } from "../components/centered";
import { Icon } from "../components/icon";
import { errorText } from "../components/message";
import { words } from "../i18n";
import { fullMoment } from "../i18n/dates";
import { language } from "../state/preferences";

/** The proof for somebody who asked the provider to have their data deleted here; nobody needs to sign in for it. */
export default function DeletionPage({ code }: { code: string }) {
  const deletion = useDeletion(code);
  const t = words.value.deletion;
  if (deletion.data) return <Proof deletion={deletion.data} />;
  if (deletion.error instanceof Problem && deletion.error.status === 404) {
    return (
      <CenteredPage title={t.unknown} lead={t.unknownText}>
        <dl class="facts" data-testid="deletion-unknown">
          <CodeLine code={code} />
        </dl>
      </CenteredPage>
    );
  }
  return (
    <CenteredPage title={t.title}>
      {deletion.isError ? (
        <div class="form">
          <p class="notice bad" role="alert">
            {errorText(deletion.error)}
          </p>
          <button type="button" class="button primary wide" onClick={() => void deletion.refetch()}>
            {words.value.retry}
          </button>
        </div>
      ) : (
        <div class="skeleton proof-skeleton late" aria-busy="true" aria-label={words.value.loading} />
      )}
    </CenteredPage>
  );
}

function Proof({ deletion }: { deletion: Deletion }) {
  const t = words.value.deletion;
  const providers: Record<string, string> = words.value.providers;
  const provider = providers[deletion.provider] ?? deletion.provider;
  const nothing = deletion.grants === 0;
  return (
    <CenteredPage title={nothing ? t.nothing : t.done} lead={nothing ? t.nothingText(provider) : t.lead(provider)}>
      {!nothing && (
        <ul class="proof" data-testid="deletion-proof">
          <Line>{t.grants(deletion.grants, provider)}</Line>
          <Line>{t.user(provider)}</Line>
          {deletion.accounts > 0 && <Line>{t.accounts(deletion.accounts)}</Line>}
        </ul>
      )}
      <dl class="facts" data-testid={nothing ? "deletion-nothing" : undefined}>
        <div>
          <dt>{t.when}</dt>
          <dd>
            <time dateTime={deletion.deleted_at}>{fullMoment(deletion.deleted_at, language.value)}</time>
          </dd>
        </div>
        <CodeLine code={deletion.code} />
      </dl>
    </CenteredPage>
  );
}

function Line({ children }: { children: ComponentChildren }) {
  return (
    <li>
      <Icon name="check" />
      <span>{children}</span>
    </li>
  );
}

function CodeLine({ code }: { code: string }) {
  return (
    <div>
      <dt>{words.value.deletion.code}</dt>
      <dd>
        <code>{code}</code>
      </dd>
    </div>
  );
}

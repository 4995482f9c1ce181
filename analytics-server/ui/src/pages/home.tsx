import { Link } from "wouter-preact";
import { useAccounts } from "../api/queries";
import type { Session } from "../api/types";
import { Icon } from "../components/icon";
import { Failure } from "../components/message";
import { words } from "../i18n";
import { useTitle } from "../state/title";
import { AllAccountsPage } from "./all-accounts";

/** The start: all accounts, or how to link the first one. */
export function HomePage({ session }: { session: Session }) {
  const accounts = useAccounts();
  if (accounts.isError && !accounts.data) return <Failure page error={accounts.error} retry={() => void accounts.refetch()} />;
  if (!accounts.data) return null;
  return accounts.data.length > 0 ? <AllAccountsPage session={session} accounts={accounts.data} /> : <Welcome session={session} />;
}

function Welcome({ session }: { session: Session }) {
  const t = words.value.home;
  useTitle(t.title);
  return (
    <section class="welcome" data-testid="empty-home">
      <EmptyChart />
      <h1>{t.title}</h1>
      <p class="lead">{session.role === "viewer" ? t.viewer : t.text}</p>
      {session.role !== "viewer" && (
        <Link href="/add-account" class="button primary" data-testid="home-add-account">
          <Icon name="plus" />
          {t.button}
        </Link>
      )}
      <ol class="welcome-steps">
        {t.steps.map(([title, text]) => (
          <li key={title}>
            <strong>{title}</strong>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function EmptyChart() {
  const heights = [26, 38, 33, 52, 47, 64, 58];
  return (
    <svg class="empty-chart" viewBox="0 0 168 84" width="168" height="84" aria-hidden="true" focusable="false">
      <path d="M4 79.5h160" />
      {heights.map((height, index) => (
        <rect key={index} x={10 + index * 22} y={79 - height} width="14" height={height} rx="3" class={index > 4 ? "dashed" : ""} />
      ))}
    </svg>
  );
}

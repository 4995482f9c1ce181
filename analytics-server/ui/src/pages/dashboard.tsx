import { useState } from "preact/hooks";
import { useAccounts, useMetrics, usePlatforms } from "../api/queries";
import type { Account, Metric, Platform, Session } from "../api/types";
import { Dashboard } from "../components/dashboard/dashboard";
import { DashboardSkeleton } from "../components/dashboard/skeleton";
import { Failure, Message } from "../components/message";
import { words } from "../i18n";
import { useTitle } from "../state/title";
import { Link } from "wouter-preact";

/** The dashboard of one account, once what it needs to know about the account is here. */
export function DashboardPage({ id, session }: { id: string; session: Session }) {
  const accounts = useAccounts();
  const platforms = usePlatforms();
  const metrics = useMetrics();
  const account = accounts.data?.find((one) => one.id === id);
  useTitle(account?.name);

  const failed = [accounts, platforms, metrics].find((query) => query.isError && !query.data);
  if (failed) {
    const again = () => [accounts, platforms, metrics].forEach((query) => query.isError && void query.refetch());
    return <Failure page error={failed.error} retry={again} />;
  }
  if (!accounts.data || !platforms.data || !metrics.data) return <DashboardSkeleton />;
  if (!account) return <NotFound />;
  return (
    <Ready
      key={account.id}
      account={account}
      platform={platforms.data.find((one) => one.id === account.platform)}
      catalogue={metrics.data}
      session={session}
    />
  );
}

/** Keeps the maps that the parts look things up in stable while the account's progress changes many times a minute. */
function Ready({ account, platform, catalogue, session }: { account: Account; platform: Platform | undefined; catalogue: Metric[]; session: Session }) {
  const [byId] = useState(() => new Map(catalogue.map((metric) => [metric.id, metric])));
  return <Dashboard account={account} platform={platform} catalogue={byId} session={session} />;
}

export function NotFound() {
  const t = words.value.failed;
  useTitle(t.notFound);
  return (
    <Message
      icon="info"
      page
      title={t.notFound}
      testid="not-found"
      actions={
        <Link href="/" class="button primary">
          {t.home}
        </Link>
      }
    >
      {t.notFoundText}
    </Message>
  );
}

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Link } from "wouter-preact";
import { useAccounts, useMetrics, usePlatforms } from "../api/queries";
import type { Account, Metric, Platform, Session } from "../api/types";
import type { AccountContext } from "../components/account-context";
import { DashboardSkeleton } from "../components/dashboard/skeleton";
import { Failure, Message } from "../components/message";
import { words } from "../i18n";
import { useTitle } from "../state/title";

interface Props {
  id: string;
  session: Session;
  children: (known: AccountContext) => ComponentChildren;
}

/** A page about one account, once what it needs to know about the account is here. */
export function AccountPage({ id, session, children }: Props) {
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
  if (!account) return <AccountNotFound />;
  const platform = platforms.data.find((one) => one.id === account.platform);
  return (
    <Ready key={account.id} account={account} platform={platform} metrics={metrics.data} session={session}>
      {children}
    </Ready>
  );
}

interface ReadyProps extends Omit<Props, "id"> {
  account: Account;
  platform: Platform | undefined;
  metrics: Metric[];
}

/** Keeps the map that the parts look things up in stable while the account's progress changes many times a minute. */
function Ready({ account, platform, metrics, session, children }: ReadyProps) {
  const [catalogue] = useState(() => new Map(metrics.map((metric) => [metric.id, metric])));
  return <>{children({ account, platform, catalogue, session })}</>;
}

/** It was deleted, maybe a moment ago, or never was here. */
function AccountNotFound() {
  const t = words.value.failed;
  useTitle(t.accountNotFound);
  return (
    <Message
      icon="unlink"
      page
      title={t.accountNotFound}
      testid="account-not-found"
      actions={
        <Link href="/" class="button primary">
          {words.value.overview.goTo}
        </Link>
      }
    >
      {t.accountNotFoundText}
    </Message>
  );
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

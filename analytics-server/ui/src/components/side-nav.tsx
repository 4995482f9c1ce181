import { Link, useLocation } from "wouter-preact";
import { useAccounts, usePlatforms } from "../api/queries";
import type { Account, Family, Session } from "../api/types";
import { localized, words } from "../i18n";
import { accountStatus, historyState, progressText } from "./account-status";
import { Brand, Icon } from "./icon";
import { PlatformMark } from "./platform-mark";
import { UserMenu } from "./user-menu";

/** The linked accounts by family, the way to link another, and the reader's own settings. */
export function SideNav({ session }: { session: Session }) {
  const t = words.value.nav;
  const accounts = useAccounts();
  const [path] = useLocation();
  const shown = accounts.data?.filter((account) => account.state !== "archived") ?? [];
  return (
    <nav class="side-nav" aria-label={t.label}>
      <Link href="/" class="brand">
        <Brand />
        {words.value.product}
      </Link>
      {accounts.data && accounts.data.length > 0 && (
        <Link href="/" class="nav-account nav-all" aria-current={path === "/" ? "page" : undefined} data-testid="nav-all">
          <span class="nav-icon">
            <Icon name="grid" />
          </span>
          <span class="nav-name">{t.all}</span>
        </Link>
      )}
      <div class="nav-accounts">
        <NavGroup family="ads" accounts={shown} path={path} />
        <NavGroup family="media" accounts={shown} path={path} />
        {accounts.isPending && <NavSkeleton />}
      </div>
      {session.role !== "viewer" && (
        <Link href="/add-account" class="add-account" data-testid="add-account" aria-current={path === "/add-account" ? "page" : undefined}>
          <Icon name="plus" />
          {t.add}
        </Link>
      )}
      <UserMenu session={session} />
    </nav>
  );
}

function NavGroup({ family, accounts, path }: { family: Family; accounts: Account[]; path: string }) {
  const members = accounts.filter((account) => account.family === family);
  if (members.length === 0) return null;
  return (
    <>
      <h2 class="nav-heading">{words.value.nav[family]}</h2>
      <ul>
        {members.map((account) => (
          <NavAccount key={account.id} account={account} current={path === `/accounts/${account.id}` || path.startsWith(`/accounts/${account.id}/`)} />
        ))}
      </ul>
    </>
  );
}

function NavAccount({ account, current }: { account: Account; current: boolean }) {
  const platform = usePlatforms().data?.find(({ id }) => id === account.platform);
  const name = platform ? localized(platform.name) : account.platform;
  const { tone, text } = accountStatus(account);
  const trouble = tone === "bad" || account.state === "needs_relink";
  return (
    <li>
      <Link
        href={`/accounts/${account.id}`}
        class="nav-account"
        aria-current={current ? "page" : undefined}
        data-testid={`nav-account-${account.id}`}
        data-state={account.state}
        title={`${account.name} · ${text}`}
      >
        <PlatformMark platform={account.platform} name={name} />
        <span class="nav-text">
          <span class="nav-name">{account.name}</span>
          <span class={trouble ? `nav-sub ${tone}` : "nav-sub"}>
            {trouble ? text : [name, account.currency].filter(Boolean).join(" · ")}
          </span>
        </span>
        {historyState(account) === "loading" && tone === "busy" ? (
          <span class="nav-percent" aria-hidden="true">
            {progressText(account)}
          </span>
        ) : (
          <span class={`dot ${tone}`} aria-hidden="true" />
        )}
        {!trouble && <span class="sr-only">{text}</span>}
      </Link>
    </li>
  );
}

function NavSkeleton() {
  return (
    <div class="nav-skeleton late" aria-hidden="true">
      {[0, 1, 2].map((row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}

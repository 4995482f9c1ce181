import { Link, useSearch } from "wouter-preact";
import type { Session } from "../api/types";
import { Accounts } from "../components/account-context";
import { AccountHeader } from "../components/account-header";
import { StateBanner } from "../components/banners/state-banner";
import { ActionsCard } from "../components/data/actions-card";
import { CoverageCard } from "../components/data/coverage-card";
import { FiguresCard } from "../components/data/figures-card";
import { NotOfferedCard } from "../components/data/not-offered-card";
import { RemovalProof } from "../components/data/removal-proof";
import { Icon } from "../components/icon";
import { TermsCard } from "../components/terms/terms-card";
import { words } from "../i18n";
import { querySuffix } from "../state/period-url";
import { removal } from "../state/removal";
import { AccountPage } from "./account";

/** What is stored of an account, and what can be done with it. */
export function AccountDataPage({ id, session }: { id: string; session: Session }) {
  const gone = removal.value;
  const search = querySuffix(useSearch());
  if (gone?.account.id === id) return <RemovalProof {...gone} />;
  return (
    <AccountPage id={id} session={session}>
      {(known) => (
        <Accounts.Provider value={known}>
          <div class="account-data" data-testid="account-data">
            <AccountHeader part={words.value.data.title}>
              <Link href={`/accounts/${id}${search}`} class="button control" data-testid="dashboard-link">
                <Icon name="bars" size={14} />
                {words.value.data.dashboard}
              </Link>
            </AccountHeader>
            <StateBanner />
            <div class="data-columns">
              <CoverageCard />
              <div class="data-aside">
                <FiguresCard />
                <ActionsCard />
                <TermsCard />
                <NotOfferedCard />
              </div>
            </div>
          </div>
        </Accounts.Provider>
      )}
    </AccountPage>
  );
}

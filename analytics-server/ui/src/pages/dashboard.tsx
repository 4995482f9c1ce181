import type { Session } from "../api/types";
import { Dashboard } from "../components/dashboard/dashboard";
import { AccountPage } from "./account";

/** The dashboard of one account. */
export function DashboardPage({ id, session }: { id: string; session: Session }) {
  return (
    <AccountPage id={id} session={session}>
      {(known) => <Dashboard {...known} />}
    </AccountPage>
  );
}

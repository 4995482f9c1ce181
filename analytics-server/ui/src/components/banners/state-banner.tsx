import { useAccount } from "../account-context";
import { historyState } from "../account-status";
import { AccessEndsBanner, ArchivedBanner, MissingScopeBanner, RelinkBanner } from "./access-banners";
import { BackfillBanner, HistoryWaitsBanner } from "./backfill-banner";
import { ErrorBanner } from "./error-banner";

/** What the reader should know or do about the account before reading its figures; nothing when all is well. */
export function StateBanner() {
  const { account } = useAccount();
  if (account.state === "archived") return <ArchivedBanner />;
  if (account.state === "needs_relink") return <RelinkBanner />;
  return (
    <>
      <AccessEndsBanner />
      <SyncBanner />
      <MissingScopeBanner />
    </>
  );
}

/** A failure comes before the history that waits for it, but not before one that is on its way again. */
function SyncBanner() {
  const { account } = useAccount();
  const history = historyState(account);
  if (account.state === "error") return <ErrorBanner />;
  if (history === "loading") return <BackfillBanner />;
  if (account.error) return <ErrorBanner />;
  return history === "waiting" ? <HistoryWaitsBanner /> : null;
}

import { useAccount } from "../account-context";
import { AccessEndsBanner, ArchivedBanner, MissingScopeBanner, RelinkBanner } from "./access-banners";
import { BackfillBanner } from "./backfill-banner";
import { ErrorBanner } from "./error-banner";

/** What the reader should know or do about the account before reading its figures; nothing when all is well. */
export function StateBanner() {
  const { account } = useAccount();
  if (account.state === "archived") return <ArchivedBanner />;
  if (account.state === "needs_relink") return <RelinkBanner />;
  return (
    <>
      <AccessEndsBanner />
      {account.state === "error" || (account.error && !account.sync.backfilling) ? <ErrorBanner /> : account.sync.backfilling && <BackfillBanner />}
      <MissingScopeBanner />
    </>
  );
}

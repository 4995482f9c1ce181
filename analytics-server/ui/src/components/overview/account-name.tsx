import { Link } from "wouter-preact";
import { usePlatforms } from "../../api/queries";
import type { Account } from "../../api/types";
import { localized } from "../../i18n";
import { AccountPicture } from "../account-picture";

/** Which account a row is about; its name leads there. */
export function AccountName({ account, href }: { account: Account; href: string }) {
  const platform = usePlatforms().data?.find(({ id }) => id === account.platform);
  const name = platform ? localized(platform.name) : account.platform;
  return (
    <span class="account-name">
      <AccountPicture account={account} platform={name} />
      <span class="account-words">
        <Link href={href} class="row-link" data-testid={`open-${account.id}`} title={account.name}>
          {account.name}
        </Link>
        <span class="account-platform">{name}</span>
      </span>
    </span>
  );
}

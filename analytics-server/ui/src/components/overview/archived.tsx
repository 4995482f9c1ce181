import { useState } from "preact/hooks";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { Icon } from "../icon";
import { AccountName } from "./account-name";

/** What was unlinked stays out of the way, but can be found: its figures are kept. */
export function ArchivedAccounts({ accounts }: { accounts: Account[] }) {
  const [open, setOpen] = useState(false);
  if (accounts.length === 0) return null;
  const t = words.value.overview;
  return (
    <section class="archived">
      <button type="button" class="text-button" aria-expanded={open} data-testid="show-archived" onClick={() => setOpen(!open)}>
        <Icon name={open ? "chevron" : "right"} size={14} />
        {t.archived(accounts.length)}
      </button>
      {open && (
        <ul class="card archived-list">
          {accounts.map((account) => (
            <li key={account.id} data-testid={`archived-${account.id}`}>
              <AccountName account={account} href={`/accounts/${account.id}/data`} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

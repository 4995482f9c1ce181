import { Link } from "wouter-preact";
import { localized, words } from "../../i18n";
import { AccountPicture } from "../account-picture";
import { isOpen, type GrantAccount } from "./choices";

interface Props {
  account: GrantAccount;
  /** The platform's name. */
  platform: string;
  chosen: boolean;
  toggle: () => void;
}

/** One account that the reader's consent reached; one that cannot be read is shown, with why. */
export function AccountChoice({ account, platform, chosen, toggle }: Props) {
  const t = words.value.connect;
  const id = `choice-${account.platform}-${account.external_id}`;
  // Without a name of its own it is called by its id.
  const details = [account.name !== account.external_id && account.external_id, account.time_zone, account.currency].filter(Boolean).join(" · ");
  const shut = account.linked === null && !account.linkable;
  return (
    <li class={`choice${isOpen(account) ? "" : " shut"}${shut ? " unreadable" : ""}`}>
      <input
        type="checkbox"
        id={id}
        data-testid={`account-choice-${account.external_id}`}
        checked={chosen || account.linked !== null}
        disabled={!isOpen(account)}
        onChange={toggle}
        aria-describedby={`${id}-about`}
      />
      <label for={id}>
        <AccountPicture account={account} platform={platform} />
        <span class="choice-text">
          <span class="choice-name">{account.name}</span>
        </span>
      </label>
      <div class="choice-about" id={`${id}-about`}>
        <span>{details}</span>
        {account.status !== "active" && (
          <span class="warn-text">
            {t.status[account.status]}
            {!account.note && ` – ${t.stillReadable}`}
          </span>
        )}
        {account.note && <span>{localized(account.note)}</span>}
        {account.unlinked && <span>{t.unlinked}</span>}
      </div>
      {account.linked && (
        <Link href={`/accounts/${account.linked}`} class="choice-linked">
          {t.linked}
        </Link>
      )}
    </li>
  );
}

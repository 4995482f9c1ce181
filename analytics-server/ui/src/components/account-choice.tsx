import { Link } from "wouter-preact";
import { usePlatforms } from "../api/queries";
import type { GrantAccount } from "../api/types";
import { localized, words } from "../i18n";
import { PlatformMark } from "./platform-mark";

/** One account that the reader's consent reached. */
export function AccountChoice({ account, chosen, toggle }: { account: GrantAccount; chosen: boolean; toggle: () => void }) {
  const t = words.value.connect;
  const platform = usePlatforms().data?.find(({ id }) => id === account.platform);
  const name = platform ? localized(platform.name) : account.platform;
  const id = `choice-${account.platform}-${account.external_id}`;
  const details = [name, account.external_id, account.time_zone, account.currency].filter(Boolean).join(" · ");
  return (
    <li class={account.linked ? "choice linked" : "choice"}>
      <input
        type="checkbox"
        id={id}
        data-testid={`account-choice-${account.external_id}`}
        checked={chosen || account.linked !== null}
        disabled={account.linked !== null}
        onChange={toggle}
        aria-describedby={`${id}-about`}
      />
      <label for={id}>
        <PlatformMark platform={account.platform} name={name} />
        <span class="choice-text">
          <span class="choice-name">{account.name}</span>
        </span>
      </label>
      <div class="choice-about" id={`${id}-about`}>
        <span>{details}</span>
        {account.status !== "active" && (
          <span class="warn-text">
            {t.status[account.status]} – {t.stillReadable}
          </span>
        )}
        {account.note && <span>{localized(account.note)}</span>}
      </div>
      {account.linked && (
        <Link href={`/accounts/${account.linked}`} class="choice-linked">
          {t.linked}
        </Link>
      )}
    </li>
  );
}

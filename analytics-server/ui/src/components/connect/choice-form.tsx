import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { linkAccounts } from "../../api/actions";
import { useAccounts, usePlatforms } from "../../api/queries";
import { localized, words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { PlatformMark } from "../platform-mark";
import { useAction } from "../use-action";
import { AccountChoice } from "./account-choice";
import { choiceKey, choicesByPlatform, isOpen, reopenUnlinked, toggleAll, type GrantAccount, type PlatformChoices } from "./choices";

interface Props {
  provider: string;
  grant: string;
  accounts: GrantAccount[];
}

/** The accounts of every platform that the consent reached, to choose from. */
export function ChoiceForm({ provider, grant, accounts: found }: Props) {
  const t = words.value.connect;
  const [, navigate] = useLocation();
  const platforms = usePlatforms().data ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const accounts = reopenUnlinked(found, useAccounts().data ?? []);
  const open = accounts.filter(isOpen);
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  const link = useAction(async () => {
    const linked = await linkAccounts(grant, open.filter((account) => chosen.has(choiceKey(account))));
    const [only] = linked;
    navigate(only && linked.length === 1 ? `/accounts/${only.id}` : "/", { replace: true });
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        link.run();
      }}
    >
      <p class="lead">{open.length > 0 ? t.lead : t.allLinked}</p>
      {choicesByPlatform(accounts, platforms, provider).map((choices) => (
        <PlatformGroup key={choices.id} choices={choices} chosen={chosen} toggle={toggle} toggleAll={() => setChosen(toggleAll(chosen, choices.accounts))} />
      ))}
      {link.failure && (
        <p class="notice bad" role="alert">
          {link.failure}
        </p>
      )}
      <div class="form-actions">
        {open.length > 0 ? (
          <>
            <button type="submit" class="button primary" disabled={link.working || chosen.size === 0} data-testid="link-selected">
              {link.working ? t.working : t.link(chosen.size)}
            </button>
            <Link href="/" class="button">
              {words.value.cancel}
            </Link>
          </>
        ) : (
          <Link href="/" class="button primary">
            {t.open}
          </Link>
        )}
      </div>
    </form>
  );
}

interface GroupProps {
  choices: PlatformChoices;
  chosen: ReadonlySet<string>;
  toggle: (key: string) => void;
  toggleAll: () => void;
}

function PlatformGroup({ choices: { id, platform, accounts }, chosen, toggle, toggleAll }: GroupProps) {
  const t = words.value.connect;
  const name = platform ? localized(platform.name) : id;
  const open = accounts.filter(isOpen);
  const all = open.every((account) => chosen.has(choiceKey(account)));
  const hints: Record<string, string> = t.noneOf;
  return (
    <section class="choice-group" aria-labelledby={`choices-${id}`} data-testid={`choices-${id}`}>
      <header>
        <PlatformMark platform={id} name={name} size={22} />
        <h2 id={`choices-${id}`}>{name}</h2>
        <span class="muted">{plainCount(accounts.length, language.value)}</span>
        {open.length > 1 && (
          <button type="button" class="text-button" data-testid={`choose-all-${id}`} onClick={toggleAll}>
            {all ? t.none : t.all}
            <span class="sr-only">
              {" "}
              ({name})
            </span>
          </button>
        )}
      </header>
      {accounts.length === 0 ? (
        <p class="notice">{hints[id] ?? t.noneOfAny}</p>
      ) : (
        <ul class="card choices">
          {accounts.map((account) => (
            <AccountChoice
              key={choiceKey(account)}
              account={account}
              platform={name}
              chosen={chosen.has(choiceKey(account))}
              toggle={() => toggle(choiceKey(account))}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

import { useState } from "preact/hooks";
import { Link, useLocation } from "wouter-preact";
import { linkAccounts } from "../../api/actions";
import { useAccounts, usePlatforms } from "../../api/queries";
import type { GrantAccounts } from "../../api/types";
import { localized, words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { PlatformMark } from "../platform-mark";
import { useAction } from "../use-action";
import { AccountChoice } from "./account-choice";
import { choiceKey, choicesByPlatform, isOpen, matching, missingScopesOf, reopenUnlinked, toggleAll, type GrantAccount, type PlatformChoices } from "./choices";
import { ChoiceLead } from "./choice-lead";
import { PlatformTrouble } from "./platform-trouble";
import { StartAgain } from "./start-again";

/** From so many accounts on it is easier to search than to look. */
const MANY = 8;

interface Props {
  provider: string;
  found: GrantAccounts;
  /** Asks once more what the consent reaches. */
  retry: () => void;
}

/** The accounts of every platform that the consent reached, to choose from. */
export function ChoiceForm({ provider, found, retry }: Props) {
  const t = words.value.connect;
  const [, navigate] = useLocation();
  const platforms = usePlatforms().data ?? [];
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [text, setText] = useState("");
  const accounts = reopenUnlinked(found.accounts, useAccounts().data ?? []);
  const open = accounts.filter(isOpen);
  const groups = choicesByPlatform(accounts, platforms, provider, found.platforms);
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  };
  const link = useAction(async () => {
    const linked = await linkAccounts(found.grant.id, open.filter((account) => chosen.has(choiceKey(account))));
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
      <ChoiceLead accounts={accounts} provider={provider} />
      {accounts.length > MANY && (
        <input
          type="search"
          class="input choice-search"
          placeholder={t.find}
          aria-label={t.find}
          value={text}
          data-testid="find-account"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          // Enter would link what is chosen so far.
          onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
        />
      )}
      {groups.map((choices) => (
        <PlatformGroup
          key={choices.id}
          choices={choices}
          shown={matching(choices.accounts, text)}
          chosen={chosen}
          toggle={toggle}
          toggleAll={() => setChosen(toggleAll(chosen, matching(choices.accounts, text)))}
          retry={retry}
        />
      ))}
      {link.failure && (
        <p class="notice bad" role="alert">
          {link.failure}
        </p>
      )}
      {open.length > 0 && (
        <div class="form-actions">
          <button type="submit" class="button primary" disabled={link.working || chosen.size === 0} data-testid="link-selected">
            {link.working ? t.working : t.link(chosen.size)}
          </button>
          <Link href="/" class="button">
            {words.value.cancel}
          </Link>
          {groups.some((choices) => missingScopesOf(choices).length > 0) && <StartAgain provider={provider} label={t.allowMore} quiet />}
        </div>
      )}
    </form>
  );
}

interface GroupProps {
  choices: PlatformChoices;
  /** Those of its accounts that were searched for. */
  shown: GrantAccount[];
  chosen: ReadonlySet<string>;
  toggle: (key: string) => void;
  toggleAll: () => void;
  retry: () => void;
}

function PlatformGroup({ choices, shown, chosen, toggle, toggleAll, retry }: GroupProps) {
  const { id, platform, accounts, reached } = choices;
  const t = words.value.connect;
  const name = platform ? localized(platform.name) : id;
  const open = shown.filter(isOpen);
  const all = open.every((account) => chosen.has(choiceKey(account)));
  const hints: Record<string, string> = t.noneOf;
  // What keeps the accounts away is said already.
  const shut = reached?.error != null || missingScopesOf(choices).some(({ required }) => required);
  return (
    <section class="choice-group" aria-labelledby={`choices-${id}`} data-testid={`choices-${id}`}>
      <header>
        <PlatformMark platform={id} name={name} size={22} />
        <h2 id={`choices-${id}`}>{name}</h2>
        <span class="muted">{plainCount(shown.length, language.value)}</span>
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
      <PlatformTrouble choices={choices} retry={retry} />
      {accounts.length === 0 ? (
        !shut && <p class="notice">{hints[id] ?? t.noneOfAny}</p>
      ) : shown.length === 0 ? (
        <p class="muted">{t.noneFound}</p>
      ) : (
        <ul class="card choices">
          {shown.map((account) => (
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

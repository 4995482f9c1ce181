import { Link } from "wouter-preact";
import { words } from "../../i18n";
import { Message } from "../message";
import { choiceLeft, type GrantAccount } from "./choices";
import { StartAgain } from "./start-again";

/** What can be done here; where nothing is left to choose, that is said first, with the ways on. */
export function ChoiceLead({ accounts, provider }: { accounts: GrantAccount[]; provider: string }) {
  const t = words.value.connect;
  const left = choiceLeft(accounts);
  if (left === "some") return <p class="lead">{t.lead(accounts.length === 1)}</p>;
  const { title, text, more } = accounts.length === 0 ? t.reachesNone : t.nothingLeft[left];
  return (
    <div class="card nothing-left" data-testid={left === "linked" ? "all-linked" : "nothing-to-link"}>
      <Message
        icon={left === "linked" ? "check" : "info"}
        title={title}
        actions={
          <>
            <Link href="/" class={left === "linked" ? "button primary" : "button"}>
              {words.value.overview.goTo}
            </Link>
            <StartAgain provider={provider} label={more} quiet={left === "linked"} />
          </>
        }
      >
        {left === "linked" ? text + words.value.space + (words.value.add.another[provider] ?? t.ifMissing) : text}
      </Message>
    </div>
  );
}

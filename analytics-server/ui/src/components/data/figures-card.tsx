import type { ComponentChildren } from "preact";
import { localized, words } from "../../i18n";
import { dayOfMoment, fullDay } from "../../i18n/dates";
import { fromLinking } from "../../state/history";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";

/** Since when what is known, and until when the provider answers. */
export function FiguresCard() {
  const { account, catalogue, platform, session } = useAccount();
  const t = words.value.data;
  const name = (id: string) => {
    const metric = catalogue.get(id);
    return metric ? localized(metric.label) : id;
  };
  const day = (date: string) => fullDay(date, language.value);
  const dayAt = (time: string, timeZone: string) => day(dayOfMoment(time, timeZone));
  return (
    <section class="card data-card" aria-labelledby="figures-title">
      <h2 id="figures-title">{t.figures}</h2>
      <dl class="facts">
        <Fact term={platform && fromLinking(platform).allButPosts ? t.postsPerDay : t.daily}>{account.covered_from ? t.since(day(account.covered_from)) : account.state === "archived" ? words.value.figure.noValue : t.notYet}</Fact>
        {Object.entries(account.since).map(([metric, since]) => (
          <Fact key={metric} term={name(metric)} note={t.asOfNow}>
            {t.since(day(since))}
          </Fact>
        ))}
        {account.posts_since && (
          <Fact term={t.postAmounts} note={t.asOfNow}>
            {t.since(day(account.posts_since))}
          </Fact>
        )}
        {/* In the account's own days, as those above: its history cannot begin on the day before. */}
        <Fact term={t.linked}>{dayAt(account.linked_at, account.time_zone)}</Fact>
        {account.access_ends_at && (
          <Fact term={t.access} note={t.accessNote}>
            {t.until(dayAt(account.access_ends_at, session.workspace.time_zone))}
          </Fact>
        )}
      </dl>
    </section>
  );
}

function Fact({ term, note, children }: { term: string; note?: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>
        {term}
        {note && <span class="muted">{note}</span>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

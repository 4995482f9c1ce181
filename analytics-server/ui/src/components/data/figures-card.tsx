import type { ComponentChildren } from "preact";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { withheldText } from "../dashboard/withheld-text";

/** Since when what is known, what the account does not get, and until when the provider answers. */
export function FiguresCard() {
  const { account, catalogue, platform } = useAccount();
  const t = words.value.data;
  const name = (id: string) => {
    const metric = catalogue.get(id);
    return metric ? localized(metric.label) : id;
  };
  const day = (date: string) => fullDay(date, language.value);
  return (
    <section class="card data-card" aria-labelledby="figures-title">
      <h2 id="figures-title">{t.figures}</h2>
      <dl class="facts">
        <Fact term={t.daily}>{account.covered_from ? t.since(day(account.covered_from)) : t.notYet}</Fact>
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
        <Fact term={t.linked}>{day(account.linked_at.slice(0, 10))}</Fact>
        {account.access_ends_at && (
          <Fact term={t.access} note={t.accessNote}>
            {t.until(day(account.access_ends_at.slice(0, 10)))}
          </Fact>
        )}
      </dl>
      {account.not_offered.length > 0 && (
        <>
          <h3>{t.notOffered}</h3>
          <ul class="not-offered" data-testid="not-offered">
            {account.not_offered.map((one) => (
              <li key={one.metric}>
                <strong>{name(one.metric)}</strong>
                <span>{withheldText(one, platform)}</span>
              </li>
            ))}
          </ul>
        </>
      )}
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

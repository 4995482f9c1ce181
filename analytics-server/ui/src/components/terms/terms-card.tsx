import { useState } from "preact/hooks";
import { words } from "../../i18n";
import { daysOfTerms, termOn } from "../../state/cost-terms";
import { useAccount } from "../account-context";
import { Icon } from "../icon";
import { daysText, exampleText, termText } from "./term-words";
import { TermsDialog } from "./terms-dialog";

/** What is billed beside the cost of an account's ads, and since when. */
export function TermsCard() {
  const { account, session } = useAccount();
  const [editing, setEditing] = useState(false);
  if (account.family !== "ads") return null;
  const t = words.value.terms;
  const days = daysOfTerms(account.cost_terms);
  const now = termOn(account.cost_terms, session.today);
  const ofNow = days.find(({ term }) => term === now);
  const others = days.filter((one) => one !== ofNow).reverse();
  return (
    <section class="card data-card" aria-labelledby="terms-title" data-testid="terms">
      <h2 id="terms-title">{t.title}</h2>
      {ofNow ? (
        <>
          <h3>{termText(ofNow.term)}</h3>
          <p class="field-hint">{daysText(ofNow)}</p>
          <p class="field-hint">{exampleText(ofNow.term, account)}</p>
        </>
      ) : (
        <p class="field-hint">{others.length > 0 ? t.notYet : t.about}</p>
      )}
      {others.length > 0 && (
        <>
          <h3>{t.others}</h3>
          <dl class="facts stacked">
            {others.map((one) => (
              <div key={one.start}>
                <dt>{daysText(one)}</dt>
                <dd>{termText(one.term)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {session.role !== "viewer" && (
        <div class="data-actions">
          <button type="button" class="button" data-testid="terms-edit" onClick={() => setEditing(true)}>
            <Icon name="pencil" />
            {t.edit}
          </button>
        </div>
      )}
      {editing && <TermsDialog closed={() => setEditing(false)} />}
    </section>
  );
}

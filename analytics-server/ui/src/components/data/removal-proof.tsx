import { useEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import type { Removal } from "../../api/data-types";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { removal } from "../../state/removal";
import { useTitle } from "../../state/title";
import { Message } from "../message";
import { amountsInWords } from "./amounts-words";

/** In place of the account's page: what was removed, and that nothing is left. */
export function RemovalProof({ account, proof }: { account: Account; proof: Removal }) {
  const [, navigate] = useLocation();
  const t = words.value.data;
  useTitle(t.removed(account.name));
  useEffect(() => {
    // The dialog that was confirmed is gone: reading goes on here.
    document.getElementById("content")?.focus();
    return () => {
      removal.value = null;
    };
  }, []);
  return (
    <Message
      page
      icon="check"
      title={t.removed(account.name)}
      testid="removal-proof"
      actions={
        <button type="button" class="button primary" data-testid="removal-done" onClick={() => navigate("/", { replace: true })}>
          {words.value.overview.goTo}
        </button>
      }
    >
      <ul class="removed">
        {amountsInWords(proof.removed, account).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>
        <strong>{proof.left === 0 ? t.nothingLeft : t.left(plainCount(proof.left, language.value), proof.left === 1)}</strong>
      </p>
    </Message>
  );
}

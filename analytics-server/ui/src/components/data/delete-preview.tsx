import { useContents } from "../../api/data-queries";
import { words } from "../../i18n";
import { useAccount } from "../account-context";
import { Field } from "../field";
import { errorText } from "../message";
import { amountsInWords } from "./amounts-words";

/** What deleting would take away, and the account's name to be typed, so that nobody does it by accident. */
export function DeletePreview({ typed, type }: { typed: string; type: (text: string) => void }) {
  const { account } = useAccount();
  const contents = useContents(account.id, true);
  const t = words.value.data;
  return (
    <>
      <div class="delete-preview" data-testid="delete-preview" aria-busy={contents.isPending}>
        <p>
          <strong>{t.wouldGo}</strong>
        </p>
        {contents.data ? (
          <ul>
            {amountsInWords(contents.data, account).map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        ) : contents.isError ? (
          <p class="field-error" role="alert">
            {errorText(contents.error)}
          </p>
        ) : (
          <div class="skeleton preview-skeleton" aria-hidden="true" />
        )}
        <p>{t.noWayBack}</p>
      </div>
      <Field
        id="typed-name"
        label={t.typeName(account.name)}
        value={typed}
        autoComplete="off"
        spellcheck={false}
        data-testid="unlink-name"
        onInput={(event) => type(event.currentTarget.value)}
      />
    </>
  );
}

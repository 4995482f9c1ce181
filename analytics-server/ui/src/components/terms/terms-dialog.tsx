import { useState } from "preact/hooks";
import { setCostTerms } from "../../api/actions";
import { Problem } from "../../api/http";
import { words } from "../../i18n";
import { useAccount } from "../account-context";
import { Dialog } from "../dialog";
import { Icon } from "../icon";
import { errorText } from "../message";
import { useErrorFocus } from "../use-error-focus";
import { entryAt, inOrder, newRow, problemsOf, rowOf, termOf, type TermRow } from "./rows";
import { TermFields } from "./term-fields";

/** The terms of an ad account, to be changed. */
export function TermsDialog({ closed }: { closed: () => void }) {
  return (
    <Dialog title={words.value.terms.title} closed={closed} testid="terms-dialog">
      {(close) => <TermsForm close={close} />}
    </Dialog>
  );
}

function TermsForm({ close }: { close: () => void }) {
  const { account, session } = useAccount();
  const t = words.value.terms;
  const [rows, setRows] = useState(() => (account.cost_terms.length > 0 ? account.cost_terms.map(rowOf) : [newRow(`${session.today.slice(0, 8)}01`)]));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [working, setWorking] = useState(false);
  const form = useErrorFocus(errors);
  const focus = (selector: string) => requestAnimationFrame(() => [...(form.current?.querySelectorAll<HTMLElement>(selector) ?? [])].at(-1)?.focus());
  const save = async () => {
    const sorted = inOrder(rows);
    const problems = Object.entries(problemsOf(sorted)).map(([entry, problem]) => [entry, t.problems[problem]]);
    setErrors(Object.fromEntries(problems));
    if (problems.length > 0) return;
    setRows(sorted);
    setWorking(true);
    try {
      await setCostTerms(account.id, sorted.map(termOf));
      close();
    } catch (reason) {
      const entry = reason instanceof Problem ? entryAt(reason.field, sorted) : null;
      setErrors(entry ? { [entry]: words.value.setup.refused } : { form: errorText(reason) });
      setWorking(false);
    }
  };
  return (
    <form
      class="form"
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {errors.form && (
        <p class="notice bad" role="alert">
          {errors.form}
        </p>
      )}
      {rows.length === 0 && <p class="field-hint">{t.about}</p>}
      {rows.map((row) => (
        <TermFields
          key={row.key}
          row={row}
          errors={errors}
          change={(change: Partial<TermRow>) => setRows(rows.map((one) => (one === row ? { ...row, ...change } : one)))}
          remove={() => {
            setRows(rows.filter((one) => one !== row));
            focus(".text-button");
          }}
        />
      ))}
      <div class="dialog-actions">
        <button
          type="button"
          class="text-button"
          data-testid="terms-add"
          onClick={() => {
            setRows([...rows, newRow("")]);
            focus("[type=date]");
          }}
        >
          <Icon name="plus" size={14} />
          {t.add}
        </button>
        <button type="button" class="button" onClick={close}>
          {words.value.cancel}
        </button>
        <button type="submit" class="button primary" disabled={working} data-testid="terms-save">
          {words.value.data.save}
        </button>
      </div>
    </form>
  );
}

import { useState } from "preact/hooks";
import { renameAccount } from "../../api/actions";
import { words } from "../../i18n";
import { useAccount } from "../account-context";
import { Dialog } from "../dialog";
import { Field } from "../field";
import { errorText } from "../message";

/** As many characters as the server takes. */
const longestName = 200;

/** Another name for the account, here only. */
export function RenameDialog({ closed }: { closed: () => void }) {
  const { account } = useAccount();
  const t = words.value.data;
  const [name, setName] = useState(account.name);
  const [working, setWorking] = useState(false);
  const [error, setError] = useState<string | undefined>();
  const save = async (close: () => void) => {
    setWorking(true);
    setError(undefined);
    try {
      await renameAccount(account.id, name.trim());
      close();
    } catch (reason) {
      setError(errorText(reason));
      setWorking(false);
    }
  };
  return (
    <Dialog title={t.rename} closed={closed} testid="rename-dialog">
      {(close) => (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            void save(close);
          }}
        >
          <Field
            id="account-name"
            label={t.name}
            hint={t.nameHint}
            error={error}
            value={name}
            required
            maxLength={longestName}
            autoFocus
            data-testid="rename-name"
            onInput={(event) => setName(event.currentTarget.value)}
          />
          <div class="dialog-actions">
            <button type="button" class="button" onClick={close}>
              {words.value.cancel}
            </button>
            <button type="submit" class="button primary" disabled={working || name.trim() === ""} data-testid="rename-save">
              {t.save}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

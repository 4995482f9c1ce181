import { useState } from "preact/hooks";
import { forgetAccount } from "../../api/account-cache";
import { archiveAccount, purgeAccount } from "../../api/actions";
import { words } from "../../i18n";
import { announce } from "../../state/announce";
import { removal } from "../../state/removal";
import { useAccount } from "../account-context";
import { Dialog } from "../dialog";
import { useAction } from "../use-action";
import { DeletePreview } from "./delete-preview";

type Mode = "keep" | "purge";

/** No more updates from now on: and what becomes of the data. */
export function UnlinkDialog({ closed }: { closed: () => void }) {
  const { account } = useAccount();
  const archived = account.state === "archived";
  const t = words.value.data;
  return (
    <Dialog title={archived ? t.deleteTitle(account.name) : t.unlinkTitle(account.name)} closed={closed} testid="unlink-dialog">
      {(close) => <UnlinkForm close={close} archived={archived} />}
    </Dialog>
  );
}

function UnlinkForm({ close, archived }: { close: () => void; archived: boolean }) {
  const { account } = useAccount();
  const [mode, setMode] = useState<Mode>(archived ? "purge" : "keep");
  const [typed, setTyped] = useState("");
  const t = words.value.data;
  const unlink = useAction(async () => {
    if (mode === "keep") {
      await archiveAccount(account.id);
      announce(t.unlinked(account.name));
    } else {
      // The proof first: without it the page would only know that the account is gone.
      removal.value = { account, proof: await purgeAccount(account.id) };
      forgetAccount(account.id);
    }
    close();
  });
  const ready = mode === "keep" || typed.trim() === account.name.trim();
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) unlink.run();
      }}
    >
      {!archived && <Modes mode={mode} choose={setMode} />}
      {mode === "purge" && <DeletePreview typed={typed} type={setTyped} />}
      {unlink.failure && (
        <p class="notice bad" role="alert">
          {unlink.failure}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button" onClick={close}>
          {words.value.cancel}
        </button>
        <button type="submit" class={mode === "purge" ? "button danger filled" : "button primary"} disabled={!ready || unlink.working} data-testid="unlink-confirm">
          {unlink.working ? t.working : mode === "purge" ? t.deleteAll : t.unlinkKeep}
        </button>
      </div>
    </form>
  );
}

/** Keep what is here, or delete it; the latter is the owners' to decide. */
function Modes({ mode, choose }: { mode: Mode; choose: (mode: Mode) => void }) {
  const { session } = useAccount();
  const t = words.value.data;
  const owner = session.role === "owner";
  return (
    <fieldset class="modes">
      <legend class="sr-only">{t.whatOfData}</legend>
      {(["keep", "purge"] satisfies Mode[]).map((one) => {
        const disabled = one === "purge" && !owner;
        return (
          <div class={disabled ? "mode disabled" : "mode"} key={one}>
            <input
              type="radio"
              name="mode"
              id={`mode-${one}`}
              data-testid={`unlink-${one}`}
              checked={mode === one}
              disabled={disabled}
              aria-describedby={`mode-${one}-about`}
              onChange={() => choose(one)}
            />
            <label for={`mode-${one}`}>{t.modes[one]}</label>
            <p id={`mode-${one}-about`}>{disabled ? t.ownersOnly : t.modesAbout[one]}</p>
          </div>
        );
      })}
    </fieldset>
  );
}

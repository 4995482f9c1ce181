import { useState } from "preact/hooks";
import { syncNow } from "../../api/actions";
import type { Account } from "../../api/types";
import { words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { Icon } from "../icon";
import { useAction } from "../use-action";
import { RenameDialog } from "./rename-dialog";
import { UnlinkDialog } from "./unlink-dialog";

/** What can be done with the account; those who only read see none of it. */
export function ActionsCard() {
  const { account, session } = useAccount();
  const [asked, setAsked] = useState<"rename" | "unlink" | null>(null);
  const t = words.value.data;
  if (session.role === "viewer") return null;
  const archived = account.state === "archived";
  // What is unlinked already can only be deleted, and that is the owners' to do.
  const canUnlink = !archived || session.role === "owner";
  return (
    <section class="card data-card" aria-labelledby="actions-title">
      <h2 id="actions-title">{t.actions}</h2>
      <div class="data-actions">
        <Refresh />
        <button type="button" class="button" data-testid="rename" onClick={() => setAsked("rename")}>
          <Icon name="pencil" />
          {t.rename}
        </button>
        {canUnlink && (
          <button type="button" class="button danger" data-testid="unlink" onClick={() => setAsked("unlink")}>
            <Icon name="unlink" />
            {archived ? t.deleteAll : t.unlink}
          </button>
        )}
      </div>
      {asked === "rename" && <RenameDialog closed={() => setAsked(null)} />}
      {asked === "unlink" && <UnlinkDialog closed={() => setAsked(null)} />}
    </section>
  );
}

function Refresh() {
  const { account, session } = useAccount();
  const t = words.value.data;
  const refresh = useAction(() => syncNow(account.id));
  const blocked = blockedBy(account);
  const updated = account.sync.last_success_at;
  return (
    <div>
      <button type="button" class="button" data-testid="refresh" disabled={blocked !== null || refresh.working} aria-describedby="refresh-about" onClick={refresh.run}>
        <Icon name="refresh" />
        {t.refresh}
      </button>
      <p class="field-hint" id="refresh-about" role="status">
        {blocked ?? (updated && words.value.accountState.updated(momentLabel(updated, session.workspace.time_zone, language.value, session.today)))}
      </p>
      {refresh.failure && (
        <p class="field-error" role="alert">
          {refresh.failure}
        </p>
      )}
    </div>
  );
}

/** Why no update can be asked for now; null where it can. */
function blockedBy({ state, sync }: Account): string | null {
  const t = words.value.data.blocked;
  if (state === "archived" || state === "needs_relink") return t.relink;
  if (sync.phase === "running") return t.running;
  return sync.phase === "queued" ? t.queued : null;
}

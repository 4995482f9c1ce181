import { startConnect } from "../../api/actions";
import { useAccounts } from "../../api/queries";
import { words } from "../../i18n";
import { forgetRelink, platformsToRelink, rememberRelink } from "../../state/relink";
import { useAccount } from "../account-context";
import { Icon } from "../icon";
import { useAction, type Action } from "../use-action";

/** Asks the provider for its consent again and comes back to this account. */
export function useRelink(): Action {
  const { account } = useAccount();
  const linked = useAccounts().data ?? [];
  return useAction(() => {
    // What was unlinked comes back only when it is chosen again.
    if (account.state === "archived") forgetRelink();
    else rememberRelink(account.id);
    return startConnect(account.provider, platformsToRelink(account, linked));
  });
}

interface Props {
  relink: Action;
  /** Where several buttons could be on one page: the one that matters most is the primary one. */
  quiet?: boolean;
  testid?: string;
}

export function RelinkButton({ relink, quiet, testid = "relink" }: Props) {
  const { session } = useAccount();
  if (session.role === "viewer") return null;
  return (
    <button type="button" class={quiet ? "button" : "button primary"} data-testid={testid} disabled={relink.working} onClick={relink.run}>
      <Icon name="link" />
      {words.value.banner.relinkButton}
    </button>
  );
}

import { startConnect } from "../../api/actions";
import type { Platform } from "../../api/types";
import { words } from "../../i18n";
import { forgetRelink } from "../../state/relink";
import { useAction } from "../use-action";

interface Props {
  provider: string;
  /** The provider's name. */
  name: string;
  /** Every platform that the consent reaches. */
  together: Platform[];
}

/** To the provider's page, which asks once for all that it can reach: another consent would replace the first. */
export function ConnectButton({ provider, name, together }: Props) {
  const t = words.value.add;
  const start = useAction(() => {
    forgetRelink();
    return startConnect(
      provider,
      together.map(({ id }) => id),
    );
  });
  return (
    <div class="connect">
      <button type="button" class="button primary" disabled={start.working} data-testid={`connect-${provider}`} onClick={start.run}>
        {start.working ? t.working : t.link(name)}
      </button>
      {start.failure && (
        <p class="field-error" role="alert">
          {[t.failed, start.failure].join(words.value.space)}
        </p>
      )}
    </div>
  );
}

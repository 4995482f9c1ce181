import { startConnect } from "../../api/actions";
import type { Platform } from "../../api/types";
import { localized, words } from "../../i18n";
import { forgetRelink } from "../../state/relink";
import { useAction } from "../use-action";

/** To the provider's page, which asks once for all that it can reach: another consent would replace the first. */
export function ConnectButton({ platform, together }: { platform: Platform; together: Platform[] }) {
  const t = words.value.add;
  const start = useAction(() => {
    forgetRelink();
    return startConnect(
      platform.provider,
      together.map(({ id }) => id),
    );
  });
  return (
    <>
      <button type="button" class="button primary wide" disabled={start.working} data-testid={`connect-${platform.id}`} onClick={start.run}>
        {start.working ? t.working : t.link(localized(platform.name))}
      </button>
      {start.failure && (
        <p class="field-error" role="alert">
          {t.failed} {start.failure}
        </p>
      )}
    </>
  );
}

import { words } from "../i18n";
import { offline } from "../state/online";
import { Icon } from "./icon";

export function OfflineBanner() {
  return (
    <div role="status" class="offline-place">
      {offline.value && (
        <div class="offline-banner" data-testid="offline">
          <Icon name="offline" />
          {words.value.offline.banner}
        </div>
      )}
    </div>
  );
}

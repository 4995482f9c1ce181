import { useEffect, useLayoutEffect } from "preact/hooks";
import { useLocation } from "wouter-preact";
import { words } from "../i18n";
import { notice, tell } from "../state/notice";
import { removedElsewhere } from "../state/removal";
import { Icon } from "./icon";

/** Something happened that brought the reader here; it stays until it is closed or they go on. */
export function PageNotice() {
  useLeavingRemoved();
  if (notice.value === null) return null;
  return (
    <div class="notice page-notice" data-testid="page-notice">
      <Icon name="info" />
      <span>{notice}</span>
      <button type="button" class="icon-button" aria-label={words.value.close} onClick={() => (notice.value = null)}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}

/** From the page of an account that somebody deleted to all accounts. */
function useLeavingRemoved() {
  const [path, navigate] = useLocation();
  const removed = removedElsewhere.value;
  // Before anything is drawn: the account's page would say for a moment that it does not exist.
  useLayoutEffect(() => {
    if (!removed) return;
    removedElsewhere.value = null;
    const page = `/accounts/${removed.id}`;
    if (path !== page && !path.startsWith(`${page}/`)) return;
    navigate("/", { replace: true });
    tell(words.value.overview.removedElsewhere(removed.name));
  }, [removed]);
  useEffect(() => {
    if (path !== "/") notice.value = null;
  }, [path]);
}

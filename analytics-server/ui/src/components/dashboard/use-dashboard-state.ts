import { useMemo } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import { formatState, parseState, type DashboardState } from "../../state/dashboard-url";

/** The dashboard's state as its address holds it, and the two ways to change the address. */
export function useDashboardState(account: string) {
  const search = useSearch();
  const [, navigate] = useLocation();
  const state = useMemo(() => parseState(search), [search]);
  const href = (change: Partial<DashboardState>) => {
    const query = formatState({ ...state, ...change });
    return `/accounts/${account}${query ? `?${query}` : ""}`;
  };
  const change = (next: Partial<DashboardState>, options?: { replace?: boolean }) => navigate(href(next), options);
  return { state, href, change };
}

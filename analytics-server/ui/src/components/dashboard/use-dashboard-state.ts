import { useMemo } from "preact/hooks";
import { useLocation, useSearch } from "wouter-preact";
import type { Account } from "../../api/types";
import { formatState, parseState, type DashboardState } from "../../state/dashboard-url";
import { usualRange } from "../../state/period-url";

/** The dashboard's state as its address holds it, and the two ways to change the address. */
export function useDashboardState({ id, family }: Account) {
  const search = useSearch();
  const [, navigate] = useLocation();
  const usual = usualRange(family);
  const state = useMemo(() => parseState(search, usual), [search, usual]);
  const href = (change: Partial<DashboardState>) => {
    const query = formatState({ ...state, ...change }, usual);
    return `/accounts/${id}${query ? `?${query}` : ""}`;
  };
  const change = (next: Partial<DashboardState>, options?: { replace?: boolean }) => navigate(href(next), options);
  return { state, href, change };
}

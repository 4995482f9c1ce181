import { useQuery } from "@tanstack/preact-query";
import { rememberSignedIn, wasSignedIn } from "../state/signed-in";
import { queryClient } from "./client";
import { getJson, postJson, Problem } from "./http";
import { keys } from "./keys";
import type { Published, PublishedRequest, Report, ReportRequest } from "./report-types";
import type { Costs } from "./costs-types";
import type { Account, Entity, GrantAccounts, Level, Metric, Platform, Session } from "./types";

export { keys, overview } from "./keys";

/** Who is signed in, or nobody; and whether the server still waits for its first user. */
export interface SessionState {
  session: Session | null;
  setupRequired: boolean;
}

async function loadSession(): Promise<SessionState> {
  try {
    const session = await getJson<Session>("/session");
    rememberSignedIn(true);
    return { session, setupRequired: false };
  } catch (error) {
    if (error instanceof Problem && error.status === 401) {
      rememberSignedIn(false);
      return { session: null, setupRequired: error.body.setup_required === true };
    }
    throw error;
  }
}

const sessionQuery = { queryKey: keys.session, queryFn: loadSession, staleTime: 5 * 60_000 };
const accountsQuery = {
  queryKey: keys.accounts,
  queryFn: async () => (await getJson<{ accounts: Account[] }>("/accounts")).accounts,
};
const platformsQuery = {
  queryKey: keys.platforms,
  queryFn: async () => (await getJson<{ platforms: Platform[] }>("/platforms")).platforms,
  staleTime: 5 * 60_000,
};
const metricsQuery = {
  queryKey: keys.metrics,
  queryFn: async () => (await getJson<{ metrics: Metric[] }>("/metrics")).metrics,
  staleTime: Infinity,
};

export const useSessionState = () => useQuery(sessionQuery);
export const useAccounts = () => useQuery(accountsQuery);
export const usePlatforms = () => useQuery(platformsQuery);
export const useMetrics = () => useQuery(metricsQuery);

/** Asks for everything the first screen needs at once, instead of one after the other; before sign-in only who it is. */
export function prefetchFirstScreen(): void {
  void queryClient.prefetchQuery(sessionQuery);
  if (!wasSignedIn()) return;
  void queryClient.prefetchQuery({ ...accountsQuery, retry: false });
  void queryClient.prefetchQuery({ ...platformsQuery, retry: false });
  void queryClient.prefetchQuery({ ...metricsQuery, retry: false });
}

export function useGrantAccounts(grant: string) {
  return useQuery({
    queryKey: keys.grant(grant),
    queryFn: ({ signal }) => getJson<GrantAccounts>(`/grants/${encodeURIComponent(grant)}/accounts`, signal),
    staleTime: 0,
  });
}

/** What reading costs this month. Owners alone are told; a server that does not know it has nothing to show. */
export const useCosts = (enabled: boolean) => useQuery({ queryKey: keys.costs, queryFn: () => getJson<Costs>("/costs"), enabled });

/** As many entities as the server gives at once. */
const entityPage = 1000;

/** An account's entities of a level, all of them, for breadcrumbs of links that were opened cold. */
export function useEntities(account: string, level: Level, parent: string | null, enabled: boolean) {
  return useQuery({
    queryKey: keys.entities(account, level, parent),
    queryFn: async ({ signal }) => {
      const found: Entity[] = [];
      for (;;) {
        const query = new URLSearchParams({ account, level, limit: String(entityPage), offset: String(found.length) });
        if (parent) query.set("parent", parent);
        const page = await getJson<{ entities: Entity[]; total: number }>(`/entities?${query}`, signal);
        found.push(...page.entities);
        if (page.entities.length === 0 || found.length >= page.total) return found;
      }
    },
    enabled,
  });
}

/** A report of one account, or of the overview. */
export const useReport = (scope: string, request: ReportRequest | null) => useFigures<Report>("/report", scope, request);

/** What an account's posts have collected, by the days on which they were published. */
export const usePublished = (scope: string, request: PublishedRequest | null) => useFigures<Published>("/report/published", scope, request);

/** While the next answer loads, the previous one of the same scope stays. */
function useFigures<Answer>(path: string, scope: string, request: object | null) {
  return useQuery({
    queryKey: [...keys.reportsOf(scope), path, request],
    queryFn: ({ signal }) => postJson<Answer>(path, request, signal),
    enabled: request !== null,
    // A filter that is changed back shows the answer at hand and asks again all the same.
    staleTime: 0,
    placeholderData: (previous, query) => (query?.queryKey[1] === scope ? previous : undefined),
  });
}

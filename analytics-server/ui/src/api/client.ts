import { QueryCache, QueryClient, type QueryKey } from "@tanstack/preact-query";
import { Problem, Unreachable } from "./http";
import { keys } from "./keys";

/** What the server refused will be refused again; what did not get through is tried twice more. */
function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof Unreachable) return false;
  if (error instanceof Problem) return error.status >= 500 && failures < 2;
  return failures < 2;
}

const ofAccounts = new Set<unknown>([keys.reportsOf(""), keys.entitiesOf(""), keys.coverage(""), keys.contents("")].map(([name]) => name));

/** What is asked about an account is not found where the account is gone: the list of accounts knows. */
export const accountMayBeGone = (error: Error, key: QueryKey): boolean =>
  error instanceof Problem && (error.status === 404 || error.code === "unknown_account") && ofAccounts.has(key[0]);

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (accountMayBeGone(error, queryKey)) void queryClient.invalidateQueries({ queryKey: keys.accounts });
    },
  }),
  defaultOptions: {
    queries: {
      retry: worthRetrying,
      retryDelay: (attempt) => 400 * 2 ** attempt,
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
      // Offline is found out by trying: onLine is wrong on many machines, and loopback works without a network.
      networkMode: "always",
    },
    mutations: { networkMode: "always", retry: false },
  },
});

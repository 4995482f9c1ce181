import { QueryClient } from "@tanstack/preact-query";
import { Problem, Unreachable } from "./http";

/** What the server refused will be refused again; what did not get through is tried twice more. */
function worthRetrying(failures: number, error: Error): boolean {
  if (error instanceof Unreachable) return false;
  if (error instanceof Problem) return error.status >= 500 && failures < 2;
  return failures < 2;
}

export const queryClient = new QueryClient({
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

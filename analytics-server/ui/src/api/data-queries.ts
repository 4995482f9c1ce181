import { useQuery } from "@tanstack/preact-query";
import type { Amounts, Coverage, Deletion } from "./data-types";
import { getJson } from "./http";
import { keys } from "./queries";

const path = (account: string) => `/accounts/${encodeURIComponent(account)}`;

/** Which days of an account are here. */
export function useCoverage(account: string, enabled = true) {
  return useQuery({
    queryKey: keys.coverage(account),
    queryFn: ({ signal }) => getJson<Coverage>(`${path(account)}/coverage`, signal),
    enabled,
  });
}

/** How much is stored of an account; asked each time, because it is what would be deleted now. */
export function useContents(account: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.contents(account),
    queryFn: ({ signal }) => getJson<Amounts>(`${path(account)}/contents`, signal),
    enabled,
    staleTime: 0,
  });
}

/** The proof of a deletion; anybody who has its code may read it. */
export function useDeletion(code: string) {
  return useQuery({
    queryKey: keys.deletion(code),
    queryFn: ({ signal }) => getJson<Deletion>(`/deletions/${encodeURIComponent(code)}`, signal),
    staleTime: Infinity,
  });
}

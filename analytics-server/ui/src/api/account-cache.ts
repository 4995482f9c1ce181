/** What is known here of accounts, kept in step with what the server tells. */
import { queryClient } from "./client";
import { keys, overview } from "./queries";
import type { Account } from "./types";

export function putAccount(account: Account): void {
  const before = knownAccount(account.id);
  queryClient.setQueryData<Account[]>(keys.accounts, (list) => {
    if (!list) return list;
    const known = list.some((other) => other.id === account.id);
    return known ? list.map((other) => (other.id === account.id ? account : other)) : [...list, account];
  });
  // Stored figures stay as they are, but what is billed of them does not.
  if (before && JSON.stringify(before.cost_terms) !== JSON.stringify(account.cost_terms)) {
    void queryClient.invalidateQueries({ queryKey: keys.reportsOf(account.id) });
  }
}

/** As far as it is known here; without asking. */
export const knownAccount = (id: string): Account | undefined => queryClient.getQueryData<Account[]>(keys.accounts)?.find((account) => account.id === id);

/** Its data is gone: nothing of it stays, and what it was part of is asked again. */
export function forgetAccount(id: string): void {
  queryClient.setQueryData<Account[]>(keys.accounts, (list) => list?.filter((account) => account.id !== id));
  for (const queryKey of [keys.reportsOf(id), keys.entitiesOf(id), keys.coverage(id), keys.contents(id)]) queryClient.removeQueries({ queryKey });
  for (const queryKey of [keys.accounts, keys.reportsOf(overview)]) void queryClient.invalidateQueries({ queryKey });
}

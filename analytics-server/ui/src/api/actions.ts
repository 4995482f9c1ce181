import { purging } from "../state/removal";
import { rememberSignedIn } from "../state/signed-in";
import { putAccount } from "./account-cache";
import { queryClient } from "./client";
import type { Removal } from "./data-types";
import { deleteJson, deleteResource, patchJson, postJson, putJson } from "./http";
import { keys, prefetchFirstScreen, type SessionState } from "./queries";
import type { Account, CostTerm, GrantAccount, Session, SetupRequest, Workspace, WorkspaceChange } from "./types";

/** Nothing that one reader has loaded is left for the next. */
function switchTo(session: Session | null): void {
  queryClient.setQueryData<SessionState>(keys.session, { session, setupRequired: false });
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
}

function enter(session: Session): Session {
  rememberSignedIn(true);
  switchTo(session);
  prefetchFirstScreen();
  return session;
}

export async function signIn(email: string, password: string): Promise<Session> {
  return enter(await postJson<Session>("/session", { email, password }));
}

export async function setUp(request: SetupRequest): Promise<Session> {
  return enter(await postJson<Session>("/setup", request));
}

export async function signOut(): Promise<void> {
  await deleteResource("/session");
  rememberSignedIn(false);
  switchTo(null);
}

/** Whatever is shown may depend on it: all of it is asked again. */
export async function changeWorkspace(change: WorkspaceChange): Promise<void> {
  const workspace = await patchJson<Workspace>("/workspace", change);
  queryClient.setQueryData<SessionState>(keys.session, (state) => state?.session ? { ...state, session: { ...state.session, workspace } } : state);
  void queryClient.invalidateQueries();
}

/** Sends the browser to the provider's consent page. */
export async function startConnect(provider: string, platforms: string[]): Promise<void> {
  const { authorize_url } = await postJson<{ authorize_url: string }>(`/connect/${encodeURIComponent(provider)}`, {
    platforms,
  });
  const url = new URL(authorize_url, location.href);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new Error("The provider's address is not a web address.");
  location.assign(url.href);
}

export async function linkAccounts(grant: string, chosen: GrantAccount[]): Promise<Account[]> {
  const { accounts } = await postJson<{ accounts: Account[] }>("/accounts", {
    grant,
    accounts: chosen.map(({ platform, external_id }) => ({ platform, external_id })),
  });
  accounts.forEach(putAccount);
  await queryClient.invalidateQueries({ queryKey: keys.accounts });
  return accounts;
}

const accountPath = (account: string) => `/accounts/${encodeURIComponent(account)}`;

export async function syncNow(account: string): Promise<void> {
  putAccount(await postJson<Account>(`${accountPath(account)}/sync`, {}));
}

export async function renameAccount(account: string, name: string): Promise<void> {
  putAccount(await patchJson<Account>(accountPath(account), { name }));
}

export async function setCostTerms(account: string, terms: CostTerm[]): Promise<void> {
  putAccount(await putJson<Account>(`${accountPath(account)}/cost-terms`, { terms }));
}

/** Nothing more is fetched, and nothing is lost. */
export async function archiveAccount(account: string): Promise<void> {
  await deleteResource(`${accountPath(account)}?mode=keep`);
  await queryClient.invalidateQueries({ queryKey: keys.accounts });
}

/** Deletes everything and answers what that was; `forgetAccount` then takes the account out of the lists. */
export async function purgeAccount(account: string): Promise<Removal> {
  purging.add(account);
  try {
    return await deleteJson<Removal>(`${accountPath(account)}?mode=purge`);
  } catch (error) {
    purging.delete(account);
    throw error;
  }
}

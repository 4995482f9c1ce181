import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Account, Metric, Platform, Session } from "../api/types";

/** What every part of a page about one account knows. */
export interface AccountContext {
  account: Account;
  /** None when the server no longer has its connector. */
  platform: Platform | undefined;
  session: Session;
  catalogue: ReadonlyMap<string, Metric>;
}

export const Accounts = createContext<AccountContext | null>(null);

export function useAccount(): AccountContext {
  const context = useContext(Accounts);
  if (!context) throw new Error("A part of an account's page was drawn outside of it.");
  return context;
}

import type { Account, GrantAccount as Found, Platform } from "../../api/types";

export interface GrantAccount extends Found {
  /** It was here before. */
  unlinked?: boolean;
}

/** The accounts of one platform that a consent reached; none where it reached none. */
export interface PlatformChoices {
  /** None for a platform that the server no longer describes. */
  platform: Platform | undefined;
  id: string;
  accounts: GrantAccount[];
}

/** What was unlinked can be chosen again: the server links the same account, with all of its figures. */
export function reopenUnlinked(accounts: GrantAccount[], linked: Account[]): GrantAccount[] {
  const unlinked = new Set(linked.filter(({ state }) => state === "archived").map(({ id }) => id));
  return accounts.map((account) => (account.linked && unlinked.has(account.linked) ? { ...account, linked: null, unlinked: true } : account));
}

export const choiceKey = (account: GrantAccount): string => `${account.platform}:${account.external_id}`;

/** Whether it can still be chosen. */
export const isOpen = (account: GrantAccount): boolean => account.linked === null && account.linkable;

/** By platform, in the order of the platforms; what cannot be read comes last in each. */
export function choicesByPlatform(accounts: GrantAccount[], platforms: Platform[], provider: string): PlatformChoices[] {
  const asked = platforms.filter((platform) => platform.provider === provider && platform.configured);
  const ids = [...new Set([...asked.map(({ id }) => id), ...accounts.map(({ platform }) => platform)])];
  return ids.map((id) => {
    const members = accounts.filter(({ platform }) => platform === id);
    const unreadable = (account: GrantAccount) => account.linked === null && !account.linkable;
    return {
      id,
      platform: platforms.find((platform) => platform.id === id),
      accounts: [...members.filter((account) => !unreadable(account)), ...members.filter(unreadable)],
    };
  });
}

/** Chooses all that can be chosen, or none of it when all of it is. */
export function toggleAll(chosen: ReadonlySet<string>, accounts: GrantAccount[]): Set<string> {
  const keys = accounts.filter(isOpen).map(choiceKey);
  const all = keys.every((key) => chosen.has(key));
  const next = new Set(chosen);
  for (const key of keys) {
    if (all) next.delete(key);
    else next.add(key);
  }
  return next;
}

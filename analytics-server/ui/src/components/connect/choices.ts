import type { Account, GrantAccount as Found, Platform, ReachedPlatform, Scope } from "../../api/types";

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
  /** What keeps accounts or figures away; absent where the server says nothing of the platform. */
  reached: ReachedPlatform | undefined;
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
export function choicesByPlatform(accounts: GrantAccount[], platforms: Platform[], provider: string, reached: ReachedPlatform[]): PlatformChoices[] {
  const asked = platforms.filter((platform) => platform.provider === provider && platform.configured);
  const ids = [...new Set([...asked.map(({ id }) => id), ...accounts.map(({ platform }) => platform)])];
  return ids.map((id) => {
    const members = accounts.filter(({ platform }) => platform === id);
    const unreadable = (account: GrantAccount) => account.linked === null && !account.linkable;
    return {
      id,
      platform: platforms.find((platform) => platform.id === id),
      reached: reached.find(({ platform }) => platform === id),
      accounts: [...members.filter((account) => !unreadable(account)), ...members.filter(unreadable)],
    };
  });
}

/** Those whose name or id holds the text, whatever its case and width; all of them without a text. */
export function matching(accounts: GrantAccount[], text: string): GrantAccount[] {
  const plain = (value: string) => value.normalize("NFKC").toLowerCase();
  const wanted = plain(text.trim());
  return accounts.filter(({ name, external_id }) => plain(`${name} ${external_id}`).includes(wanted));
}

/** The permissions of a platform that were not given, those that it cannot do without first. */
export function missingScopesOf({ platform, reached }: PlatformChoices): Scope[] {
  const missing = platform?.scopes.filter(({ id }) => reached?.missing_scopes.includes(id)) ?? [];
  return [...missing.filter(({ required }) => required), ...missing.filter(({ required }) => !required)];
}

/** What is left to choose: something, nothing because all of it is linked, or nothing that can be read at all. */
export function choiceLeft(accounts: GrantAccount[]): "some" | "linked" | "none" {
  if (accounts.some(isOpen)) return "some";
  return accounts.some(({ linked }) => linked !== null) ? "linked" : "none";
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

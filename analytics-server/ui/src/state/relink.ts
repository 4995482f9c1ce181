import type { Account } from "../api/types";

const key = "analytics.relink";

/**
 * What to ask for again: everything that is linked at the provider, because its new consent replaces the old one. What
 * was unlinked is left alone, unless it is the account that the link is renewed for.
 */
export function platformsToRelink(renewed: Account, linked: Account[]): string[] {
  const there = linked.filter(({ provider, state }) => provider === renewed.provider && state !== "archived");
  return [...new Set([renewed, ...there].map(({ platform }) => platform))];
}

/** Remembers, over the trip to the provider, which account the link is being renewed for. */
export function rememberRelink(account: string): void {
  try {
    sessionStorage.setItem(key, account);
  } catch {
    // Without storage the trip ends on the list of accounts instead of on this one.
  }
}

export function forgetRelink(): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Nothing was stored.
  }
}

export function rememberedRelink(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

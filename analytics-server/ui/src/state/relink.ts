const key = "analytics.relink";

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

const key = "analytics.signed_in";

/** Whether this browser was signed in last time: only a hint for what to ask first, never a permission. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

export function rememberSignedIn(yes: boolean): void {
  try {
    if (yes) localStorage.setItem(key, "1");
    else localStorage.removeItem(key);
  } catch {
    // Without storage the first screen asks one thing after the other.
  }
}

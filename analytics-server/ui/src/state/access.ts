import type { Account } from "../api/types";
import { dayOfMoment, daysBetween } from "../i18n/dates";

/** So many days before the end of access it is time to say so. */
const notice = 14;

/** The day, in the workspace's time zone as `today` is, on which the provider stops answering, when it is near. */
export function accessEndsSoon({ access_ends_at }: Account, today: string, timeZone: string): string | null {
  const day = access_ends_at && dayOfMoment(access_ends_at, timeZone);
  return day && daysBetween(today, day) <= notice ? day : null;
}

/** The permissions that were not given, each with the figures that are missing for it. */
export function missingScopes(account: Account): { scope: string; metrics: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { metric, reason, scope } of account.not_offered) {
    if (reason === "missing_scope" && scope) found.set(scope, [...(found.get(scope) ?? []), metric]);
  }
  return [...found].map(([scope, metrics]) => ({ scope, metrics }));
}

import type { NotOffered, Platform } from "../../api/types";
import { localized, words } from "../../i18n";

/** Why an account does not get a figure, as a sentence. */
export function withheldText({ reason, scope }: NotOffered, platform: Platform | undefined): string {
  const t = words.value.withheld;
  const name = platform ? localized(platform.name) : t.platform;
  const sentences: Record<string, (platform: string, scope: string) => string> = t.why;
  return (sentences[reason] ?? t.why.not_supported)(name, scope ?? "");
}

/** The same in the two words that fit a tab. */
export function withheldWord({ reason }: NotOffered): string {
  const known: Record<string, string> = words.value.withheld.short;
  return known[reason] ?? words.value.withheld.short.not_supported;
}

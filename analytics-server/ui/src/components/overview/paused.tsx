import type { Account, Platform, Session } from "../../api/types";
import { localized, words } from "../../i18n";
import { momentLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { Banner } from "../banners/banner";

/** The platforms of these accounts of which nothing is read, because the service's own access needs its operator. */
export function PausedPlatforms({ platforms, accounts, session }: { platforms: Platform[]; accounts: Account[]; session: Session }) {
  const t = words.value.banner;
  const linked = new Set(accounts.filter(({ state }) => state !== "archived").map(({ platform }) => platform));
  return (
    <>
      {platforms.map(
        ({ id, name, paused }) =>
          paused &&
          linked.has(id) && (
            <Banner key={id} tone="warn" title={t.pausedTitle(localized(name))} testid={`paused-${id}`}>
              {t.paused}
              {words.value.space}
              {t.nextTry(momentLabel(paused.until, session.workspace.time_zone, language.value))}
              {paused.message && (
                <details>
                  <summary>{t.details}</summary>
                  <p lang="en">{paused.message}</p>
                </details>
              )}
            </Banner>
          ),
      )}
    </>
  );
}

import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { accessEndsSoon, missingScopes } from "../../state/access";
import { useAccount } from "../account-context";
import { MetricNames } from "../metric-names";
import { Banner } from "./banner";
import { RelinkButton, useRelink } from "./relink";

/** The provider no longer answers for this account. */
export function RelinkBanner() {
  const { account, platform } = useAccount();
  const t = words.value.banner;
  const relink = useRelink();
  return (
    <Banner tone="warn" title={t.relinkTitle} failure={relink.failure} action={<RelinkButton relink={relink} />}>
      {t.relink(platform ? localized(platform.name) : account.platform)}
    </Banner>
  );
}

/** The reader unlinked it and kept its data. */
export function ArchivedBanner() {
  const t = words.value.banner;
  const relink = useRelink();
  return (
    <Banner tone="plain" icon="info" title={t.archivedTitle} testid="archived-banner" failure={relink.failure} action={<RelinkButton relink={relink} />}>
      {t.archived}
    </Banner>
  );
}

/** The provider goes on for a while, then it wants to be asked again. */
export function AccessEndsBanner() {
  const { account, session } = useAccount();
  const t = words.value.banner;
  const relink = useRelink();
  const ends = accessEndsSoon(account, session.today, session.workspace.time_zone);
  if (!ends) return null;
  return (
    <Banner tone="warn" icon="clock" title={t.endsTitle(fullDay(ends, language.value))} testid="access-ends" failure={relink.failure} action={<RelinkButton relink={relink} testid="relink-access" />}>
      {t.ends}
    </Banner>
  );
}

/** Permissions that were not given, and the figures that are missing for it. */
export function MissingScopeBanner() {
  const { account } = useAccount();
  const t = words.value.banner;
  const relink = useRelink();
  const missing = missingScopes(account);
  if (missing.length === 0) return null;
  return (
    <Banner tone="warn" title={t.scopeTitle} testid="missing-scope" failure={relink.failure} action={<RelinkButton relink={relink} quiet testid="relink-scope" />}>
      {missing.map(({ scope, metrics }) => {
        const [before, after] = t.scope;
        return (
          <p key={scope}>
            {before}
            <code>{scope}</code>
            {after}
            <MetricNames ids={metrics} />
            {t.scopeEnd}
          </p>
        );
      })}
    </Banner>
  );
}

import { words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { percent } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { useAccount } from "../account-context";
import { progressText } from "../account-status";
import { Banner } from "./banner";
import { useGoesOn } from "./goes-on";

/** How far the history is, how long it still takes, and what is here already. */
export function BackfillBanner() {
  const { account } = useAccount();
  const t = words.value.banner;
  const { progress, eta_seconds } = account.sync;
  const since = account.complete_through && account.covered_from;
  const text = progressText(account);
  return (
    <section class="banner busy" aria-label={t.backfillTitle} data-testid="backfill-banner">
      <div class="banner-body">
        <p>
          <strong>
            {t.backfillTitle} {text}
          </strong>
          <span class="banner-aside">{eta_seconds !== null && t.eta(eta_seconds)}</span>
        </p>
        <div
          class="progress"
          role="progressbar"
          aria-label={t.backfillTitle}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(progress * 100)}
          aria-valuetext={text}
          data-testid="progress"
          data-progress={progress}
        >
          <div style={{ width: percent(progress, "en") }} />
        </div>
        <p class="banner-text">{since ? t.since(fullDay(since, language.value)) : t.backfillNone}</p>
      </div>
    </section>
  );
}

/** Older days are still to come, but nothing is being fetched now. */
export function HistoryWaitsBanner() {
  const { account } = useAccount();
  const t = words.value.banner;
  const since = account.complete_through && account.covered_from;
  const goesOn = useGoesOn();
  return (
    <Banner tone="plain" icon="clock" title={t.waitsTitle} testid="history-waits">
      {since && t.sinceWaits(fullDay(since, language.value)) + words.value.space}
      {goesOn}
    </Banner>
  );
}

import { words } from "../../i18n";
import { usualRange } from "../../state/period-url";
import { historyState } from "../account-status";
import { useGoesOn } from "../banners/goes-on";
import { Message } from "../message";
import { presetName } from "../period/range-menu";
import { useDashboard } from "./context";
import { noEarlier, startsTomorrow } from "./history-begins";

/** In place of the figures: the account has no complete day at all, or none in the chosen period. */
export function EmptyDashboard({ everything }: { everything: boolean }) {
  const { account, platform, session, change } = useDashboard();
  const t = words.value.chart;
  const coming = historyState(account) === "loading";
  const goesOn = useGoesOn();
  const tomorrow = startsTomorrow(account, platform, session.today);
  return (
    <div class="card empty-card" data-testid="no-complete-day">
      {everything ? (
        <Message icon="clock" title={tomorrow ? words.value.history.tomorrow : t.emptyTitle}>
          {tomorrow && platform ? noEarlier([platform], []) : coming ? t.emptyBackfill : (goesOn ?? t.emptyText)}
        </Message>
      ) : (
        <Message
          icon="clock"
          title={t.emptyRange}
          actions={
            <button type="button" class="button" onClick={() => change({ range: usualRange(account.family) })}>
              {t.showUsual(presetName(usualRange(account.family)))}
            </button>
          }
        >
          {t.emptyRangeText}
        </Message>
      )}
    </div>
  );
}

import { useCoverage } from "../../api/data-queries";
import type { Metric, NotOffered } from "../../api/types";
import { words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { lastKept } from "../../state/feeds";
import { RelinkButton, useRelink } from "../banners/relink";
import { Icon } from "../icon";
import { useDashboard } from "./context";
import { withheldText } from "./withheld-text";

/** The last day that is kept of a figure that is not permitted any more; null where none is, or where nothing is withheld. */
export function useLastKept(metric: Metric | undefined, why: NotOffered | null): string | null {
  const { account } = useDashboard();
  const stopped = metric !== undefined && why?.reason === "missing_scope";
  const coverage = useCoverage(account.id, stopped);
  return stopped ? lastKept(metric, coverage.data) : null;
}

/** Since when a figure has no new days, and why. */
export function useStoppedText(metric: Metric, why: NotOffered | null): string | null {
  const { platform } = useDashboard();
  const last = useLastKept(metric, why);
  if (!why) return null;
  return (last ? words.value.withheld.stopped(fullDay(last, language.value)) + words.value.space : "") + withheldText(why, platform);
}

/** Below the chart of what is kept: that nothing new comes, and the way to change that. */
export function StoppedNote({ metric, why }: { metric: Metric; why: NotOffered }) {
  const text = useStoppedText(metric, why);
  const relink = useRelink();
  return (
    <div class="stopped-note" data-testid="stopped">
      <Icon name="shield" size={14} />
      <span>
        {text}
        {relink.failure && <span class="field-error" role="alert">{relink.failure}</span>}
      </span>
      <RelinkButton relink={relink} quiet testid="relink-metric" />
    </div>
  );
}

import type { Metric, NotOffered } from "../../api/types";
import { localized, words } from "../../i18n";
import { fullDay } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { RelinkButton, useRelink } from "../banners/relink";
import { Message } from "../message";
import { useDashboard } from "./context";
import { useLastKept } from "./stopped-note";
import { withheldText } from "./withheld-text";

/** In place of the chart of a figure that the account does not get: why, and what the reader can do about it. */
export function WithheldMessage({ metric, why }: { metric: Metric; why: NotOffered }) {
  const { platform } = useDashboard();
  const relink = useRelink();
  const last = useLastKept(metric, why);
  const t = words.value.withheld;
  return (
    <Message
      icon={why.reason === "missing_scope" ? "shield" : "info"}
      title={t.title(localized(metric.label))}
      testid="withheld"
      actions={why.reason === "missing_scope" && <RelinkButton relink={relink} quiet testid="relink-metric" />}
    >
      {withheldText(why, platform)}
      {last && words.value.space + t.keptUntil(fullDay(last, language.value))}
      {relink.failure && (
        <p class="field-error" role="alert">
          {relink.failure}
        </p>
      )}
    </Message>
  );
}

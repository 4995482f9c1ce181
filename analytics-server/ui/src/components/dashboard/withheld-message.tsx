import type { Metric, NotOffered } from "../../api/types";
import { localized, words } from "../../i18n";
import { RelinkButton, useRelink } from "../banners/relink";
import { Message } from "../message";
import { useDashboard } from "./context";
import { withheldText } from "./withheld-text";

/** In place of the chart of a figure that the account does not get: why, and what the reader can do about it. */
export function WithheldMessage({ metric, why }: { metric: Metric; why: NotOffered }) {
  const { platform } = useDashboard();
  const relink = useRelink();
  const t = words.value.withheld;
  return (
    <Message
      icon={why.reason === "missing_scope" ? "shield" : "info"}
      title={t.title(localized(metric.label))}
      testid="withheld"
      actions={why.reason === "missing_scope" && <RelinkButton relink={relink} quiet testid="relink-metric" />}
    >
      {withheldText(why, platform)}
      {relink.failure && (
        <p class="field-error" role="alert">
          {relink.failure}
        </p>
      )}
    </Message>
  );
}

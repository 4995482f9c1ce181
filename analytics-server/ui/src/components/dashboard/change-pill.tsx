import type { Change } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { Triangle } from "../icon";
import { changeText, type Sides } from "./figure-text";

interface Props {
  change: Change | null;
  metric: Metric;
  /** What it lies between: it says why there is no figure. */
  sides?: Sides | undefined;
  plain?: boolean;
}

/** An increase or decrease: triangle, sign, figure and, for a screen reader, whether it is better or worse. */
export function ChangePill({ change, metric, sides, plain }: Props) {
  if (!change) return null;
  const t = words.value.figure;
  const { text, direction, tone } = changeText(change, metric, sides);
  return (
    <span class={`change ${tone}${plain ? " plain" : ""}${change.relative === null ? " reason" : ""}`}>
      {direction !== 0 && <Triangle up={direction > 0} />}
      {text}
      {tone !== "neutral" && <span class="sr-only">{` ${tone === "good" ? t.better : t.worse}`}</span>}
    </span>
  );
}

import type { Value } from "../../api/report-types";
import { words } from "../../i18n";
import { markOf } from "./figure-text";

/**
 * A small sign beside a value that is not settled: hatched like the bars, or partly filled; brackets
 * around a range are drawn where the range is. Said in words too.
 */
export function StatusMark({ value }: { value: Value | null | undefined }) {
  const mark = markOf(value);
  if (!mark) return null;
  return (
    <span class={`status-mark ${mark}`}>
      <span class="sr-only">{words.value.figure.status[mark]} </span>
    </span>
  );
}

import type { Status } from "../../api/report-types";
import { words } from "../../i18n";

/**
 * A small sign beside a value that is not settled: hatched like the bars, or partly filled; brackets
 * around a range are drawn where the range is. Said in words too.
 */
export function StatusMark({ status }: { status: Status }) {
  if (status === "final" || status === "missing") return null;
  const text = words.value.figure.status[status];
  return (
    <span class={`status-mark ${status}`} title={text}>
      <span class="sr-only">{text}</span>
    </span>
  );
}

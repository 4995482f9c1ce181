import { useEffect, useRef, useState } from "preact/hooks";
import type { DateRange } from "../../api/report-types";
import { words } from "../../i18n";
import { isPlainDate } from "../../i18n/dates";

interface Props {
  /** Prefix of the fields' ids: "range" or "compare". */
  name: string;
  initial: DateRange | null;
  /** The latest day that can be chosen. */
  latest: string;
  apply: (range: DateRange) => void;
}

/** Two days of one's own choosing. */
export function CustomDates({ name, initial, latest, apply }: Props) {
  const t = words.value.controls;
  const [start, setStart] = useState(initial?.start ?? "");
  const [end, setEnd] = useState(initial?.end ?? "");
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => {
    first.current?.focus();
    first.current?.form?.scrollIntoView({ block: "nearest" });
  }, []);
  const complete = isPlainDate(start) && isPlainDate(end);
  const wrongOrder = complete && start > end;
  return (
    <form
      class="custom-dates"
      aria-label={t.custom}
      onSubmit={(event) => {
        event.preventDefault();
        if (complete && !wrongOrder) apply({ start, end });
      }}
    >
      <label for={`${name}-start`}>{t.from}</label>
      <input id={`${name}-start`} class="input" type="date" required ref={first} max={latest} value={start} data-testid={`${name}-start`}
        onInput={(event) => setStart(event.currentTarget.value)} />
      <label for={`${name}-end`}>{t.to}</label>
      <input id={`${name}-end`} class="input" type="date" required max={latest} value={end} data-testid={`${name}-end`}
        aria-describedby={wrongOrder ? `${name}-order` : undefined} aria-invalid={wrongOrder || undefined}
        onInput={(event) => setEnd(event.currentTarget.value)} />
      {wrongOrder && (
        <p class="field-error" id={`${name}-order`} role="alert">
          {t.wrongOrder}
        </p>
      )}
      <button type="submit" class="button primary wide" data-testid={`${name}-apply`} disabled={!complete || wrongOrder}>
        {words.value.apply}
      </button>
    </form>
  );
}

import { useState } from "preact/hooks";
import type { DateRange, Report } from "../../api/report-types";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { compareModes } from "../../state/periods";
import { Icon } from "../icon";
import { Menu } from "../menu";
import { Popover } from "../popover";
import { usePeriod } from "./context";
import { CustomDates } from "./custom-dates";
import { resolvedRange } from "./resolved-range";

/** What the period is compared with. The button says the compared days. */
export function CompareMenu({ report, stale }: { report: Report | undefined; stale: boolean }) {
  const { state } = usePeriod();
  const t = words.value.controls;
  const resolved = resolvedRange(report?.query.comparison);
  const modes: Record<string, string> = t.modes;
  const fallback = typeof state.compare === "string" ? (modes[state.compare] ?? state.compare) : t.custom;
  return (
    <Popover
      testid="compare-menu"
      haspopup="dialog"
      class="button control"
      button={
        <>
          <span class="sr-only">{t.compare} </span>
          {state.compare === null ? (
            <span>{t.noComparison}</span>
          ) : (
            <>
              <span class="control-kind">{t.versus}</span>
              <span class={stale ? "stale" : undefined}>{resolved ? rangeLabel(resolved, language.value) : fallback}</span>
            </>
          )}
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {(close) => <ComparePanel resolved={resolved} close={close} />}
    </Popover>
  );
}

function ComparePanel({ resolved, close }: { resolved: DateRange | null; close: () => void }) {
  const { state, session, change } = usePeriod();
  const t = words.value.controls;
  const isCustom = state.compare !== null && typeof state.compare !== "string";
  const [custom, setCustom] = useState(isCustom);
  const choose = (compare: string | DateRange | null) => {
    change({ compare });
    close();
  };
  const modes = compareModes.map((mode) => ({
    label: t.modes[mode],
    checked: state.compare === mode && !custom,
    testid: `compare-${mode}`,
    onSelect: () => choose(mode),
  }));
  const others = [
    { label: t.custom, checked: custom, testid: "compare-custom", onSelect: () => setCustom(true) },
    { label: t.noComparison, checked: state.compare === null && !custom, testid: "compare-none", onSelect: () => choose(null) },
  ];
  return (
    <div class={custom ? "two-panes" : undefined}>
      <Menu label={t.compare} groups={[{ items: modes }, { items: others }]} takeFocus={!custom} />
      {custom && <CustomDates name="compare" initial={resolved} latest={session.today} apply={choose} />}
    </div>
  );
}

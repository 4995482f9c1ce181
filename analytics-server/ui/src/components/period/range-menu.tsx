import { useState } from "preact/hooks";
import type { DateRange, Report } from "../../api/report-types";
import { words } from "../../i18n";
import { rangeLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { presetsByGroup } from "../../state/periods";
import { Icon } from "../icon";
import { Menu } from "../menu";
import { Popover } from "../popover";
import { usePeriod } from "./context";
import { CustomDates } from "./custom-dates";
import { resolvedRange } from "./resolved-range";

/** The period: presets by kind, or two dates. The button says the preset and the days it stands for. */
export function RangeMenu({ report, stale }: { report: Report | undefined; stale: boolean }) {
  const { state } = usePeriod();
  const t = words.value.controls;
  const resolved = typeof state.range === "string" ? resolvedRange(report?.query.range) : state.range;
  return (
    <Popover
      testid="range-menu"
      haspopup="dialog"
      class="button control"
      button={
        <>
          <span class="sr-only">{t.range} </span>
          {typeof state.range === "string" && <span class="control-kind">{presetName(state.range)}</span>}
          {resolved && <span class={stale && typeof state.range === "string" ? "stale" : undefined}>{rangeLabel(resolved, language.value)}</span>}
          <Icon name="chevron" size={14} />
        </>
      }
    >
      {(close) => <RangePanel resolved={resolved} close={close} />}
    </Popover>
  );
}

function RangePanel({ resolved, close }: { resolved: DateRange | null; close: () => void }) {
  const { state, session, change } = usePeriod();
  const t = words.value.controls;
  const isCustom = typeof state.range !== "string";
  const [custom, setCustom] = useState(isCustom);
  const choose = (range: string | DateRange) => {
    change({ range });
    close();
  };
  const presets = presetsByGroup.map((group) => ({
    items: group.map((preset) => ({
      label: t.presets[preset],
      checked: state.range === preset && !custom,
      testid: `range-${preset}`,
      onSelect: () => choose(preset),
    })),
  }));
  const customItem = { label: t.custom, checked: custom, testid: "range-custom", onSelect: () => setCustom(true) };
  return (
    <div class={custom ? "two-panes" : undefined}>
      <div>
        <Menu label={t.range} groups={[...presets, { items: [customItem] }]} columns takeFocus={!custom} />
        <p class="panel-hint">{t.completeDays}</p>
      </div>
      {custom && <CustomDates name="range" initial={resolved} latest={session.today} apply={choose} />}
    </div>
  );
}

/** The words for a preset, also for those that only a hand-made link uses. */
export function presetName(preset: string): string {
  const t = words.value.controls;
  const known: Record<string, string> = t.presets;
  const days = /^last_(\d+)(_complete)?_days$/.exec(preset);
  if (known[preset]) return known[preset];
  if (days) return (days[2] ? t.lastCompleteDays : t.lastDays)(Number(days[1]));
  if (preset === "yesterday") return t.yesterday;
  if (preset === "last_complete_day") return t.lastCompleteDay;
  return preset;
}

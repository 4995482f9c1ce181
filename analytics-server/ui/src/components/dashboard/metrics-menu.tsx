import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { Icon } from "../icon";
import { Menu } from "../menu";
import { Popover } from "../popover";
import { useDashboard } from "./context";
import { usualMetrics } from "./requests";

/** Adds any further metric that the account offers as a tab and a column, and takes it away again. */
export function MetricsMenu({ shown }: { shown: Metric[] }) {
  const { account, platform, catalogue, state, change } = useDashboard();
  const t = words.value.controls;
  const own = new Set(usualMetrics(account, platform));
  const others = account.metrics.flatMap((id) => {
    const metric = own.has(id) ? undefined : catalogue.get(id);
    return metric ? [metric] : [];
  });
  if (others.length === 0) return null;
  const visible = new Set(shown.map(({ id }) => id));
  const toggle = (id: string) => {
    if (!visible.has(id)) return change({ more: [...state.more, id] });
    change({
      more: state.more.filter((other) => other !== id),
      metric: state.metric === id ? null : state.metric,
      sort: state.sort?.replace(/^-/, "") === id ? null : state.sort,
    });
  };
  return (
    <Popover
      testid="metrics-menu"
      class="button control"
      align="end"
      button={
        <>
          <Icon name="plus" size={14} />
          {t.moreMetrics}
        </>
      }
    >
      {() => (
        <Menu
          label={t.moreMetrics}
          multiple
          groups={[
            {
              items: others.map((metric) => ({
                label: localized(metric.label),
                checked: visible.has(metric.id),
                testid: `metric-${metric.id}`,
                onSelect: () => toggle(metric.id),
              })),
            },
          ]}
        />
      )}
    </Popover>
  );
}

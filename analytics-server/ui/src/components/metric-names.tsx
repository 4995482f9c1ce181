import { useMetrics } from "../api/queries";
import { localized, words } from "../i18n";

interface Props {
  ids: string[];
  /** So many are named, the rest is counted. */
  most?: number;
}

/** Metrics by their names, in the order given; those without one are left out. */
export function MetricNames({ ids, most = Infinity }: Props) {
  const metrics = useMetrics().data;
  if (!metrics) return <span class="skeleton inline" aria-hidden="true" />;
  const t = words.value;
  const names = [...new Set(ids)].flatMap((id) => metrics.filter((metric) => metric.id === id).map((metric) => localized(metric.label)));
  const rest = names.length - most;
  return (
    <>
      {names.slice(0, most).join(t.list)}
      {rest > 0 && `${t.list}${t.add.andMore(rest)}`}
    </>
  );
}

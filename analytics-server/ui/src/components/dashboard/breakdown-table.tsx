import { useEffect } from "preact/hooks";
import type { Group, Report } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { TableScroll } from "../table-scroll";
import { rememberNames } from "./breadcrumb";
import { BreakdownRow } from "./breakdown-row";
import { useDashboard } from "./context";
import { levelName } from "./level-name";
import { chosenSort, type RowLevel } from "./requests";
import { SortHeader } from "./sort-header";

interface TableProps {
  report: Report;
  /** What the rows are parts of, by its own facts; not there yet while it loads. */
  whole: Group | undefined;
  metrics: Metric[];
  level: RowLevel;
}

/** Rows of one level with every shown metric, what is attributed to none of them, and the total that all add up to. */
export function BreakdownTable({ report, whole, metrics, level }: TableProps) {
  const { account, state, change } = useDashboard();
  const t = words.value.table;
  const names = levelName(account.platform, level);
  const sort = chosenSort(metrics, state);
  const sorted = sort.replace(/^-/, "");
  const entities = report.groups.filter(({ kind }) => kind !== "residual" && kind !== "other");
  const remainders = report.groups.filter(({ kind }) => kind === "residual" || kind === "other");
  const longest = Math.max(0, ...entities.map((group) => group.totals[sorted]?.current.value ?? 0));
  useEffect(() => {
    rememberNames(entities.flatMap((group) => (group.key[level] && group.labels.name ? [[group.key[level], group.labels.name] as [string, string]] : [])));
  }, [report]);
  const row = (group: Group, index: number) => (
    <BreakdownRow key={group.key[level] ?? `${group.kind}-${index}`} group={group} metrics={metrics} level={level} sorted={sorted} longest={longest} />
  );
  return (
    <TableScroll label={names.many}>
      <table data-testid="breakdown-table" data-level={level}>
        <thead>
          <tr>
            <th scope="col">{names.one}</th>
            {metrics.map((metric) => (
              <SortHeader key={metric.id} id={metric.id} name={localized(metric.label)} sort={sort} choose={(next) => change({ sort: next })} />
            ))}
          </tr>
        </thead>
        <tbody>
          {entities.map(row)}
          {remainders.map(row)}
        </tbody>
        {whole && (
          <tfoot>
            <BreakdownRow group={whole} metrics={metrics} level={level} sorted={sorted} longest={0} total={t.total} />
          </tfoot>
        )}
      </table>
    </TableScroll>
  );
}

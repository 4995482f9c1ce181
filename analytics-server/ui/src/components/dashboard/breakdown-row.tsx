import { Link } from "wouter-preact";
import type { Group } from "../../api/report-types";
import type { Metric } from "../../api/types";
import { words } from "../../i18n";
import { explained } from "../explanations";
import { useDashboard } from "./context";
import { FigureCell } from "./figure-cell";
import { levelName } from "./level-name";
import { levelBelow, type RowLevel } from "./requests";

interface RowProps {
  group: Group;
  metrics: Metric[];
  level: RowLevel;
  sorted: string;
  /** The largest value of the sorted column: its bar fills the cell. */
  longest: number;
  /** The row's name when it is the total. */
  total?: string;
}

export function BreakdownRow({ group, metrics, level, sorted, longest, total }: RowProps) {
  const { account, catalogue } = useDashboard();
  const remainder = group.kind === "residual" || group.kind === "other";
  const id = total !== undefined ? "total" : remainder ? group.kind : group.key[level];
  return (
    <tr data-testid={`row-${id}`} class={remainder ? "remainder" : undefined}>
      <th scope="row">{total ?? <RowName group={group} level={level} />}</th>
      {metrics.map((metric) => (
        <FigureCell
          key={metric.id}
          metric={metric}
          currency={account.currency}
          catalogue={catalogue}
          figure={group.totals[metric.id]}
          barOf={metric.id === sorted && !remainder && total === undefined ? longest : 0}
        />
      ))}
    </tr>
  );
}

function RowName({ group, level }: { group: Group; level: RowLevel }) {
  const { account, state, href } = useDashboard();
  const t = words.value.table;
  const names = levelName(account.platform, level);
  if (group.kind === "residual") return <span {...explained(t.residualHint)}>{t.residual(names.many)}</span>;
  if (group.kind === "other") return <span>{t.other}</span>;
  const name = group.labels.name || t.unnamed;
  const id = group.key[level];
  const below = levelBelow(account, level);
  const status = statusName(group.labels.status);
  return (
    <>
      {below && id && level !== "ad" ? (
        <Link href={href({ drill: [...state.drill, { level, id }] })} title={t.openRow(name, levelName(account.platform, below).many)} class="row-link">
          {name}
        </Link>
      ) : (
        <span class="row-name" title={name}>
          {name}
        </span>
      )}
      {status && <span class="row-status">{status}</span>}
    </>
  );
}

/** Only what is unusual is said: an active row needs no word. */
function statusName(status: string | null | undefined): string | null {
  const known: Record<string, string> = words.value.table.statuses;
  const plain = status?.toLowerCase() ?? "active";
  return plain === "active" ? null : (known[plain] ?? null);
}

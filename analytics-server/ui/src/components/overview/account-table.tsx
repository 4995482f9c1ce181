import type { Account, Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { dayLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { figureData } from "../dashboard/figure-cell";
import { explained } from "../explanations";
import { resolvedRange } from "../period/resolved-range";
import { TableScroll } from "../table-scroll";
import { AccountName } from "./account-name";
import { AccountState } from "./account-state";
import { OverviewFigure } from "./overview-figure";
import { addsUp, type AccountGroup } from "./requests";
import { Sparkline } from "./sparkline";
import type { FamilyFigures, Known } from "./use-family";

export interface GroupProps {
  group: AccountGroup;
  figures: FamilyFigures;
  known: Known;
  /** The address of an account's dashboard, over the same days. */
  href: (account: Account) => string;
  /** Names the group. */
  label: string;
}

/** One row an account, and below them what they add up to. */
export function AccountTable(props: GroupProps) {
  const { group, figures, known, href, label } = props;
  const t = words.value.overview;
  return (
    <TableScroll label={label}>
      <table class="overview-table">
        <colgroup>
          <col class="column-account" />
          <col class="column-state" />
          {figures.metrics.map(({ id }) => (
            <col key={id} class={id === figures.drawn ? "column-drawn" : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t.account}</th>
            <th scope="col">{t.state}</th>
            {figures.metrics.map((metric) => (
              <MetricHead key={metric.id} metric={metric} figures={figures} />
            ))}
          </tr>
        </thead>
        <tbody>
          {group.accounts.map((account) => (
            <tr key={account.id} data-testid={`account-${account.id}`}>
              <th scope="row">
                <AccountName account={account} href={href(account)} />
              </th>
              <td>
                <AccountState account={account} metrics={figures.metrics} session={known.session} />
              </td>
              {figures.metrics.map((metric) => (
                <AccountFigure key={metric.id} account={account} metric={metric} {...props} />
              ))}
            </tr>
          ))}
        </tbody>
        {group.accounts.length > 1 && <Totals {...props} />}
      </table>
    </TableScroll>
  );
}

/** A metric whose answer ends on another day than the group's says on which. */
function MetricHead({ metric, figures }: { metric: Metric; figures: FamilyFigures }) {
  const own = resolvedRange(figures.reportOf(metric)?.query.range);
  const usual = resolvedRange(figures.daily?.query.range);
  return (
    <th scope="col">
      {localized(metric.label)}
      {own && usual && own.end !== usual.end && <span class="head-note">{words.value.figure.asOf(dayLabel(own.end, language.value))}</span>}
    </th>
  );
}

function AccountFigure({ account, metric, figures, known }: { account: Account; metric: Metric } & GroupProps) {
  const figure = figures.figure(account, metric);
  if (!figure && figures.pending) return <td class="waiting" aria-busy="true" />;
  const text = <OverviewFigure metric={metric} figure={figure} currency={account.currency} known={known} account={account} />;
  return (
    <td {...figureData({ metric, figure })}>
      {metric.id === figures.drawn ? (
        <span class="with-spark">
          <Sparkline values={figures.series(account)?.current} />
          <span>{text}</span>
        </span>
      ) : (
        text
      )}
    </td>
  );
}

function Totals({ group, figures, known }: GroupProps) {
  const t = words.value.overview;
  return (
    <tfoot>
      <tr data-testid={`total-${group.family}-${group.currency ?? "all"}`}>
        <th scope="row">{words.value.table.total}</th>
        <td />
        {figures.metrics.map((metric) => {
          const figure = figures.total(group.currency, metric);
          if (!figures.reportOf(metric) && figures.pending) return <td key={metric.id} class="waiting" aria-busy="true" />;
          if (!addsUp(metric)) {
            return (
              <td key={metric.id} class="no-total">
                <span {...explained(t.noTotal)}>{words.value.figure.noValue}</span>
              </td>
            );
          }
          return (
            <td key={metric.id} {...figureData({ metric, figure })}>
              <OverviewFigure metric={metric} figure={figure} currency={group.currency} known={known} />
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}

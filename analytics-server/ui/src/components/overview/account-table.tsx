import type { Account, Metric } from "../../api/types";
import { localized, words } from "../../i18n";
import { dayLabel } from "../../i18n/dates";
import { language } from "../../state/preferences";
import { FigureCell, figureData, FigureText } from "../dashboard/figure-cell";
import { resolvedRange } from "../period/resolved-range";
import { AccountName } from "./account-name";
import { AccountState } from "./account-state";
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
    <div class="table-scroll" tabIndex={0} role="group" aria-label={label}>
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
                <AccountState account={account} today={known.session.today} />
              </td>
              {figures.metrics.map((metric) => (
                <AccountFigure key={metric.id} account={account} metric={metric} {...props} />
              ))}
            </tr>
          ))}
        </tbody>
        {group.accounts.length > 1 && <Totals {...props} />}
      </table>
    </div>
  );
}

/** A metric whose answer ends on another day than the group's says on which. */
function MetricHead({ metric, figures }: { metric: Metric; figures: FamilyFigures }) {
  const own = resolvedRange(figures.reportOf(metric)?.query.range);
  const usual = resolvedRange(figures.daily?.query.range);
  return (
    <th scope="col">
      {localized(metric.label)}
      {own && usual && own.end !== usual.end && <span class="head-note">{words.value.posts.asOf(dayLabel(own.end, language.value))}</span>}
    </th>
  );
}

function AccountFigure({ account, metric, figures, group, known }: { account: Account; metric: Metric } & GroupProps) {
  const props = {
    metric,
    figure: figures.figure(account, metric),
    currency: account.currency,
    catalogue: known.catalogue,
    usual: figures.total(group.currency, metric)?.current.status,
  };
  if (!props.figure && figures.pending) return <td class="waiting" aria-busy="true" />;
  if (metric.id !== figures.drawn) return <FigureCell {...props} />;
  return (
    <td {...figureData(props)}>
      <span class="with-spark">
        <Sparkline values={figures.series(account)?.current} />
        <span>
          <FigureText {...props} />
        </span>
      </span>
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
        {figures.metrics.map((metric) =>
          !figures.reportOf(metric) && figures.pending ? (
            <td key={metric.id} class="waiting" aria-busy="true" />
          ) : addsUp(metric) ? (
            <FigureCell key={metric.id} metric={metric} figure={figures.total(group.currency, metric)} currency={group.currency} catalogue={known.catalogue} usual="final" />
          ) : (
            <td key={metric.id} title={t.noTotal} class="no-total">
              {words.value.figure.noValue}
              <span class="sr-only"> {t.noTotal}</span>
            </td>
          ),
        )}
      </tr>
    </tfoot>
  );
}

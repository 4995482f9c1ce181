import { localized, words } from "../../i18n";
import { figureData, FigureText } from "../dashboard/figure-cell";
import { AccountName } from "./account-name";
import { AccountState } from "./account-state";
import type { GroupProps } from "./account-table";
import { addsUp } from "./requests";
import { Sparkline } from "./sparkline";

/** The accounts where a table does not fit. */
export function AccountCards({ group, figures, known, href, label }: GroupProps) {
  return (
    <>
      <ul class="account-cards" aria-label={label}>
        {group.accounts.map((account) => (
          <li key={account.id} data-testid={`account-${account.id}`}>
            <div class="card-head">
              <AccountName account={account} href={href(account)} />
              <Sparkline values={figures.series(account)?.current} />
            </div>
            <AccountState account={account} today={known.session.today} />
            <dl>
              {figures.metrics.map((metric) => {
                const usual = figures.total(group.currency, metric)?.current.status;
                const props = { metric, figure: figures.figure(account, metric), currency: account.currency, catalogue: known.catalogue, usual };
                return (
                  <div key={metric.id} {...figureData(props)}>
                    <dt>{localized(metric.label)}</dt>
                    <dd>
                      <FigureText {...props} />
                    </dd>
                  </div>
                );
              })}
            </dl>
          </li>
        ))}
      </ul>
      {group.accounts.length > 1 && <Total group={group} figures={figures} known={known} />}
    </>
  );
}

function Total({ group, figures, known }: Pick<GroupProps, "group" | "figures" | "known">) {
  const adding = figures.metrics.filter(addsUp);
  return (
    <dl class="cards-total">
      <div>
        <dt>{words.value.table.total}</dt>
      </div>
      {adding.map((metric) => {
        const props = { metric, figure: figures.total(group.currency, metric), currency: group.currency, catalogue: known.catalogue, usual: "final" as const };
        return (
          <div key={metric.id} {...figureData(props)}>
            <dt>{localized(metric.label)}</dt>
            <dd>
              <FigureText {...props} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

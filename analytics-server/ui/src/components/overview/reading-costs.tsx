import { useCosts } from "../../api/queries";
import type { AccountCosts, PlatformCosts } from "../../api/costs-types";
import type { Platform, Session } from "../../api/types";
import { localized, words } from "../../i18n";
import { monthLabel } from "../../i18n/dates";
import { metricValue, plainCount } from "../../i18n/numbers";
import { language } from "../../state/preferences";
import { explained } from "../explanations";
import { PlatformMark } from "../platform-mark";
import { TableScroll } from "../table-scroll";

/** What reading costs this month where platforms charge for it: for owners, who pay it. Says nothing where nothing is charged. */
export function ReadingCosts({ session, platforms }: { session: Session; platforms: Platform[] }) {
  const costs = useCosts(session.role === "owner").data;
  if (!costs?.platforms?.length) return null;
  const t = words.value.costs;
  const money = (amount: number) => metricValue(amount, { id: "", unit: "currency" }, costs.currency, language.value, "full");
  const sum = (of: "actual" | "estimate") => money(costs.platforms.reduce((total, one) => total + one[of], 0));
  return (
    <details class="card reading-costs" data-testid="reading-costs">
      <summary>
        <h2>{t.title}</h2>
        <span class="muted">
          {monthLabel(`${costs.month}-01`, language.value)}
          {words.value.colon}
          {t.sum(sum("actual"), sum("estimate"))}
        </span>
      </summary>
      {costs.platforms.map((one) => (
        <OfPlatform key={one.platform} costs={one} name={platformName(platforms, one.platform)} money={money} />
      ))}
    </details>
  );
}

function platformName(platforms: Platform[], id: string): string {
  const platform = platforms.find((one) => one.id === id);
  return platform ? localized(platform.name) : id;
}

interface Props {
  costs: PlatformCosts;
  name: string;
  money: (amount: number) => string;
}

function OfPlatform({ costs, name, money }: Props) {
  const { platform, cap, actual, estimate, accounts } = costs;
  const t = words.value.costs;
  const spent = cap === null ? money(actual) : t.ofCap(money(actual), money(cap));
  return (
    <div data-testid={`costs-${platform}`}>
      <p class="cost-line">
        <PlatformMark platform={platform} name={name} size={20} />
        <strong>{name}</strong>
        <span>{spent}</span>
        {cap !== null && (
          <span class="progress" role="meter" aria-label={`${name}${words.value.colon}${t.title}`} aria-valuemin={0} aria-valuemax={cap} aria-valuenow={Math.min(actual, cap)} aria-valuetext={spent}>
            <span style={{ width: `${usedShare(actual, cap) * 100}%` }} />
          </span>
        )}
        <span class="muted">{t.expected(money(estimate))}</span>
      </p>
      <TableScroll label={`${t.title}, ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.value.overview.account}</th>
              <th scope="col">{t.actual}</th>
              <th scope="col">{t.estimate}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.account}>
                <th scope="row">{account.name}</th>
                <td>
                  <span class="figure" {...explained(readsText(account))}>
                    {money(account.actual)}
                  </span>
                </td>
                <td>{money(account.estimate)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableScroll>
    </div>
  );
}

/** How much of what may be spent is: a cap of nothing is used up. */
export const usedShare = (actual: number, cap: number): number => (cap > 0 ? Math.min(1, Math.max(0, actual / cap)) : 1);

/** What was read for it: "120 posts, 30 profiles". */
export function readsText({ reads }: Pick<AccountCosts, "reads">): string {
  const kinds = words.value.costs.reads;
  return reads.map(({ kind, count }) => (kinds[kind] ?? ((n: string) => `${n} ${kind}`))(plainCount(count, language.value), count === 1)).join(words.value.list);
}

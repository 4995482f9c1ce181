import { words } from "../../i18n";
import { useAccount } from "../account-context";
import { withheldText } from "../dashboard/withheld-text";
import { MetricNames } from "../metric-names";
import { notOfferedGroups } from "./not-offered-groups";

/** The figures that the account does not get, by reason. */
export function NotOfferedCard() {
  const { account, platform } = useAccount();
  const groups = notOfferedGroups(account);
  if (groups.length === 0) return null;
  const t = words.value.data;
  return (
    <section class="card data-card" aria-labelledby="not-offered-title" data-testid="not-offered">
      <h2 id="not-offered-title">{t.notOffered}</h2>
      {groups.map(({ why, metrics, posts }) => (
        <div key={`${why.reason} ${why.scope}`} class="not-offered">
          <h3>{withheldText(why, platform)}</h3>
          <p>
            <MetricNames ids={metrics} />
            {posts && `${metrics.length > 0 ? words.value.list : ""}${t.posts}`}
          </p>
          {why.reason === "missing_scope" && account.covered_from && <p class="muted">{t.keptBefore}</p>}
        </div>
      ))}
    </section>
  );
}

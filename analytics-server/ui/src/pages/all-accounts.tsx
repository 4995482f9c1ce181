import { useMemo } from "preact/hooks";
import { Link, useLocation, useSearch } from "wouter-preact";
import { useMetrics, usePlatforms } from "../api/queries";
import type { Report } from "../api/report-types";
import type { Account, Metric, Platform, Session } from "../api/types";
import { LoadingLine } from "../components/dashboard/loading-line";
import { DashboardSkeleton } from "../components/dashboard/skeleton";
import { Icon } from "../components/icon";
import { Failure, Message } from "../components/message";
import { AccountGroupCard } from "../components/overview/account-group";
import { ArchivedAccounts } from "../components/overview/archived";
import { PausedPlatforms } from "../components/overview/paused";
import { ReadingCosts } from "../components/overview/reading-costs";
import { groupAccounts, overviewRange } from "../components/overview/requests";
import { useFamily } from "../components/overview/use-family";
import { CompareMenu } from "../components/period/compare-menu";
import { Periods } from "../components/period/context";
import { RangeMenu } from "../components/period/range-menu";
import { words } from "../i18n";
import { parsePeriod, periodParts, queryText, usualComparison, usualRange, type PeriodState } from "../state/period-url";
import { useTitle } from "../state/title";

interface Props {
  session: Session;
  accounts: Account[];
}

/** How every account is doing, against before. */
export function AllAccountsPage({ session, accounts }: Props) {
  const platforms = usePlatforms();
  const metrics = useMetrics();
  useTitle(words.value.overview.title);
  const failed = [platforms, metrics].find((query) => query.isError && !query.data);
  if (failed) return <Failure page error={failed.error} retry={() => void failed.refetch()} />;
  if (!platforms.data || !metrics.data) return <DashboardSkeleton />;
  return <Overview session={session} accounts={accounts} platforms={platforms.data} metrics={metrics.data} />;
}

function Overview({ session, accounts, platforms, metrics }: Props & { platforms: Platform[]; metrics: Metric[] }) {
  const t = words.value.overview;
  const { period, change } = usePeriodAddress();
  const catalogue = useMemo(() => new Map(metrics.map((metric) => [metric.id, metric])), [metrics]);
  const known = { platforms, catalogue, session, period };
  const families = { ads: useFamily("ads", accounts, known), media: useFamily("media", accounts, known) };
  const stale = families.ads.stale || families.media.stale;
  const groups = groupAccounts(accounts);
  const dashboard = ({ id, family }: Account) => {
    const query = queryText(periodParts(period, usualRange(family)));
    return `/accounts/${id}${query ? `?${query}` : ""}`;
  };
  // One sentence where nothing could be loaded; where one family is there, the other says so in its place.
  const failed = groups.every(({ family }) => families[family].error !== null) ? groups[0] && families[groups[0].family].error : null;
  const report = agreed(families.ads.daily, families.media.daily);
  return (
    <Periods.Provider value={{ session, state: period, change }}>
      <div class="overview" data-testid="all-accounts" data-loading={stale || families.ads.pending || families.media.pending}>
        <LoadingLine active={stale} />
        <header class="overview-header">
          <h1>{t.title}</h1>
          <div class="controls">
            <RangeMenu report={report} stale={stale} />
            <CompareMenu report={report} stale={stale} />
          </div>
        </header>
        <PausedPlatforms platforms={platforms} accounts={accounts} session={session} />
        {groups.length === 0 && <NothingLinked session={session} />}
        {failed ? (
          <div class="card">
            <Failure
              error={failed}
              retry={() => [families.ads, families.media].forEach(({ retry }) => retry())}
              extra={
                <button type="button" class="button" onClick={() => change({ range: overviewRange, compare: usualComparison })}>
                  {words.value.failed.reset}
                </button>
              }
            />
          </div>
        ) : (
          groups.map((group) => (
            <AccountGroupCard key={`${group.family} ${group.currency}`} group={group} figures={families[group.family]} known={known} href={dashboard} />
          ))
        )}
        <ReadingCosts session={session} platforms={platforms} />
        <ArchivedAccounts accounts={accounts.filter(({ state }) => state === "archived")} />
      </div>
    </Periods.Provider>
  );
}

/** The period as the address holds it. */
function usePeriodAddress() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const period = useMemo(() => parsePeriod(new URLSearchParams(search), overviewRange), [search]);
  const change = (next: Partial<PeriodState>) => {
    const query = queryText(periodParts({ ...period, ...next }, overviewRange));
    navigate(query ? `/?${query}` : "/");
  };
  return { period, change };
}

/** Families end on days of their own: the controls name days only where all agree. */
function agreed(...reports: (Report | undefined)[]): Report | undefined {
  const there = reports.filter((report) => report !== undefined);
  const days = (report: Report) => `${report.query.range?.start} ${report.query.range?.end}`;
  return there.every((report) => there[0] && days(report) === days(there[0])) ? there[0] : undefined;
}

function NothingLinked({ session }: { session: Session }) {
  const t = words.value.home;
  return (
    <div class="card empty-card">
      <Message
        icon="info"
        title={t.title}
        actions={
          session.role !== "viewer" && (
            <Link href="/add-account" class="button primary">
              <Icon name="plus" />
              {t.button}
            </Link>
          )
        }
      >
        {session.role === "viewer" && t.viewer}
      </Message>
    </div>
  );
}

//! Reports on a store, with its sorted columns cached.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::try_join_all;
use moka::future::Cache;

use super::{
    PublishedQuery, PublishedReport, Query, Report, ReportDefaults,
    answer::answer,
    dataset::{Dataset, EntityTable, LevelData, LevelFacts},
    days::day_number,
    plan::Plan,
    published::published,
    wishes::Wishes,
};
use crate::{
    error::{Error, Result},
    model::{
        Account, AccountId, Catalogue, DateRange, Entity, Level, MetricId, Workspace, WorkspaceId,
    },
    storage::{EntityFilter, Store, WINDOW_REST},
};

/// How often data that changes while it is read is read again.
const READS: usize = 3;

/// Answers queries from a store. Cheap to share behind an `Arc`.
///
/// Sorted columns are kept in memory by (account, level, data version). The version is read with
/// every report, so that what was just saved is seen at once.
#[derive(Debug)]
pub struct ReportEngine {
    store: Arc<dyn Store>,
    catalogue: Arc<Catalogue>,
    cache: Cache<CacheKey, Cached>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct CacheKey {
    account: AccountId,
    level: Level,
    data_version: i64,
    content: Content,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Content {
    Facts,
    Entities,
}

#[derive(Debug, Clone)]
enum Cached {
    Facts(Arc<LevelFacts>),
    Entities(Arc<EntityTable>),
}

impl Cached {
    fn bytes(&self) -> u32 {
        let bytes = match self {
            Self::Facts(facts) => facts.bytes(),
            Self::Entities(table) => table.bytes(),
        };
        u32::try_from(bytes + size_of::<CacheKey>() + size_of::<Self>()).unwrap_or(u32::MAX)
    }
}

impl ReportEngine {
    /// An engine that keeps up to `cache_bytes` of sorted columns in memory.
    #[must_use]
    pub fn new(store: Arc<dyn Store>, catalogue: Arc<Catalogue>, cache_bytes: u64) -> Self {
        let cache = Cache::builder()
            .max_capacity(cache_bytes)
            .weigher(|_, value: &Cached| value.bytes())
            .build();
        Self {
            store,
            catalogue,
            cache,
        }
    }

    /// The answer to `query` on a workspace, as of `now` (its day in the workspace's time zone is
    /// today, unless the query says otherwise). It writes nothing.
    ///
    /// # Errors
    /// [`Error::Unknown`], [`Error::Invalid`] and [`Error::Unsupported`] for the query,
    /// [`Error::Overflow`] for a total that does not fit, [`Error::Storage`] from the database.
    pub async fn report(
        &self,
        workspace: &Workspace,
        query: &Query,
        now: DateTime<Utc>,
    ) -> Result<Report> {
        self.compute(workspace, query, now, None)
            .await
            .map(|(report, _)| report)
    }

    /// The same, and exact values that the answer lacks are queued for whoever synchronizes: their
    /// figures say `pending`. With it, the accounts for which something was newly queued.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub async fn report_and_request(
        &self,
        workspace: &Workspace,
        query: &Query,
        now: DateTime<Utc>,
    ) -> Result<(Report, Vec<AccountId>)> {
        let today = today_in(workspace, now);
        let wishes = Wishes::new(day_number(query.today.unwrap_or(today)));
        let (report, accounts) = self.compute(workspace, query, now, Some(&wishes)).await?;
        let mut wanted: BTreeMap<(usize, Level), Vec<(MetricId, DateRange)>> = BTreeMap::new();
        for (account, level, metric, days) in wishes.into_inner() {
            if let Some(range) = days.dates() {
                wanted
                    .entry((account, level))
                    .or_default()
                    .push((metric, range));
            }
        }
        let mut asked = Vec::new();
        for ((at, level), windows) in wanted {
            let account = accounts[at].id;
            let queued = self
                .store
                .request_windows(workspace.id, account, level, &windows, now)
                .await?;
            if queued > 0 && !asked.contains(&account) {
                asked.push(account);
            }
        }
        Ok((report, asked))
    }

    /// What posts have collected so far, by the day they were published.
    ///
    /// # Errors
    /// As [`Self::report`].
    pub async fn published(
        &self,
        workspace: &Workspace,
        query: &PublishedQuery,
        now: DateTime<Utc>,
    ) -> Result<PublishedReport> {
        let query = query.of_totals(&self.catalogue)?;
        let defaults = ReportDefaults::of(workspace);
        let accounts = self.store.accounts(workspace.id).await?;
        let mut dataset = self.dataset(&accounts);
        let today = today_in(workspace, now);
        let plan = Plan::new(&dataset, &self.catalogue, &query, today, &defaults)?;
        let wanted = plan
            .accounts
            .iter()
            .flat_map(|at| [(*at, Level::Post, true), (*at, Level::Post, false)]);
        self.load(&mut dataset, wanted.collect(), &accounts, workspace.id, now)
            .await?;
        published(&dataset, &self.catalogue, &query, &plan, &defaults)
    }

    fn dataset(&self, accounts: &[Account]) -> Dataset {
        let mut dataset = Dataset::default();
        for account in accounts {
            dataset.add_account(account, &self.catalogue);
        }
        dataset
    }

    /// The report, and the accounts by the positions that wishes name.
    async fn compute(
        &self,
        workspace: &Workspace,
        query: &Query,
        now: DateTime<Utc>,
        wishes: Option<&Wishes>,
    ) -> Result<(Report, Vec<Account>)> {
        let defaults = ReportDefaults::of(workspace);
        let accounts = self.store.accounts(workspace.id).await?;
        let mut dataset = self.dataset(&accounts);
        let today = today_in(workspace, now);
        let plan = Plan::new(&dataset, &self.catalogue, query, today, &defaults)?;
        let wanted = needed(&plan);
        self.load(&mut dataset, wanted, &accounts, workspace.id, now)
            .await?;
        let report = answer(&dataset, &self.catalogue, query, &plan, &defaults, wishes)?;
        Ok((report, accounts))
    }

    /// Puts what is wanted into the dataset, from the cache where it is there.
    async fn load(
        &self,
        dataset: &mut Dataset,
        wanted: Wanted,
        accounts: &[Account],
        workspace: WorkspaceId,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let loads = wanted.into_iter().map(async |(at, level, facts)| {
            let account = &accounts[at];
            let key = CacheKey {
                account: account.id,
                level,
                data_version: account.data_version,
                content: if facts {
                    Content::Facts
                } else {
                    Content::Entities
                },
            };
            let cached = self
                .cache
                .try_get_with(key, self.read(workspace, account, level, key.content, now))
                .await
                .map_err(shared_error)?;
            Ok::<_, Error>((at, level, cached))
        });
        for (at, level, cached) in try_join_all(loads).await? {
            match cached {
                Cached::Facts(facts) => dataset.put_level(at, level, facts),
                Cached::Entities(table) => dataset.put_entities(at, level, table),
            }
        }
        Ok(())
    }

    async fn read(
        &self,
        workspace: WorkspaceId,
        account: &Account,
        level: Level,
        content: Content,
        now: DateTime<Utc>,
    ) -> Result<Cached> {
        if content == Content::Entities {
            let entities = self.entities(workspace, account.id, level).await?;
            return Ok(Cached::Entities(Arc::new(EntityTable::new(entities))));
        }
        let mut version = account.data_version;
        let mut reads = 1;
        loop {
            let (entities, series, coverage, windows, gaps, mut requests) = futures_util::try_join!(
                self.posts(workspace, account.id, level),
                self.store.series(workspace, account.id, level),
                self.store.coverage(workspace, account.id),
                self.store.windows(workspace, account.id, level),
                self.store.gaps(workspace, account.id),
                self.store.window_requests(workspace, account.id),
            )?;
            requests.retain(|one| one.answered_at.is_some_and(|at| now < at + WINDOW_REST));
            // A save between these reads would set series against the coverage of another moment.
            let versions = self.store.data_versions(workspace).await?;
            let newest = versions.get(&account.id).copied().unwrap_or(version);
            if newest == version || reads == READS {
                let data = LevelData {
                    entities,
                    series,
                    coverage,
                    windows,
                    gaps,
                    requests,
                    cost_terms: account.cost_terms.clone(),
                };
                let facts = LevelFacts::from_store(
                    &self.catalogue,
                    &account.platform,
                    account.time_zone,
                    level,
                    data,
                )?;
                return Ok(Cached::Facts(Arc::new(facts)));
            }
            version = newest;
            reads += 1;
        }
    }
}

impl ReportEngine {
    async fn entities(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<Entity>> {
        let filter = EntityFilter {
            accounts: vec![account],
            level: Some(level),
            ..EntityFilter::default()
        };
        let (entities, _) = self.store.entities(workspace, &filter).await?;
        Ok(entities)
    }

    /// The entities that facts depend on: posts alone.
    async fn posts(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<Entity>> {
        match level {
            Level::Post => self.entities(workspace, account, level).await,
            _ => Ok(Vec::new()),
        }
    }
}

/// What a plan needs: (account, level, whether its facts or its entities).
type Wanted = BTreeSet<(usize, Level, bool)>;

fn needed(plan: &Plan<'_>) -> Wanted {
    let mut wanted = Wanted::new();
    for level in plan.fact_levels() {
        wanted.extend(plan.accounts.iter().map(|account| (*account, level, true)));
    }
    // Of accounts that the filters leave out as well: their entities exist.
    for level in plan.entity_levels() {
        wanted.extend(plan.scope.iter().map(|account| (*account, level, false)));
    }
    wanted
}

fn today_in(workspace: &Workspace, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&workspace.settings.time_zone)
        .date_naive()
}

/// The error behind a load that several reports may have waited for.
fn shared_error(error: Arc<Error>) -> Error {
    Arc::try_unwrap(error).unwrap_or_else(|error| Error::Storage {
        operation: "reading facts",
        source: Box::new(error),
    })
}

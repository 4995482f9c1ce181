//! Storage: small traits, and the databases that implement them.
//!
//! Every call is scoped to a workspace; an id of another workspace is simply not found.

mod cipher;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod columns;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod convert;
#[cfg(feature = "sqlite")]
pub mod copy;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod counters;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod diff;
mod fleet;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod gaps;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod migrations;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod rows;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod runs;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod slices;
#[cfg(feature = "sqlite")]
pub mod sqlite;
#[cfg(feature = "testing")]
pub mod suite;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sums;

use std::{collections::BTreeMap, fmt::Debug, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use secrecy::SecretString;

pub use cipher::{Cipher, MasterKey};
pub use fleet::{Claim, FleetStore};

use crate::{
    error::{Error, Result},
    model::{
        Account, AccountContents, AccountId, AccountState, Charge, CostTerms, DateRange, Deletion,
        Entity, EntityId, EntityRecord, FactSeries, FailedRun, FeedCoverage, FeedId, GapRun, Grant,
        GrantId, GrantTokens, Lease, Level, Member, MetricId, Millionths, NewAccount, NewGrant,
        NewUser, Platform, Priority, PublicId, Revision, Role, SessionRecord, Slice, SliceReceipt,
        SyncError, SyncRow, User, UserId, WindowRecord, WindowRequest, WindowValue, Workspace,
        WorkspaceId, WorkspaceSettings,
    },
};

/// Exact values that a platform did not have are not asked for again before this.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "analysis"))]
pub(crate) const WINDOW_REST: chrono::Duration = chrono::Duration::days(1);

/// Workspaces, users, memberships and sessions.
#[async_trait]
pub trait WorkspaceStore: Debug + Send + Sync {
    /// Creates a workspace.
    async fn create_workspace(&self, name: &str, settings: &WorkspaceSettings)
    -> Result<Workspace>;
    /// Every workspace of the database.
    async fn workspaces(&self) -> Result<Vec<Workspace>>;
    /// One workspace. Errors: [`Error::NotFound`].
    async fn workspace(&self, id: WorkspaceId) -> Result<Workspace>;
    /// Replaces a workspace's name and settings.
    async fn save_workspace(&self, workspace: &Workspace) -> Result<()>;

    /// Creates a user. Errors: [`Error::Conflict`] if the e-mail address is taken.
    async fn create_user(&self, user: &NewUser) -> Result<User>;
    /// Every user.
    async fn users(&self) -> Result<Vec<User>>;
    /// The user with this e-mail address, compared without case.
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;
    /// Replaces a password's hash and ends the user's sessions.
    async fn set_password(&self, user: UserId, password_hash: &SecretString) -> Result<()>;
    /// Says whether a user looks after the whole instance. Errors: [`Error::NotFound`].
    async fn set_operator(&self, user: UserId, operator: bool) -> Result<()>;
    /// Removes a user with its memberships and sessions.
    async fn remove_user(&self, user: UserId) -> Result<()>;
    /// Adds a member, or changes its role.
    async fn save_member(&self, workspace: WorkspaceId, user: UserId, role: Role) -> Result<()>;
    /// The workspaces of a user, with its role in each.
    async fn memberships(&self, user: UserId) -> Result<Vec<Member>>;
    /// Sets up an empty database in one transaction: the first workspace with its owner, who is an
    /// operator too.
    /// Errors: [`Error::Conflict`] if any user exists already.
    async fn set_up(
        &self,
        workspace: &str,
        settings: &WorkspaceSettings,
        owner: &NewUser,
    ) -> Result<Member>;

    /// Creates or replaces a session.
    async fn save_session(&self, session: &SessionRecord, user: Option<UserId>) -> Result<()>;
    /// A session that has not ended at `now`.
    async fn session(&self, id_hash: &[u8], now: DateTime<Utc>) -> Result<Option<SessionRecord>>;
    /// Ends a session.
    async fn remove_session(&self, id_hash: &[u8]) -> Result<()>;
    /// Removes sessions that ended at or before `now`, and forgets single-use marks and kept secrets
    /// that expired by then; how many sessions.
    async fn remove_ended_sessions(&self, now: DateTime<Utc>) -> Result<u64>;

    /// Consumes a single-use mark (an OAuth state, a set-up link): true the first time, false for
    /// ever after. Marks may be forgotten after `expires_at`.
    async fn use_once(&self, mark: &str, expires_at: DateTime<Utc>) -> Result<bool>;

    /// Keeps a secret under a mark until `expires_at`, sealed, in place of what was kept under it.
    async fn keep_secret(
        &self,
        mark: &str,
        secret: &SecretString,
        expires_at: DateTime<Utc>,
    ) -> Result<()>;
    /// Takes the secret that was kept under a mark, once; none if there is none any more at `now`.
    /// Errors: [`Error::Sealed`].
    async fn take_secret(&self, mark: &str, now: DateTime<Utc>) -> Result<Option<SecretString>>;
}

/// Grants; their secrets are sealed before the database sees them.
#[async_trait]
pub trait GrantStore: Debug + Send + Sync {
    /// Creates a grant, or renews the one of the same provider and subject (state active again,
    /// version raised, id kept).
    async fn save_grant(&self, workspace: WorkspaceId, grant: &NewGrant) -> Result<Grant>;
    /// One grant. Errors: [`Error::NotFound`], [`Error::Sealed`].
    async fn grant(&self, workspace: WorkspaceId, id: GrantId) -> Result<Grant>;
    /// One grant by its outside id. Errors: as [`Self::grant`].
    async fn grant_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Grant>;
    /// The grants that reach an account, active ones first, newest consent first.
    async fn grants_of_account(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<Grant>>;
    /// Replaces the tokens if the grant still has `expected_version`; the renewed grant, or
    /// `None` if somebody else renewed it first.
    async fn renew_grant(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
        tokens: &GrantTokens,
    ) -> Result<Option<Grant>>;
    /// Marks a grant dead if it still has `expected_version`: tokens that came since are not meant;
    /// whether it was. The tokens are kept sealed until it is renewed or removed.
    async fn mark_grant_dead(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
    ) -> Result<bool>;
    /// Takes the turn to renew a grant that still has `expected_version`, for `ttl` of the
    /// database's own time; false while it is somebody else's, or if the grant was renewed since.
    /// Renewing the grant ends the turn.
    async fn claim_renewal(
        &self,
        workspace: WorkspaceId,
        id: GrantId,
        expected_version: i64,
        owner: &str,
        ttl: Duration,
    ) -> Result<bool>;
    /// Gives the turn back; one that is lost is ignored.
    async fn release_renewal(&self, workspace: WorkspaceId, id: GrantId, owner: &str)
    -> Result<()>;
}

/// What a provider tells of its users, across workspaces: only a call that is proved to come from
/// the provider may lead here.
#[async_trait]
pub trait SubjectStore: Debug + Send + Sync {
    /// The user took the authorization back: the user's grants given `until` then are dead, and
    /// accounts that only they opened need linking again. Those accounts.
    async fn revoke_subject(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
    ) -> Result<Vec<(WorkspaceId, AccountId)>>;
    /// The user wants to be forgotten: as [`Self::revoke_subject`], and the grants are deleted with
    /// everything of the user in them. The receipt, kept without the user, and those accounts.
    async fn delete_subject(
        &self,
        provider: &str,
        subject: &str,
        until: DateTime<Utc>,
        at: DateTime<Utc>,
    ) -> Result<(Deletion, Vec<(WorkspaceId, AccountId)>)>;
    /// The receipt with this code.
    async fn deletion(&self, code: &PublicId) -> Result<Option<Deletion>>;
    /// The living grants of a provider's user in other workspaces than `besides`, as far as accounts
    /// are kept up to date by them.
    async fn grants_elsewhere(
        &self,
        provider: &str,
        subject: &str,
        besides: WorkspaceId,
    ) -> Result<Vec<(WorkspaceId, GrantId)>>;
}

/// Which entities to list.
#[derive(Debug, Clone, Default)]
pub struct EntityFilter {
    /// Only of these accounts; empty: all of the workspace.
    pub accounts: Vec<AccountId>,
    /// Only at this level.
    pub level: Option<Level>,
    /// Only children of this entity.
    pub parent: Option<EntityId>,
    /// Only names that contain this text, without case.
    pub search: Option<String>,
    /// At most this many; none: all.
    pub limit: Option<u32>,
    /// Skip this many.
    pub offset: u32,
}

/// Accounts and their entities.
#[async_trait]
pub trait AccountStore: Debug + Send + Sync {
    /// Links an account, or links it again: one row per (platform, external id) of a workspace.
    /// Linking again keeps id and data, sets it active, updates its attributes (a name the user
    /// chose is kept) and adds the grant. Either way the account is due at `linked_at`, with the
    /// priority of linking. Errors: [`Error::NotFound`] for the grant.
    async fn link_account(&self, workspace: WorkspaceId, account: &NewAccount) -> Result<Account>;
    /// One account. Errors: [`Error::NotFound`].
    async fn account(&self, workspace: WorkspaceId, id: AccountId) -> Result<Account>;
    /// One account by its outside id. Errors: [`Error::NotFound`].
    async fn account_by_public_id(&self, workspace: WorkspaceId, id: &PublicId) -> Result<Account>;
    /// Every account of the workspace, archived ones included, in the order of linking.
    async fn accounts(&self, workspace: WorkspaceId) -> Result<Vec<Account>>;
    /// Accounts of a platform's users across workspaces: (workspace, account).
    async fn account_refs(&self) -> Result<Vec<(WorkspaceId, AccountId)>>;
    /// Changes the state. One that needs linking again, or is archived, is not due any more; an
    /// active one is due only when a sync is requested. An archived account stays archived until
    /// it is linked again, whatever a run that was under way then says.
    async fn set_account_state(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        state: AccountState,
    ) -> Result<()>;
    /// Gives an account a name of the user's own.
    async fn rename_account(&self, workspace: WorkspaceId, id: AccountId, name: &str)
    -> Result<()>;
    /// Gives an account the platform's name, if it was linked without one and goes by its id; a name
    /// of the user's own stays. Errors: [`Error::NotFound`].
    async fn learn_account_name(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        name: &str,
    ) -> Result<()>;
    /// Replaces what is billed beside the cost of an account's ads; a new data version, though its
    /// facts stay as they are. Errors: [`Error::NotFound`].
    async fn save_cost_terms(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
        terms: &CostTerms,
    ) -> Result<()>;
    /// What is stored of an account: what purging it would remove. Errors: [`Error::NotFound`].
    async fn account_contents(
        &self,
        workspace: WorkspaceId,
        id: AccountId,
    ) -> Result<AccountContents>;
    /// Removes an account with everything that hangs from it, and grants that reach nothing any
    /// more; what was removed. It looks for what is left before it commits. Errors:
    /// [`Error::NotFound`].
    async fn purge_account(&self, workspace: WorkspaceId, id: AccountId)
    -> Result<AccountContents>;
    /// Entities by filter, ordered by name without case then id, nameless ones last; and how many
    /// match without limit.
    async fn entities(
        &self,
        workspace: WorkspaceId,
        filter: &EntityFilter,
    ) -> Result<(Vec<Entity>, u64)>;
    /// Entities by their outside ids, in that order; unknown ones are left out.
    async fn entities_by_public_id(
        &self,
        workspace: WorkspaceId,
        ids: &[PublicId],
    ) -> Result<Vec<Entity>>;
    /// Erases the texts of a platform's posts, in every workspace, of accounts whose posts were not
    /// read for `since` or a later day: nobody knows whether they still are there. How many posts.
    async fn erase_unread_texts(&self, platform: &Platform, since: NaiveDate) -> Result<u64>;
    /// Updates attributes of entities without touching facts (structure refresh).
    async fn save_entities(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        entities: &[EntityRecord],
    ) -> Result<()>;
}

/// Facts, coverage, windows and revisions.
#[async_trait]
pub trait FactStore: Debug + Send + Sync {
    /// Replaces a slice whole in one transaction: entities, facts, counters with the amounts they
    /// make, windows, gaps, revisions for what changed, coverage and its history, the account's
    /// data version. With a lease, only while it holds. An empty slice is a valid one: its days are
    /// covered and hold nothing.
    /// Errors: [`Error::LeaseLost`]; [`Error::Invalid`] for facts outside the slice or duplicated,
    /// and for a snapshot older than a stored one.
    async fn save_slice(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        slice: &Slice,
    ) -> Result<SliceReceipt>;
    /// Records that fetching a slice failed. Days fetched before stay covered.
    async fn save_failure(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        feed: &FeedId,
        failure: FailedRun,
    ) -> Result<()>;
    /// Stores exact values of unique metrics; a changed one leaves its former value as a revision.
    /// Entities not yet known are created with level `level`.
    async fn save_windows(
        &self,
        workspace: WorkspaceId,
        lease: Option<&Lease>,
        account: AccountId,
        level: Level,
        windows: &[WindowRecord],
        fetched_at: DateTime<Utc>,
    ) -> Result<()>;
    /// Every stored series of an account at one level, lifetime totals included, sorted by (entity,
    /// metric id).
    async fn series(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<FactSeries>>;
    /// Every stored window value of an account at one level.
    async fn windows(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
    ) -> Result<Vec<WindowValue>>;
    /// Coverage of an account, every level and feed that was ever tried.
    async fn coverage(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<FeedCoverage>>;
    /// Days for which a platform refused a metric, by level, metric and day.
    async fn gaps(&self, workspace: WorkspaceId, account: AccountId) -> Result<Vec<GapRun>>;
    /// Queues exact values that a report lacked; how many are newly queued. One that waits already,
    /// or that the platform had no value for within the last day, is not queued again.
    async fn request_windows(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        windows: &[(MetricId, DateRange)],
        at: DateTime<Utc>,
    ) -> Result<u64>;
    /// Requests for exact values, waiting and answered, oldest first.
    async fn window_requests(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Vec<WindowRequest>>;
    /// Marks the waiting requests of a range as answered, whether or not there was a value.
    async fn close_window_requests(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        level: Level,
        metrics: &[MetricId],
        range: DateRange,
        at: DateTime<Utc>,
    ) -> Result<()>;
    /// Data version of every account of the workspace.
    async fn data_versions(&self, workspace: WorkspaceId) -> Result<BTreeMap<AccountId, i64>>;
    /// Revisions of an account superseded at or after `since`, oldest first.
    async fn revisions(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        since: DateTime<Utc>,
    ) -> Result<Vec<Revision>>;
    /// The metrics ever stored, by any account of the workspace.
    async fn stored_metrics(&self, workspace: WorkspaceId) -> Result<Vec<MetricId>>;
    /// First and last day that has a fact of the account at account level.
    async fn fact_span(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Option<(NaiveDate, NaiveDate)>>;
}

/// What platforms charge for reading.
#[async_trait]
pub trait ChargeStore: Debug + Send + Sync {
    /// Adds to what reading an account has cost.
    async fn add_charges(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        charges: &[Charge],
    ) -> Result<()>;
    /// What reading the workspace's accounts cost from `first` to `last`, by account, day and kind.
    async fn charges(
        &self,
        workspace: WorkspaceId,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<Vec<(AccountId, Charge)>>;
    /// What reading a platform has cost since `first` over all workspaces, in US dollars: the
    /// operator pays for all of them.
    async fn platform_charged(&self, platform: &Platform, first: NaiveDate) -> Result<Millionths>;
}

/// Leases, due times and outcomes of synchronization.
#[async_trait]
pub trait SyncStore: Debug + Send + Sync {
    /// The account's sync row. Errors: [`Error::NotFound`].
    async fn sync_row(&self, workspace: WorkspaceId, account: AccountId) -> Result<SyncRow>;
    /// Makes the account due at `at`, unless it is due earlier and nobody works on it yet; clears
    /// back-off.
    async fn request_sync(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        priority: Priority,
        at: DateTime<Utc>,
    ) -> Result<()>;
    /// Accounts due at `now`, or with exact values to fetch unless their last attempt failed, that
    /// nobody has leased; most urgent first.
    async fn due_accounts(
        &self,
        now: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<(WorkspaceId, AccountId)>>;
    /// Takes the lease of an account for `ttl` of the database's own time; `None` while somebody
    /// else holds it. `now` is the caller's clock, only recorded as `running_since`.
    async fn acquire_lease(
        &self,
        workspace: WorkspaceId,
        account: AccountId,
        owner: &str,
        ttl: Duration,
        now: DateTime<Utc>,
    ) -> Result<Option<Lease>>;
    /// Prolongs a lease. Errors: [`Error::LeaseLost`].
    async fn renew_lease(&self, lease: &Lease, ttl: Duration) -> Result<()>;
    /// Gives a lease back; a lost one is ignored.
    async fn release_lease(&self, lease: &Lease) -> Result<()>;
    /// Records a success: attempts back to zero, due again at `next_attempt_at`.
    async fn record_success(
        &self,
        lease: &Lease,
        at: DateTime<Utc>,
        next_attempt_at: DateTime<Utc>,
    ) -> Result<()>;
    /// Records a failure; `None` for `next_attempt_at`: not to be tried until linked again.
    async fn record_failure(
        &self,
        lease: &Lease,
        error: &SyncError,
        next_attempt_at: Option<DateTime<Utc>>,
    ) -> Result<()>;
}

/// How the connections to a database are used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Connections {
    /// Open ones.
    pub open: u32,
    /// Of them waiting for work.
    pub idle: u32,
    /// At most this many are opened.
    pub most: u32,
}

/// Everything a service needs of its database.
#[async_trait]
pub trait Store:
    WorkspaceStore
    + GrantStore
    + SubjectStore
    + AccountStore
    + FactStore
    + ChargeStore
    + SyncStore
    + FleetStore
{
    /// Brings the schema up to date; how many migrations ran.
    async fn migrate(&self) -> Result<usize>;
    /// How many migrations this program has that the database lacks. Errors: [`Error::Config`] for a
    /// schema that is newer than the program.
    async fn pending_migrations(&self) -> Result<usize>;
    /// A cheap round trip. Errors: the database is away.
    async fn ping(&self) -> Result<()>;
    /// The database's own time, by which leases and heartbeats go.
    async fn database_time(&self) -> Result<DateTime<Utc>>;
    /// How the connections are used.
    fn connections(&self) -> Connections;
    /// Waits for writes to finish and closes the connections.
    async fn close(&self);
}

/// Opens the database at `url` and brings its schema up to date: `sqlite://path/to/file.db`, created
/// if it does not exist; `sqlite::memory:`; or `postgresql://user:password@host/database`, which must
/// exist (`?max_connections=` bounds this process' connections, 10 by default). Secrets are sealed
/// with `cipher`.
///
/// # Errors
/// [`Error::Config`] for an unknown scheme, a PostgreSQL that cannot be reached, and a schema of a
/// newer version; [`Error::Storage`] if it cannot be opened.
pub async fn connect(url: &str, cipher: Cipher) -> Result<Arc<dyn Store>> {
    let store = open(url, cipher).await?;
    store.migrate().await?;
    Ok(store)
}

/// As [`connect`], but leaves the schema as it is: for whoever only looks.
///
/// # Errors
/// As [`connect`].
pub async fn open(url: &str, cipher: Cipher) -> Result<Arc<dyn Store>> {
    #[cfg(feature = "sqlite")]
    if url.starts_with("sqlite:") {
        return Ok(Arc::new(sqlite::SqliteStore::open(url, cipher).await?));
    }
    #[cfg(feature = "postgres")]
    if url.starts_with("postgresql://") || url.starts_with("postgres://") {
        return Ok(Arc::new(postgres::PostgresStore::open(url, cipher).await?));
    }
    let _ = cipher;
    let known: &[&str] = &[
        #[cfg(feature = "sqlite")]
        "`sqlite://path/to/file.db`",
        #[cfg(feature = "postgres")]
        "`postgresql://user:password@host/database`",
    ];
    Err(Error::Config {
        message: format!(
            "cannot open `{}…`: this build knows {}",
            url.split(':').next().unwrap_or_default(),
            known.join(" and ")
        ),
    })
}

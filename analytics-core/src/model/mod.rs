//! The normalized model: what every platform's data becomes.

mod account;
mod catalogue;
mod charge;
mod cost_terms;
mod coverage;
mod date_range;
mod entity;
mod fact;
mod fleet;
mod grant;
mod id;
mod metric;
mod money;
mod platform;
mod sync;
mod workspace;

pub use account::{Account, AccountContents, AccountState, Deletion, FoundAccount, NewAccount};
pub use catalogue::{Catalogue, unified_metrics};
pub use charge::Charge;
pub use cost_terms::{AgencyFee, CostTerm, CostTerms, FeeKind, Share};
pub use coverage::{CoveredRun, FailedRun, FeedCoverage};
pub use date_range::DateRange;
pub use entity::{Entity, EntityRecord, Level, PostDetails};
pub use fact::{
    CounterRecord, FactRecord, FactSeries, GapRun, MetricGap, Revision, RevisionKind, Slice,
    SliceReceipt, WindowRecord, WindowRequest, WindowValue,
};
pub use fleet::{
    AccountMark, BudgetShare, BudgetUse, FailedAccount, Occupied, PlatformHealth, PlatformPause,
    Worker, WorkerReport,
};
pub use grant::{Grant, GrantState, GrantTokens, NewGrant};
pub use id::{AccountId, EntityId, GrantId, PublicId, UserId, WorkspaceId};
pub use metric::{Direction, Metric, MetricId, MetricKind, Ratio, Text, Unit};
pub use money::{Currency, Millionths, parse_decimal};
pub use platform::{
    DefinitionBreak, Family, Feed, FeedId, FeedKind, OfferedMetric, Platform, PlatformProfile,
    Watch, WindowOffer,
};
pub use sync::{Lease, Priority, SyncError, SyncRow};
pub use workspace::{
    Member, NewUser, Role, SessionRecord, User, WeekStart, Workspace, WorkspaceSettings,
};

//! Linked accounts.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{AccountId, CostTerms, Currency, GrantId, Platform, PublicId, WorkspaceId};

/// Whether an account's data can be refreshed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Refreshed every day.
    Active,
    /// The platform no longer accepts its grants; all data is kept, and linking again revives it.
    NeedsRelink,
    /// The platform refuses just this account (permission lost, closed); data is kept.
    Error,
    /// Unlinked with its data kept; out of default selections and never refreshed.
    Archived,
}

impl AccountState {
    /// The name as stored and shown in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::NeedsRelink => "needs_relink",
            Self::Error => "error",
            Self::Archived => "archived",
        }
    }
}

/// An account that a grant can reach, as a connector finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundAccount {
    /// Its platform.
    pub platform: Platform,
    /// The platform's id.
    pub external_id: String,
    /// Name on the platform.
    pub name: String,
    /// ISO currency; none for media.
    pub currency: Option<Currency>,
    /// The account's own time zone: days of its facts are days there. None where the platform has
    /// none: the workspace's at linking counts then, and stays.
    pub time_zone: Option<Tz>,
    /// Picture, if it has one.
    pub picture_url: Option<String>,
    /// `active`, `disabled`, `unsettled`, `pending`, `closed` or `no_role`. Figures of disabled and
    /// closed accounts can usually still be read, those without a role never.
    pub status: String,
    /// What its calls need beside the grant: manager id, base account id. Never a secret.
    pub access: Value,
}

impl FoundAccount {
    /// Status of an account that the user sees but may not read.
    pub const NO_ROLE: &str = "no_role";

    /// Whether its figures can be read, so that linking it makes sense.
    #[must_use]
    pub fn is_linkable(&self) -> bool {
        self.status != Self::NO_ROLE
    }
}

/// An account to be linked.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// As found.
    pub found: FoundAccount,
    /// The grant that reaches it.
    pub grant: GrantId,
    /// When it is linked.
    pub linked_at: DateTime<Utc>,
}

/// A linked account.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Internal id.
    pub id: AccountId,
    /// Id outside, `acc_…`.
    pub public_id: PublicId,
    /// The workspace it belongs to.
    pub workspace: WorkspaceId,
    /// Its platform.
    pub platform: Platform,
    /// The platform's id.
    pub external_id: String,
    /// Name, as found or as renamed by the user.
    pub name: String,
    /// ISO currency; none for media.
    pub currency: Option<Currency>,
    /// The account's own time zone.
    pub time_zone: Tz,
    /// Picture, if it has one.
    pub picture_url: Option<String>,
    /// What its calls need beside the grant.
    pub access: Value,
    /// State.
    pub state: AccountState,
    /// When it was first linked.
    pub linked_at: DateTime<Utc>,
    /// What is billed beside the cost of its ads.
    pub cost_terms: CostTerms,
    /// Rises with every stored change of its data; keys caches.
    pub data_version: i64,
}

/// What is stored of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AccountContents {
    /// Campaigns, ad groups, ads or posts.
    pub entities: u64,
    /// Daily values.
    pub facts: u64,
    /// Lifetime totals of posts, one a day and metric.
    pub counters: u64,
    /// Exact values of whole ranges.
    pub windows: u64,
    /// Former states of values.
    pub revisions: u64,
    /// First day that was fetched.
    pub first_day: Option<NaiveDate>,
    /// Last day that was fetched.
    pub last_day: Option<NaiveDate>,
    /// Grants that reach nothing else.
    pub grants: u64,
}

/// Receipt of a deletion that a provider's user asked the provider for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// What the user looks it up by, `del_…`.
    pub code: PublicId,
    /// The provider, for example `meta`.
    pub provider: String,
    /// When it was done.
    pub deleted_at: DateTime<Utc>,
    /// Authorizations removed.
    pub grants: u64,
    /// Accounts that nobody else's authorization opens: not refreshed any more.
    pub accounts: u64,
}

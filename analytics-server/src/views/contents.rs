//! What is stored of an account, and the proof that it is gone.

use analytics_core::model::AccountContents;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// What is stored of an account.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountContents)]
pub(crate) struct ContentsView {
    /// Campaigns, ad groups, ads or posts.
    entities: u64,
    /// Daily values.
    facts: u64,
    /// Lifetime totals of posts, one a day and metric.
    counters: u64,
    /// Exact values of whole ranges.
    windows: u64,
    /// Former states of values.
    revisions: u64,
    first_day: Option<NaiveDate>,
    last_day: Option<NaiveDate>,
    /// Consents that reach nothing else.
    grants: u64,
}

/// What was removed. It was looked for what is left before that was made final.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccountPurged)]
pub(crate) struct PurgedView {
    removed: ContentsView,
    /// Rows of the account that are left: none.
    left: u64,
}

impl From<AccountContents> for ContentsView {
    fn from(contents: AccountContents) -> Self {
        Self {
            entities: contents.entities,
            facts: contents.facts,
            counters: contents.counters,
            windows: contents.windows,
            revisions: contents.revisions,
            first_day: contents.first_day,
            last_day: contents.last_day,
            grants: contents.grants,
        }
    }
}

impl PurgedView {
    pub(crate) fn new(removed: AccountContents) -> Self {
        Self {
            removed: removed.into(),
            left: 0,
        }
    }
}

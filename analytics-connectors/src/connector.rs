//! What a platform must be able to do.

use std::fmt::Debug;

use analytics_core::model::{
    Account, CounterRecord, Currency, DateRange, EntityRecord, FactRecord, FeedId, FoundAccount,
    Level, MetricGap, MetricId, Millionths, Platform, PlatformProfile, Text, WindowRecord,
};
use async_trait::async_trait;
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::stream::BoxStream;
use serde_json::Value;

use crate::{
    error::Result,
    oauth::{OAuthProvider, TokenSource},
    pricing::{Pricing, ReadLedger},
};

/// A permission that is asked of the user, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The vendor's name of it.
    pub id: &'static str,
    /// Why it is asked, for the user.
    pub why: Text,
    /// Whether linking makes no sense without it.
    pub required: bool,
    /// The feeds that need it: without it they are not fetched, and their figures are missing.
    pub feeds: Vec<FeedId>,
}

impl Scope {
    /// A scope without which linking makes no sense.
    #[must_use]
    pub fn required(id: &'static str, why: Text) -> Self {
        Self {
            id,
            why,
            required: true,
            feeds: Vec::new(),
        }
    }

    /// A scope that these feeds need; without feeds, one that only finds more accounts.
    #[must_use]
    pub fn optional(id: &'static str, why: Text, feeds: &[&str]) -> Self {
        Self {
            id,
            why,
            required: false,
            feeds: feeds.iter().map(|feed| FeedId::from(*feed)).collect(),
        }
    }
}

/// How much may be asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Days a slice should span at account and campaign level.
    pub upper_slice_days: u32,
    /// Days a slice should span below.
    pub lower_slice_days: u32,
    /// Slices of one account that may be fetched at the same time.
    pub concurrency: usize,
}

/// What a connector says of itself.
#[derive(Debug, Clone)]
pub struct Descriptor {
    /// Platform, provider, family, levels, feeds, metrics, breaks.
    pub profile: PlatformProfile,
    /// Scopes it asks for.
    pub scopes: Vec<Scope>,
    /// How much may be asked at once.
    pub limits: Limits,
    /// Whether the operator has configured its app.
    pub configured: bool,
    /// What the operator must set when it is not.
    pub setup_hint: Text,
    /// What the operator pays for reading; none: nothing.
    pub pricing: Option<Pricing>,
}

impl Descriptor {
    /// The platform's id.
    #[must_use]
    pub fn platform(&self) -> &Platform {
        &self.profile.platform
    }

    /// The scopes that were not granted.
    pub fn missing<'a>(&'a self, granted: &'a [String]) -> impl Iterator<Item = &'a Scope> {
        let is_granted = |scope: &&Scope| granted.iter().any(|granted| granted == scope.id);
        self.scopes.iter().filter(move |scope| !is_granted(scope))
    }

    /// The feeds that a grant of these scopes does not open.
    #[must_use]
    pub fn withheld(&self, granted: &[String]) -> Vec<FeedId> {
        self.missing(granted)
            .flat_map(|scope| scope.feeds.iter().cloned())
            .collect()
    }
}

/// As much of an account as fetching needs; a stored [`Account`] converts into it.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRef {
    /// The platform's id.
    pub external_id: String,
    /// ISO currency; none for media.
    pub currency: Option<Currency>,
    /// The account's own time zone.
    pub time_zone: Tz,
    /// What its calls need beside the grant: manager id, base account id.
    pub access: Value,
}

impl From<&Account> for AccountRef {
    fn from(account: &Account) -> Self {
        Self {
            external_id: account.external_id.clone(),
            currency: account.currency.clone(),
            time_zone: account.time_zone,
            access: account.access.clone(),
        }
    }
}

/// An account without a zone of its own has days in UTC until a workspace lends it one.
impl From<&FoundAccount> for AccountRef {
    fn from(found: &FoundAccount) -> Self {
        Self {
            external_id: found.external_id.clone(),
            currency: found.currency.clone(),
            time_zone: found.time_zone.unwrap_or(Tz::UTC),
            access: found.access.clone(),
        }
    }
}

/// What to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FetchRequest {
    /// Daily values of a feed at one level.
    Daily {
        /// Level.
        level: Level,
        /// Feed.
        feed: FeedId,
        /// Days in the account's own zone, both ends included.
        range: DateRange,
    },
    /// Exact values of unique metrics for one whole range.
    Window {
        /// Level.
        level: Level,
        /// Unique metrics.
        metrics: Vec<MetricId>,
        /// The range.
        range: DateRange,
    },
    /// The state of things now: lifetime totals of posts, stocks of the account.
    Snapshot {
        /// Feed.
        feed: FeedId,
        /// The day it counts for: the last one that has ended in the account's own zone. Posts
        /// published later are described, but have no totals yet.
        date: NaiveDate,
        /// Only posts published on this day or later; of an account's stocks it says nothing.
        since: NaiveDate,
    },
    /// Posts that soon are gone, as they are now: asked of feeds that have some
    /// (`fleeting_hours`).
    Fleeting {
        /// Feed.
        feed: FeedId,
        /// The day it counts for: the running one in the account's own zone.
        date: NaiveDate,
    },
}

/// A part of an answer. A stream of batches that ends without error is the whole answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Daily values. Zeros of additive and unique metrics are left out: absence is zero.
    pub facts: Vec<FactRecord>,
    /// Entities with their attributes as of now.
    pub entities: Vec<EntityRecord>,
    /// Exact window values.
    pub windows: Vec<WindowRecord>,
    /// Lifetime totals of posts, in snapshots.
    pub counters: Vec<CounterRecord>,
    /// Days for which the platform refused a metric that its feed offers.
    pub gaps: Vec<MetricGap>,
    /// Whether the answer holds every text of a post that may be kept: others are erased.
    pub all_texts: bool,
    /// As of when the platform answers, where that may lie before the question: an answer that was
    /// prepared earlier.
    pub as_of: Option<DateTime<Utc>>,
}

/// A platform. Object safe; an embedder can add one of its own.
#[async_trait]
pub trait Connector: Debug + Send + Sync + 'static {
    /// What it is and what it offers.
    fn descriptor(&self) -> &Descriptor;

    /// How its provider grants access.
    fn oauth(&self) -> &dyn OAuthProvider;

    /// Every account the grant behind `tokens` reaches.
    async fn list_accounts(&self, tokens: &TokenSource) -> Result<Vec<FoundAccount>>;

    /// Fetches `request` of `account`, page by page.
    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>>;

    /// Whether texts of posts may be kept only as long as readings show that their posts are there.
    fn texts_follow(&self) -> bool {
        false
    }

    /// Where it counts what it reads, by the platform's id of the account, if the platform charges
    /// for it.
    fn ledger(&self) -> Option<&ReadLedger> {
        None
    }

    /// What a month of reading an account costs, in US dollars, with posts published on these days.
    fn expected_month(&self, published: &[NaiveDate], today: NaiveDate) -> Millionths {
        let _ = (published, today);
        Millionths(0)
    }
}

//! Slices → reports → batches.

use std::sync::Arc;

use analytics_core::model::{DateRange, FeedId, Level};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::{StreamExt, stream::BoxStream};
use serde_json::Value;

use super::{
    Api, ApiConfig, FEED, Product,
    accounts::{base_account, start_date},
    api::{Call, Method},
    jobs::Jobs,
    metrics::LEVELS,
    rows::Asked,
    wire::Order,
};
use crate::{
    connector::{AccountRef, Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    orders::Orders,
};

/// Fetches of one product.
#[derive(Debug, Clone)]
pub(crate) struct Fetcher {
    product: &'static Product,
    api: Api,
    config: Arc<ApiConfig>,
    memory: Memory,
}

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Subject {
    account: i64,
    base_account: i64,
    level: Level,
    range: DateRange,
}

type Memory = Orders<Subject, i64>;

/// Reports vanish a week after their order.
const REPORTS_LAST: TimeDelta = TimeDelta::days(7);

/// One fetch: who asks, about which account, at which level.
pub(super) struct Session {
    product: &'static Product,
    pub(super) api: Api,
    pub(super) config: Arc<ApiConfig>,
    pub(super) memory: Memory,
    pub(super) tokens: TokenSource,
    account: AccountRef,
    pub(super) account_id: i64,
    base_account: i64,
    level: Level,
    /// For messages.
    pub(super) operation: String,
}

impl Fetcher {
    pub(crate) fn new(product: &'static Product, api: Api, config: &ApiConfig) -> Self {
        Self {
            product,
            api,
            config: Arc::new(config.clone()),
            memory: Orders::kept_for(REPORTS_LAST),
        }
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    /// Fetches `request` of `account`, newest days first as far as their reports are done.
    pub(crate) fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        let (fetcher, account) = (self.clone(), account.clone());
        async_stream::try_stream! {
            let (level, range) = fetcher.check(request)?;
            let session = fetcher.session(account, level, tokens)?;
            let Some(range) = session.within_history(range)? else {
                return;
            };
            let mut jobs = Jobs::new(&session, range.parts(session.days_at_once()));
            while let Some(batch) = jobs.next().await? {
                yield batch;
            }
        }
        .boxed()
    }

    fn check(&self, request: FetchRequest) -> Result<(Level, DateRange)> {
        let wrong = |what: String| self.api.invalid("fetch", what);
        let (level, feed, range) = match request {
            FetchRequest::Daily { level, feed, range } => (level, feed, range),
            FetchRequest::Window { .. } => {
                let what = "nothing here has an exact value for a range; ask for days";
                return Err(wrong(what.to_owned()));
            }
            FetchRequest::Snapshot { feed, .. } | FetchRequest::Fleeting { feed, .. } => {
                return Err(wrong(format!(
                    "feed `{feed}` has no snapshots; ask for days"
                )));
            }
        };
        if feed != FeedId::from(FEED) {
            return Err(wrong(format!("no feed `{feed}`; there is `{FEED}`")));
        }
        if !LEVELS.contains(&level) {
            return Err(wrong(format!(
                "there is no level `{}` here",
                level.as_str()
            )));
        }
        Ok((level, range))
    }

    fn session(&self, account: AccountRef, level: Level, tokens: TokenSource) -> Result<Session> {
        let account_id: i64 = account.external_id.parse().map_err(|_| {
            let what = format!(
                "`{}` is no account id; expected digits",
                account.external_id
            );
            self.api.invalid("fetch", what)
        })?;
        Ok(Session {
            product: self.product,
            api: self.api.clone(),
            config: Arc::clone(&self.config),
            memory: self.memory.clone(),
            tokens,
            // An account that the user has a right on goes through nothing else.
            base_account: base_account(&account.access).unwrap_or(account_id),
            account_id,
            account,
            level,
            operation: format!("report ({})", level.as_str()),
        })
    }
}

impl Session {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.api.client().clock().now()
    }

    fn days_at_once(&self) -> u32 {
        match self.level {
            Level::Account | Level::Campaign => self.config.upper_slice_days,
            _ => self.config.report_days,
        }
    }

    /// The part of `range` on which there can be figures: since the account began (none: all of it
    /// is before), as far back as the platform answers.
    fn within_history(&self, range: DateRange) -> Result<Option<DateRange>> {
        let today = self.api.client().clock().today(self.account.time_zone);
        let earliest = today.checked_sub_months(self.product.history);
        let start = range.start.max(earliest.unwrap_or(range.start));
        let answered = DateRange::new(start, range.end).map_err(|_| {
            let what = format!("{range} is older than what the platform answers for");
            self.api.invalid(&self.operation, what)
        })?;
        let begun = start_date(&self.account.access).unwrap_or(answered.start);
        Ok(DateRange::new(answered.start.max(begun), answered.end).ok())
    }

    /// What a report of `range` is about.
    pub(super) fn subject(&self, range: DateRange) -> Subject {
        Subject {
            account: self.account_id,
            base_account: self.base_account,
            level: self.level,
            range,
        }
    }

    /// What a report of `range` must hold.
    pub(super) fn asked(&self, range: DateRange) -> Asked<'_> {
        Asked {
            product: self.product,
            account: &self.account.external_id,
            level: self.level,
            range,
            operation: &self.operation,
        }
    }

    /// The order of a report of `range`.
    pub(super) fn order(&self, range: DateRange) -> Order {
        let name = format!(
            "analytics {} {}-{}",
            self.level.as_str(),
            range.start,
            range.end
        );
        let report_type = (self.product.report_type)(self.level);
        Order::new(name, report_type, self.asked(range).fields(), range)
    }

    pub(super) fn call(&self, method: Method, body: Value) -> Call<'_> {
        Call {
            method,
            operation: &self.operation,
            base_account: Some(self.base_account),
            body,
        }
    }

    pub(super) fn error(&self, kind: ErrorKind, what: &str) -> Error {
        Error::new(kind, self.product.platform(), &self.operation, what)
    }

    pub(super) fn decode(&self, what: &str) -> Error {
        self.error(
            ErrorKind::Decode,
            &format!("the answer does not fit: {what}"),
        )
    }

    /// What it means that a report is too much, by whatever words.
    pub(super) fn too_much(&self, error: Error) -> Error {
        Error {
            kind: ErrorKind::TooMuchData,
            ..error
        }
    }

    /// Adds to an error what was asked for.
    pub(super) fn about(&self, mut error: Error, range: DateRange) -> Error {
        error.context = format!("{range}: {}", error.context);
        error
    }
}

//! Slices → questions → pages → batches. A question that is too much is divided and asked again;
//! what cannot be divided any more fails the slice.

use std::{collections::BTreeSet, pin::pin, sync::Arc};

use analytics_core::model::{DateRange, FeedId, Level, MetricId};
use chrono::{Days, Months};
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};

use super::{
    Config, FEED, PLATFORM,
    error::about,
    metrics::LEVELS,
    question::{Question, Shape, Smaller, campaign_params},
    report_run,
    rows::Rows,
    structure,
    wire::InsightsRow,
};
use crate::{
    connector::{AccountRef, Batch, FetchRequest},
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
    platforms::meta::{Graph, GraphCall, PageSize},
};

/// The platform answers for so many months back.
const HISTORY: Months = Months::new(37);

/// A slice that ends within so many days brings the statuses of now with it.
const FRESH_DAYS: Days = Days::new(8);

/// One fetch: who asks, about which account.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) graph: Graph,
    pub(super) config: Arc<Config>,
    pub(super) tokens: TokenSource,
    account: AccountRef,
}

/// What went wrong, by what is to be done.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Divide the question.
    Shrink(Error),
    /// Give up.
    Fail(Error),
}

impl Trouble {
    pub(super) fn of(error: Error) -> Self {
        match error.kind {
            ErrorKind::TooMuchData => Self::Shrink(error),
            _ => Self::Fail(error),
        }
    }
}

/// Fetches `request` of `account`, newest days first.
pub(super) fn fetch(
    graph: Graph,
    config: Arc<Config>,
    mut account: AccountRef,
    request: FetchRequest,
    tokens: TokenSource,
) -> BoxStream<'static, Result<Batch>> {
    if let Some(bare) = account.external_id.strip_prefix("act_") {
        account.external_id = bare.to_owned();
    }
    let session = Session {
        graph,
        config,
        tokens,
        account,
    };
    async_stream::try_stream! {
        let mut open = session.questions(&request)?;
        let mut splits = 0;
        while let Some(question) = open.pop() {
            match session.answer(&question).await {
                Ok(batch) => yield batch,
                Err(Trouble::Fail(error)) => Err(error)?,
                Err(Trouble::Shrink(error)) => {
                    splits += 1;
                    if splits > session.config.max_splits {
                        Err(error)?;
                    } else {
                        open.extend(session.divide(question, error).await?);
                    }
                }
            }
        }
        if let Some(level) = session.wants_structure(&request) {
            yield session.structure(level).await?;
        }
    }
    .boxed()
}

impl Session {
    /// The account's id, bare.
    pub(super) fn account(&self) -> &str {
        &self.account.external_id
    }

    fn page_size(&self) -> PageSize {
        PageSize {
            first: self.config.page_size,
            least: self.config.min_page_size,
        }
    }

    /// The path of an edge of the account.
    pub(super) fn node(&self, edge: &str) -> String {
        format!("act_{}/{edge}", self.account())
    }

    /// The questions of a request, oldest first: they are taken from the end.
    fn questions(&self, request: &FetchRequest) -> Result<Vec<Question>> {
        if self.account().is_empty() || !self.account().bytes().all(|b| b.is_ascii_digit()) {
            return Err(invalid(format!(
                "`{}` is no ad account id; expected digits, with or without `act_`",
                self.account()
            )));
        }
        match request {
            FetchRequest::Daily { level, feed, range } => {
                check_level(*level)?;
                if *feed != FeedId::from(FEED) {
                    return Err(invalid(format!("no feed `{feed}`; there is `{FEED}`")));
                }
                let range = self.within_history(*range)?;
                Ok(self
                    .windows(range)
                    .into_iter()
                    .map(|range| Question::new(*level, Shape::Daily, range))
                    .collect())
            }
            FetchRequest::Window {
                level,
                metrics,
                range,
            } => {
                check_level(*level)?;
                let reach = MetricId::from("reach");
                if let Some(other) = metrics.iter().find(|metric| **metric != reach) {
                    return Err(invalid(format!(
                        "`{other}` has no exact value for a range; `reach` has"
                    )));
                }
                // Not clamped: a window of another range would be another number.
                if self.within_history(*range)? != *range {
                    return Err(too_old(*range));
                }
                Ok(vec![Question::new(*level, Shape::Window, *range)])
            }
            FetchRequest::Snapshot { feed, .. } | FetchRequest::Fleeting { feed, .. } => Err(
                invalid(format!("feed `{feed}` has no snapshots; ask for days")),
            ),
        }
    }

    /// The part of `range` the platform answers for: an older start is refused (3018).
    fn within_history(&self, range: DateRange) -> Result<DateRange> {
        let today = self.graph.api().clock().today(self.account.time_zone);
        let earliest = today.checked_sub_months(HISTORY).unwrap_or(range.start);
        DateRange::new(range.start.max(earliest), range.end).map_err(|_| too_old(range))
    }

    /// `range` in parts of the longest span for one question, oldest first.
    fn windows(&self, range: DateRange) -> Vec<DateRange> {
        let span = Days::new(u64::from(self.config.window_days.max(1) - 1));
        let mut windows = Vec::new();
        let mut end = range.end;
        loop {
            let start = end
                .checked_sub_days(span)
                .unwrap_or(range.start)
                .max(range.start);
            windows.push(DateRange { start, end });
            match start.pred_opt() {
                Some(before) if start > range.start => end = before,
                _ => break,
            }
        }
        windows.reverse();
        windows
    }

    async fn answer(&self, question: &Question) -> Result<Batch, Trouble> {
        if question.by_run {
            return report_run::answer(self, question).await;
        }
        let mut call = GraphCall::get(question.operation(), self.account(), &self.node("insights"));
        call.params = question.params();
        self.read(call, question).await
    }

    /// Reads a list of insights to its end.
    pub(super) async fn read(
        &self,
        call: GraphCall,
        question: &Question,
    ) -> Result<Batch, Trouble> {
        let mut restarted = false;
        loop {
            let mut rows = Rows::new(self.account(), question);
            let mut pages = pin!(self.graph.list::<InsightsRow>(
                &call,
                &self.tokens,
                self.page_size(),
            ));
            let mut read = 0;
            let failure = loop {
                match pages.try_next().await {
                    Ok(Some(page)) => {
                        for row in &page {
                            rows.push(row).map_err(Trouble::Fail)?;
                        }
                        read += 1;
                    }
                    Ok(None) => return Ok(rows.into_batch()),
                    Err(error) => break error,
                }
            };
            // Cursors are short-lived: one that is refused half-way means to begin again.
            if read == 0 || restarted || failure.kind != ErrorKind::InvalidRequest {
                return Err(Trouble::of(about(failure, question.range)));
            }
            restarted = true;
        }
    }

    /// Smaller questions instead of `question`, or `error` if there are none.
    async fn divide(&self, question: Question, error: Error) -> Result<Vec<Question>> {
        tracing::info!(
            account = self.account(),
            range = %question.range,
            by_run = question.by_run,
            "dividing a question that is too much: {error}"
        );
        match question.smaller() {
            Smaller::Questions(questions) => Ok(questions),
            Smaller::None => Err(error),
            Smaller::ByCampaign => {
                let campaigns = self.campaigns(question.range).await?;
                match question.of_campaigns(campaigns).smaller() {
                    Smaller::Questions(questions) => Ok(questions),
                    _ => Err(error),
                }
            }
        }
    }

    /// The campaigns that delivered in `range`, deleted ones included.
    async fn campaigns(&self, range: DateRange) -> Result<Vec<String>> {
        let mut call = GraphCall::get(
            "insights (campaign ids)",
            self.account(),
            &self.node("insights"),
        );
        call.params = campaign_params(range);
        let rows: Vec<InsightsRow> = self
            .graph
            .list(&call, &self.tokens, self.page_size())
            .try_concat()
            .await
            .map_err(|error| about(error, range))?;
        let ids: BTreeSet<String> = rows.into_iter().filter_map(|row| row.campaign_id).collect();
        Ok(ids.into_iter().collect())
    }

    /// The level whose statuses belong to `request`: only fresh days bring them, so that a
    /// backfill does not list everything once a month of history.
    fn wants_structure(&self, request: &FetchRequest) -> Option<Level> {
        let FetchRequest::Daily { level, range, .. } = request else {
            return None;
        };
        let today = self.graph.api().clock().today(self.account.time_zone);
        let fresh = today.checked_sub_days(FRESH_DAYS)? <= range.end;
        (fresh && *level != Level::Account).then_some(*level)
    }

    /// Statuses of now. They have a budget and permissions of their own, for which figures do not
    /// wait; whatever else goes wrong fails the slice as it would anywhere.
    async fn structure(&self, level: Level) -> Result<Batch> {
        match structure::list_entities(self, level).await {
            Ok(entities) => Ok(Batch {
                entities,
                ..Batch::default()
            }),
            Err(error) => match error.kind {
                ErrorKind::RateLimited { .. }
                | ErrorKind::PermissionDenied
                | ErrorKind::TooMuchData
                | ErrorKind::InvalidRequest => {
                    tracing::warn!(account = self.account(), "statuses were not read: {error}");
                    Ok(Batch::default())
                }
                _ => Err(error),
            },
        }
    }
}

fn check_level(level: Level) -> Result<()> {
    if LEVELS.contains(&level) {
        Ok(())
    } else {
        Err(invalid(format!(
            "no level `{}`; there are account, campaign, ad_group and ad",
            level.as_str()
        )))
    }
}

fn too_old(range: DateRange) -> Error {
    invalid(format!(
        "{range} begins more than 37 months ago; the platform answers for later days only"
    ))
}

fn invalid(context: String) -> Error {
    Error::new(ErrorKind::InvalidRequest, PLATFORM, "insights", context)
}

//! Which figures an account gets, since when, and why some not.

use std::collections::BTreeMap;

use analytics_connectors::{Connector, Scope};
use analytics_core::model::{
    FeedCoverage, FeedId, GapRun, Grant, GrantState, Level, MetricId, PlatformProfile,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// A figure that an account does not get.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = NotOffered)]
pub(crate) struct NotOfferedView {
    metric: String,
    /// `missing_scope`, `too_few_followers`, `not_supported` or `no_data`.
    reason: String,
    /// The permission that was not given.
    scope: Option<&'static str>,
}

const MISSING_SCOPE: &str = "missing_scope";

/// Metrics of the account's own level whose history begins with linking, with their first day.
pub(super) fn since(
    profile: &PlatformProfile,
    coverage: &[FeedCoverage],
) -> BTreeMap<String, NaiveDate> {
    let own = snapshots(profile, coverage, Level::Account)
        .flat_map(|(metrics, first)| metrics.map(move |metric| (metric.to_string(), first)));
    own.chain(sums_since(profile, coverage)).collect()
}

/// Metrics that are added up of posts, with the first day that has an amount: the first snapshot is
/// a baseline.
fn sums_since<'a>(
    profile: &'a PlatformProfile,
    coverage: &'a [FeedCoverage],
) -> impl Iterator<Item = (String, NaiveDate)> + use<'a> {
    let summing = profile.feeds.iter().filter(|feed| feed.sums_up);
    summing.flat_map(move |feed| {
        let known = coverage
            .iter()
            .find(|known| known.feed == feed.id && known.level == Level::Account);
        let first = known.and_then(|known| known.covered.first()?.range.start.succ_opt());
        first.into_iter().flat_map(move |first| {
            feed.offered_at(Level::Account)
                .map(move |metric| (metric.to_string(), first))
        })
    })
}

/// The first day for which the posts' daily amounts are known: the first snapshot is a baseline.
pub(super) fn posts_since(
    profile: &PlatformProfile,
    coverage: &[FeedCoverage],
) -> Option<NaiveDate> {
    snapshots(profile, coverage, Level::Post)
        .filter_map(|(_, first)| first.succ_opt())
        .min()
}

/// Metrics of the snapshot feeds at a level, with the first day that has one.
fn snapshots<'a>(
    profile: &'a PlatformProfile,
    coverage: &'a [FeedCoverage],
    level: Level,
) -> impl Iterator<Item = (impl Iterator<Item = &'a MetricId>, NaiveDate)> {
    profile
        .feeds
        .iter()
        .filter(move |feed| !feed.is_daily() && feed.levels.contains(&level))
        .filter_map(move |feed| {
            let covered = coverage
                .iter()
                .find(|known| known.feed == feed.id && known.level == level)?;
            let first = covered.covered.first()?.range.start;
            Some((feed.metrics.iter().map(|offered| &offered.metric), first))
        })
}

/// What an account does not get at its own level: for a permission that no living grant has, or
/// because the platform refuses it for every day there is.
pub(super) fn not_offered(
    connector: &dyn Connector,
    grants: &[Grant],
    coverage: &[FeedCoverage],
    gaps: &[GapRun],
) -> Vec<NotOfferedView> {
    let descriptor = connector.descriptor();
    let mut missing: Vec<NotOfferedView> = Vec::new();
    let lacking = |scope: &&Scope| lacks(grants, scope.id);
    for scope in descriptor.scopes.iter().filter(lacking) {
        for feed in &scope.feeds {
            let metrics = descriptor.profile.feed(feed).into_iter();
            for offered in metrics.flat_map(|feed| &feed.metrics) {
                let id = offered.metric.as_str();
                let known = missing.iter().any(|one| one.metric == id);
                if offered.levels.contains(&Level::Account) && !known {
                    missing.push(NotOfferedView {
                        metric: id.to_owned(),
                        reason: MISSING_SCOPE.to_owned(),
                        scope: Some(scope.id),
                    });
                }
            }
        }
    }
    let of_account = || gaps.iter().filter(|run| run.level == Level::Account);
    for feed in coverage.iter().filter(|feed| feed.level == Level::Account) {
        let covered: i64 = feed.covered.iter().map(|run| run.range.days()).sum();
        let metrics = descriptor.profile.feed(&feed.feed).into_iter();
        for offered in metrics.flat_map(|feed| &feed.metrics) {
            let refused = || of_account().filter(|run| run.gap.metric == offered.metric);
            let days: i64 = refused().map(|run| run.gap.range.days()).sum();
            let known = || {
                let mut known = missing.iter();
                known.any(|one| one.metric == offered.metric.as_str())
            };
            if let Some(last) = refused()
                .next_back()
                .filter(|_| days >= covered && !known())
            {
                missing.push(NotOfferedView {
                    metric: offered.metric.to_string(),
                    reason: last.gap.reason.clone(),
                    scope: None,
                });
            }
        }
    }
    missing
}

/// The permission whose absence keeps the figures of single posts away.
pub(super) fn posts_withheld(connector: &dyn Connector, grants: &[Grant]) -> Option<&'static str> {
    let descriptor = connector.descriptor();
    let of_posts = |feed: &FeedId| {
        let feed = descriptor.profile.feed(feed);
        feed.is_some_and(|feed| feed.levels.contains(&Level::Post))
    };
    let mut scopes = descriptor.scopes.iter();
    scopes
        .find(|scope| lacks(grants, scope.id) && scope.feeds.iter().any(of_posts))
        .map(|scope| scope.id)
}

/// Whether no living grant has a permission, though there is one.
fn lacks(grants: &[Grant], scope: &str) -> bool {
    let mut living = grants
        .iter()
        .filter(|grant| grant.state == GrantState::Active)
        .peekable();
    living.peek().is_some()
        && living.all(|grant| !grant.scopes.iter().any(|granted| granted == scope))
}

/// When the provider stops answering unless the user consents again.
pub(super) fn access_ends_at(connector: &dyn Connector, grants: &[Grant]) -> Option<DateTime<Utc>> {
    let lasts = connector.oauth().consent_lasts()?;
    grants
        .iter()
        .filter(|grant| grant.state == GrantState::Active)
        .map(|grant| grant.granted_at + lasts)
        .max()
}

//! The rules, one function each.

use std::collections::BTreeSet;

use analytics_core::model::{CounterRecord, DateRange, FeedId, Level, WindowRecord};
use futures_util::StreamExt;

pub use super::checks::Check;
use super::{
    checks::{
        daily, ensure, expect_kind, fetch, same, snapshots, some_day, sorted, targets,
        unique_metrics, violation, well_formed,
    },
    descriptor,
    harness::{Breakage, Harness, Violation, fetch_all},
};
use crate::{connector::FetchRequest, error::ErrorKind};

/// Makes a test of every check: `conformance_tests!(make)`, where `make` is an async function that
/// gives a fresh [`Harness`].
#[macro_export]
macro_rules! conformance_tests {
    ($make:path) => {
        $crate::conformance_tests!($make;
            the_descriptor_is_sane,
            discovery_finds_the_account,
            daily_values_equal_the_truth_at_every_level,
            cutting_a_range_changes_nothing,
            answers_stay_within_what_was_asked,
            days_without_figures_are_no_error,
            windows_equal_the_truth,
            snapshots_equal_the_truth,
            what_does_not_exist_is_refused,
            a_dead_token_is_reported_as_such,
            a_malformed_answer_fails_with_the_operations_name,
            a_rate_limit_is_reported_as_such,
            a_server_error_is_transient,
            a_fetch_may_be_dropped_halfway,
        );
    };
    ($make:path; $($check:ident),+ $(,)?) => {
        $(
            #[tokio::test]
            async fn $check() {
                let harness = $make().await;
                if let Err(violation) = $crate::testing::conformance::$check(&harness).await {
                    panic!("{violation}");
                }
            }
        )+
    };
}

/// Runs every check; what was violated.
pub async fn check_all(harness: &dyn Harness) -> Vec<Violation> {
    [
        the_descriptor_is_sane(harness).await,
        discovery_finds_the_account(harness).await,
        daily_values_equal_the_truth_at_every_level(harness).await,
        cutting_a_range_changes_nothing(harness).await,
        answers_stay_within_what_was_asked(harness).await,
        days_without_figures_are_no_error(harness).await,
        windows_equal_the_truth(harness).await,
        snapshots_equal_the_truth(harness).await,
        what_does_not_exist_is_refused(harness).await,
        a_dead_token_is_reported_as_such(harness).await,
        a_malformed_answer_fails_with_the_operations_name(harness).await,
        a_rate_limit_is_reported_as_such(harness).await,
        a_server_error_is_transient(harness).await,
        a_fetch_may_be_dropped_halfway(harness).await,
    ]
    .into_iter()
    .filter_map(Result::err)
    .collect()
}

/// Metrics exist and settle, levels and limits make sense, names are well formed.
///
/// # Errors
/// The violation.
pub async fn the_descriptor_is_sane(harness: &dyn Harness) -> Check {
    let flaws = descriptor::flaws(harness.connector().descriptor());
    ensure("descriptor", flaws.is_empty(), || flaws.join("; "))
}

/// The account is among those its tokens reach, once, with its zone and currency.
///
/// # Errors
/// The violation.
pub async fn discovery_finds_the_account(harness: &dyn Harness) -> Check {
    const RULE: &str = "discovery";
    let found = harness
        .connector()
        .list_accounts(&harness.tokens())
        .await
        .map_err(|error| violation(RULE, error.to_string()))?;
    let account = harness.account();
    let ids: BTreeSet<&str> = found
        .iter()
        .map(|found| found.external_id.as_str())
        .collect();
    ensure(RULE, ids.len() == found.len(), || {
        "an account is listed twice".to_owned()
    })?;
    let found = found
        .iter()
        .find(|found| found.external_id == account.external_id)
        .ok_or_else(|| violation(RULE, format!("`{}` is not listed", account.external_id)))?;
    ensure(
        RULE,
        found.time_zone.is_none_or(|zone| zone == account.time_zone)
            && found.currency == account.currency,
        || format!("listed as {found:?}, expected {account:?}"),
    )
}

/// A fetch brings exactly the truth, at every level of every feed.
///
/// # Errors
/// The violation.
pub async fn daily_values_equal_the_truth_at_every_level(harness: &dyn Harness) -> Check {
    for (feed, level) in targets(harness) {
        let request = daily(&feed, level, harness.range());
        let batch = fetch(harness, "daily values", request.clone()).await?;
        let truth = harness.truth(&request).await;
        ensure("daily values", !truth.facts.is_empty(), || {
            format!("the harness knows no truth of level {}", level.as_str())
        })?;
        same("daily values", &sorted(truth.facts), &sorted(batch.facts))?;
    }
    Ok(())
}

/// Two halves of a range bring what the whole brings.
///
/// # Errors
/// The violation.
pub async fn cutting_a_range_changes_nothing(harness: &dyn Harness) -> Check {
    let range = harness.range();
    let middle = crate::sync::calendar::shift(range.start, range.days() / 2);
    let older = DateRange {
        start: range.start,
        end: crate::sync::calendar::shift(middle, -1),
    };
    let newer = DateRange {
        start: middle,
        end: range.end,
    };
    for (feed, level) in targets(harness) {
        let whole = fetch(harness, "cutting", daily(&feed, level, range)).await?;
        let mut parts = Vec::new();
        for part in [older, newer] {
            parts.extend(
                fetch(harness, "cutting", daily(&feed, level, part))
                    .await?
                    .facts,
            );
        }
        same("cutting", &sorted(whole.facts), &sorted(parts))?;
    }
    Ok(())
}

/// No fact outside the days and metrics asked for, none twice, no zeros that mean absence, and
/// every entity with its place in the tree.
///
/// # Errors
/// The violation.
pub async fn answers_stay_within_what_was_asked(harness: &dyn Harness) -> Check {
    let range = harness.range();
    let week = DateRange {
        start: crate::sync::calendar::shift(range.end, -6),
        end: range.end,
    };
    for (feed, level) in targets(harness) {
        let batch = fetch(harness, "answers", daily(&feed, level, week)).await?;
        well_formed(harness, &feed, level, week, &batch)?;
    }
    Ok(())
}

/// Days on which nothing ran are an empty answer.
///
/// # Errors
/// The violation.
pub async fn days_without_figures_are_no_error(harness: &dyn Harness) -> Check {
    let Some(range) = harness.empty_range() else {
        return Ok(());
    };
    for (feed, level) in targets(harness) {
        let batch = fetch(harness, "empty days", daily(&feed, level, range)).await?;
        same("empty days", &[], &batch.facts)?;
    }
    Ok(())
}

/// Exact values of unique metrics for whole ranges equal the truth, at account and campaign level.
///
/// # Errors
/// The violation.
pub async fn windows_equal_the_truth(harness: &dyn Harness) -> Check {
    for level in [Level::Account, Level::Campaign] {
        let (mut asked, mut known) = (0, 0);
        for days in [7, 28, 30] {
            let metrics = unique_metrics(harness, level, days);
            if metrics.is_empty() {
                continue;
            }
            let end = harness.range().end;
            let request = FetchRequest::Window {
                level,
                metrics: metrics.clone(),
                range: DateRange {
                    start: crate::sync::calendar::shift(end, 1 - days),
                    end,
                },
            };
            let batch = fetch(harness, "windows", request.clone()).await?;
            let mut truth = harness.truth(&request).await.windows;
            let mut windows = batch.windows;
            let key = |window: &WindowRecord| (window.metric.clone(), window.entity.clone());
            truth.sort_by_key(key);
            windows.sort_by_key(key);
            // A platform may have no value for just these days: then there must be none.
            asked += 1;
            known += usize::from(!truth.is_empty());
            same("windows", &truth, &windows)?;
        }
        ensure("windows", known * 2 >= asked, || {
            format!("the harness knows few windows of level {}", level.as_str())
        })?;
    }
    Ok(())
}

/// Snapshots bring the state of things as they are, describe every post that they count, and count
/// nothing that was published after their day.
///
/// # Errors
/// The violation.
pub async fn snapshots_equal_the_truth(harness: &dyn Harness) -> Check {
    const RULE: &str = "snapshots";
    let date = harness.snapshot_day();
    for (feed, level) in snapshots(harness) {
        let request = FetchRequest::Snapshot {
            feed: feed.clone(),
            date,
            since: crate::sync::calendar::shift(date, -29),
        };
        let batch = fetch(harness, RULE, request.clone()).await?;
        well_formed(harness, &feed, level, DateRange::day(date), &batch)?;
        let truth = harness.truth(&request).await;
        ensure(
            RULE,
            !(truth.facts.is_empty() && truth.counters.is_empty()),
            || format!("the harness knows nothing of `{feed}`"),
        )?;
        same(RULE, &sorted(truth.facts), &sorted(batch.facts))?;
        let zone = harness.account().time_zone;
        for counter in &batch.counters {
            let post = batch
                .entities
                .iter()
                .find(|entity| *entity.external_id == *counter.entity)
                .and_then(|entity| entity.post.as_ref());
            let counted = post
                .is_some_and(|post| post.published_at.with_timezone(&zone).date_naive() <= date);
            ensure(RULE, counted, || {
                format!("{counter:?} is of a post that is not described, or not of that day yet")
            })?;
        }
        let key = |counter: &CounterRecord| (counter.entity.clone(), counter.metric.clone());
        let not_zero = |mut counters: Vec<CounterRecord>| {
            counters.retain(|counter| counter.value.0 != 0);
            counters.sort_by_key(key);
            counters
        };
        same(RULE, &not_zero(truth.counters), &not_zero(batch.counters))?;
    }
    Ok(())
}

/// A feed the platform does not have is refused as a wrong request, not answered with nothing.
///
/// # Errors
/// The violation.
pub async fn what_does_not_exist_is_refused(harness: &dyn Harness) -> Check {
    let request = daily(
        &FeedId::from("no such feed"),
        Level::Account,
        DateRange::day(harness.range().end),
    );
    fails_as("unknown feed", harness, request, ErrorKind::InvalidRequest).await
}

/// A token that the provider refuses is `AuthExpired`.
///
/// # Errors
/// The violation.
pub async fn a_dead_token_is_reported_as_such(harness: &dyn Harness) -> Check {
    const RULE: &str = "dead token";
    let connector = harness.connector();
    let tokens = harness.refused_tokens();
    let listed = connector.list_accounts(&tokens).await.err();
    expect_kind(RULE, listed, &ErrorKind::AuthExpired)?;
    let fetched = fetch_all(
        connector.as_ref(),
        &harness.account(),
        some_day(harness),
        tokens,
    )
    .await
    .err();
    expect_kind(RULE, fetched, &ErrorKind::AuthExpired)
}

/// An answer that cannot be read is `Decode`, and names what was being done.
///
/// # Errors
/// The violation.
pub async fn a_malformed_answer_fails_with_the_operations_name(harness: &dyn Harness) -> Check {
    broken(harness, "malformed answer", Breakage::Malformed, |kind| {
        *kind == ErrorKind::Decode
    })
    .await
}

/// A platform that asks to wait is `RateLimited`.
///
/// # Errors
/// The violation.
pub async fn a_rate_limit_is_reported_as_such(harness: &dyn Harness) -> Check {
    broken(harness, "rate limit", Breakage::RateLimited, |kind| {
        matches!(kind, ErrorKind::RateLimited { .. })
    })
    .await
}

/// A server that keeps failing is `Transient`.
///
/// # Errors
/// The violation.
pub async fn a_server_error_is_transient(harness: &dyn Harness) -> Check {
    broken(harness, "server error", Breakage::Down, |kind| {
        *kind == ErrorKind::Transient
    })
    .await
}

/// A fetch that is dropped at any point leaves nothing behind that disturbs the next one.
///
/// # Errors
/// The violation.
pub async fn a_fetch_may_be_dropped_halfway(harness: &dyn Harness) -> Check {
    let (connector, account) = (harness.connector(), harness.account());
    for (feed, level) in targets(harness) {
        let request = daily(&feed, level, harness.range());
        // Never polled, polled for a moment, and dropped after its first batch.
        drop(connector.fetch(&account, request.clone(), harness.tokens()));
        for patience in [1, 20] {
            let mut batches = connector.fetch(&account, request.clone(), harness.tokens());
            let patience = std::time::Duration::from_millis(patience);
            let _ = tokio::time::timeout(patience, batches.next()).await;
        }
        let mut batches = connector.fetch(&account, request.clone(), harness.tokens());
        let _ = batches.next().await;
        drop(batches);
    }
    daily_values_equal_the_truth_at_every_level(harness)
        .await
        .map_err(|broken| violation("dropping", broken.message))
}

async fn broken(
    harness: &dyn Harness,
    rule: &'static str,
    breakage: Breakage,
    expected: impl Fn(&ErrorKind) -> bool,
) -> Check {
    if !harness.break_it(breakage).await {
        return Ok(());
    }
    let connector = harness.connector();
    let account = harness.account();
    let tokens = harness.tokens();
    let failed = fetch_all(connector.as_ref(), &account, some_day(harness), tokens)
        .await
        .err();
    harness.repair().await;
    let Some(error) = failed else {
        return Err(violation(rule, "the fetch succeeded".to_owned()));
    };
    ensure(rule, expected(&error.kind), || {
        format!("reported as {}: {error}", error.kind.code())
    })?;
    ensure(rule, !error.operation.is_empty(), || {
        format!("no operation is named: {error}")
    })
}

async fn fails_as(
    rule: &'static str,
    harness: &dyn Harness,
    request: FetchRequest,
    kind: ErrorKind,
) -> Check {
    let failed = fetch_all(
        harness.connector().as_ref(),
        &harness.account(),
        request,
        harness.tokens(),
    )
    .await
    .err();
    expect_kind(rule, failed, &kind)
}

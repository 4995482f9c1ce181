//! What a slice of a feed will hold.

use analytics_core::model::{Feed, FeedKind, Level, MetricId, Slice};

use super::calendar::shift;

/// The slice with what the feed delivers at its level, and what is added up of it.
pub(super) fn expected(feed: &Feed, blank: Slice) -> Slice {
    let offered = |level| -> Vec<MetricId> { feed.offered_at(level).cloned().collect() };
    let (sums, sums_since) = match feed.kind {
        FeedKind::Snapshot(watch) if feed.sums_up && blank.level == Level::Post => (
            offered(Level::Account),
            Some(shift(blank.range.end, 1 - i64::from(watch.daily_days))),
        ),
        FeedKind::Snapshot(_) | FeedKind::Daily => (Vec::new(), None),
    };
    Slice {
        metrics: offered(blank.level),
        sums,
        sums_since,
        ..blank
    }
}

//! The feed of a platform's posts.

use analytics_core::model::{Feed, FeedId, FeedKind, Level, MetricId, OfferedMetric, Watch};

/// Posts are looked at every day for a month, and weekly for a year.
const WATCH: Watch = Watch {
    daily_days: 30,
    weekly_days: 365,
    monthly_days: 0,
    fleeting_hours: 0,
};

/// Lifetime totals of `metrics` and, but for `people`, whose numbers of two days cannot be
/// subtracted, the amounts that they rise by. Posts that soon are gone are read again after
/// `fleeting_hours`.
pub(crate) fn posts_feed(id: &str, metrics: &[&str], people: &str, fleeting_hours: u32) -> Feed {
    let offered = |metric: &MetricId| OfferedMetric::new(metric.as_str(), 0, &[Level::Post]);
    let ids: Vec<MetricId> = metrics.iter().copied().map(MetricId::from).collect();
    let amounts = ids.iter().filter(|metric| metric.as_str() != people);
    Feed {
        id: FeedId::from(id),
        kind: FeedKind::Snapshot(Watch {
            fleeting_hours,
            ..WATCH
        }),
        levels: vec![Level::Post],
        metrics: ids
            .iter()
            .map(|metric| offered(&metric.lifetime()))
            .chain(amounts.map(offered))
            .collect(),
        history_days: WATCH.weekly_days,
        refetch_days: 0,
        weekly_refetch_days: 0,
        sums_up: false,
    }
}

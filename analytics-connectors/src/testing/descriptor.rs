//! Whether a connector describes itself sensibly.

use std::collections::BTreeSet;

use analytics_core::model::{
    Catalogue, Feed, Level, MetricKind, OfferedMetric, PlatformProfile, WindowOffer,
};

use crate::connector::Descriptor;

/// Everything that is wrong with a descriptor, in words.
pub(super) fn flaws(descriptor: &Descriptor) -> Vec<String> {
    let profile = &descriptor.profile;
    let catalogue = Catalogue::with_platforms([profile.clone()]);
    let mut flaws = Vec::new();
    let mut require = |holds: bool, message: String| {
        if !holds {
            flaws.push(message);
        }
    };
    let platform = profile.platform.as_str();
    require(
        !platform.is_empty()
            && platform
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'),
        format!("`{platform}` is no platform id: lower-case letters, digits and `_`"),
    );
    require(!profile.provider.is_empty(), "no provider".to_owned());
    require(
        profile.levels.first() == Some(&Level::Account)
            && profile.levels.is_sorted_by_key(|level| level.depth()),
        "levels must start with the account, coarsest first".to_owned(),
    );
    require(!profile.feeds.is_empty(), "no feed".to_owned());
    require(
        descriptor.limits.upper_slice_days > 0
            && descriptor.limits.lower_slice_days > 0
            && descriptor.limits.concurrency > 0,
        format!("limits must be positive: {:?}", descriptor.limits),
    );
    require(
        profile.day_ready_hours <= 7 * 24,
        format!("{} hours until a day is ready", profile.day_ready_hours),
    );
    for metric in &profile.own_metrics {
        require(
            metric.id.as_str().starts_with(&format!("{platform}.")),
            format!("`{}` must be named `{platform}.…`", metric.id),
        );
    }
    for metric in &profile.default_metrics {
        require(
            catalogue.shown_metrics(&profile.platform).contains(metric),
            format!("the default tab `{metric}` is not offered at account level"),
        );
    }
    for scope in &descriptor.scopes {
        for feed in &scope.feeds {
            require(
                profile.feed(feed).is_some(),
                format!("`{}` opens the unknown feed `{feed}`", scope.id),
            );
        }
    }
    for dated in &profile.breaks {
        require(
            catalogue.metric(&dated.metric).is_some(),
            format!("a break of the unknown metric `{}`", dated.metric),
        );
    }
    let mut offered = BTreeSet::new();
    for feed in &profile.feeds {
        flaws.extend(feed_flaws(profile, feed, &catalogue));
        for metric in &feed.metrics {
            for level in &metric.levels {
                if !offered.insert((metric.metric.clone(), *level)) {
                    flaws.push(format!(
                        "`{}` is offered twice at level {}",
                        metric.metric,
                        level.as_str()
                    ));
                }
            }
        }
    }
    flaws
}

fn feed_flaws(profile: &PlatformProfile, feed: &Feed, catalogue: &Catalogue) -> Vec<String> {
    let mut flaws = Vec::new();
    if feed.levels.is_empty()
        || !feed
            .levels
            .iter()
            .all(|level| profile.levels.contains(level))
    {
        flaws.push(format!("feed `{}` has levels the platform lacks", feed.id));
    }
    if feed.history_days == 0 || feed.refetch_days.max(feed.weekly_refetch_days) > feed.history_days
    {
        flaws.push(format!(
            "feed `{}` refetches {} of {} days",
            feed.id, feed.refetch_days, feed.history_days
        ));
    }
    if feed.sums_up && (feed.is_daily() || feed.levels != [Level::Post]) {
        flaws.push(format!(
            "feed `{}` adds up posts that it takes no snapshots of",
            feed.id
        ));
    }
    for offered in &feed.metrics {
        let id = &offered.metric;
        let kind = catalogue.metric(id).map(|metric| &metric.kind);
        if offered.windows != WindowOffer::None && kind != Some(&MetricKind::Unique) {
            flaws.push(format!("`{id}` counts no people, and has no exact ranges"));
        }
        if !feed.is_daily() {
            flaws.extend(snapshot_flaws(feed, offered, kind));
        }
        match catalogue.metric(id) {
            None => flaws.push(format!("`{id}` is not in the catalogue")),
            Some(metric) if matches!(metric.kind, MetricKind::Ratio(_)) => {
                flaws.push(format!("`{id}` is a ratio; offer its parts"));
            }
            Some(_) => {}
        }
        let is_known = |level: &Level| {
            feed.levels.contains(level) || (feed.sums_up && *level == Level::Account)
        };
        if offered.levels.is_empty() || !offered.levels.iter().all(is_known) {
            flaws.push(format!("`{id}` has levels that its feed lacks"));
        }
        if u32::from(offered.settles_after_days) > feed.history_days {
            flaws.push(format!("`{id}` settles after the platform forgot it"));
        }
    }
    flaws
}

/// A snapshot tells stocks: of the account, or the lifetime totals behind a post's amounts.
fn snapshot_flaws(feed: &Feed, offered: &OfferedMetric, kind: Option<&MetricKind>) -> Vec<String> {
    let id = &offered.metric;
    let totals = feed
        .metrics
        .iter()
        .any(|other| other.metric == id.lifetime() && other.levels == [Level::Post]);
    let summed = feed.sums_up && offered.levels == [Level::Account, Level::Post];
    let fits = match kind {
        Some(MetricKind::Stock) => true,
        Some(MetricKind::Additive) => (offered.levels == [Level::Post] || summed) && totals,
        _ => false,
    };
    if fits {
        Vec::new()
    } else {
        vec![format!(
            "`{id}` is neither a stock nor the rise of a post's lifetime total in `{}`",
            feed.id
        )]
    }
}

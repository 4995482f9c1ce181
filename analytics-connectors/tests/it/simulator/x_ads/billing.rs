//! What was spent is an estimate for two weeks; everything else but conversions is locked long before.

use std::collections::{BTreeMap, BTreeSet};

use analytics_connectors::simulator::TruthQuery;
use analytics_core::model::{Level, MetricId};
use chrono::{Duration, NaiveDate};

use super::X;

/// Entity and metric: millionths.
type Known = BTreeMap<(String, MetricId), i64>;

impl X {
    /// What is known of a day of the first account, at noon so many days later.
    fn known(&self, level: Level, date: NaiveDate, age: i64) -> Known {
        let noon = (date + Duration::days(age)).and_hms_opt(3, 0, 0).unwrap();
        let query = TruthQuery::new("x_ads", self.id(0), date, date);
        let query = query.level(level).as_of(noon.and_utc());
        let rows = self.caller.simulator.world().truth(&query).into_iter();
        rows.map(|row| ((row.entity, row.metric), row.value.0))
            .collect()
    }
}

/// Metrics whose numbers are not those of the day before.
fn moved(before: &Known, after: &Known) -> BTreeSet<String> {
    let keys = before.keys().chain(after.keys());
    keys.filter(|key| before.get(key) != after.get(key))
        .map(|key| key.1.as_str().to_owned())
        .collect()
}

#[tokio::test]
async fn spend_mostly_falls_for_two_weeks_and_then_never_moves() {
    let x = X::start().await;
    let conversions = [
        "conversions",
        "conversion_value",
        "purchases",
        "purchase_value",
        "leads",
    ];
    let first: NaiveDate = "2026-09-01".parse().unwrap();
    let (mut rises, mut falls, mut still) = (0, 0, 0);
    let mut ages = BTreeSet::new();
    for date in first.iter_days().take(20) {
        let mut before = x.known(Level::Ad, date, 3);
        for age in 4..=30 {
            let after = x.known(Level::Ad, date, age);
            let mut metrics = moved(&before, &after);
            metrics.retain(|metric| !conversions.contains(&metric.as_str()));
            for (key, was) in before.iter().filter(|(key, _)| key.1.as_str() == "spend") {
                match after[key] - was {
                    0 => still += 1,
                    change if change < 0 => falls += 1,
                    _ => rises += 1,
                }
            }
            if !metrics.is_empty() {
                assert_eq!(
                    metrics,
                    BTreeSet::from(["spend".to_owned()]),
                    "{date} {age}"
                );
                ages.insert(age);
            }
            before = after;
        }
    }
    assert_eq!(
        ages,
        (4..=14).collect(),
        "on each of the days, and on none after"
    );
    assert!(
        falls > 3 * rises && rises > 0,
        "{falls} falls, {rises} rises"
    );
    assert!(still > 20 * falls, "{still} values stayed, {falls} fell");
}

#[tokio::test]
async fn while_spend_is_corrected_an_account_stays_the_sum_of_its_parts() {
    let x = X::start().await;
    let date: NaiveDate = "2026-09-01".parse().unwrap();
    let mut sums = BTreeSet::new();
    for age in 0..=15 {
        let sum = |level| -> i64 {
            let known = x.known(level, date, age);
            let spent = known.iter().filter(|(key, _)| key.1.as_str() == "spend");
            spent.map(|(_, value)| value).sum()
        };
        let whole = sum(Level::Account);
        for level in [Level::Campaign, Level::AdGroup, Level::Ad] {
            assert_eq!(sum(level), whole, "{level:?} {age}");
        }
        sums.insert(whole);
    }
    assert!(sums.len() > 4, "{sums:?}");
}

#[tokio::test]
async fn what_is_corrected_is_active_on_the_day_of_its_correction() {
    let x = X::start().await;
    let date: NaiveDate = "2026-09-01".parse().unwrap();
    let spends = |age| {
        let mut known = x.known(Level::Ad, date, age);
        known.retain(|key, _| key.1.as_str() == "spend");
        known
    };
    let mut corrected = 0;
    for age in 4..=14 {
        let (before, after) = (spends(age - 1), spends(age));
        let day = date + Duration::days(age);
        let (start, end) = (day.to_string(), (day + Duration::days(1)).to_string());
        let active = x.active(0, "PROMOTED_TWEET", &start, &end).await;
        for (key, _) in before.iter().filter(|(key, was)| after[*key] != **was) {
            let row = active.iter().find(|row| row["entity_id"] == key.0.as_str());
            let since = row.unwrap()["activity_start_time"].as_str().unwrap();
            // Midnight in Tokyo.
            assert!(since <= "2026-08-31T15:59:59Z", "{since}");
            corrected += 1;
        }
    }
    assert!(corrected > 0);
}

use std::collections::BTreeMap;

use analytics_connectors::simulator::{TruthQuery, TruthRow};
use analytics_core::model::Level;
use chrono::{Duration, NaiveDate};
use serde_json::Value;

use super::{PRIVATE, X, created, day, day_of, first_id, is_repost, midnight, published};

/// Where a metric is told, by its id in the truth.
const PUBLIC_METRICS: [(&str, &str); 6] = [
    ("impressions", "/public_metrics/impression_count"),
    ("likes", "/public_metrics/like_count"),
    ("replies", "/public_metrics/reply_count"),
    ("reposts", "/public_metrics/retweet_count"),
    ("x.quotes", "/public_metrics/quote_count"),
    ("saves", "/public_metrics/bookmark_count"),
];
const PRIVATE_METRICS: [(&str, &str); 7] = [
    ("engagements", "/non_public_metrics/engagements"),
    ("link_clicks", "/non_public_metrics/url_link_clicks"),
    (
        "x.profile_clicks",
        "/non_public_metrics/user_profile_clicks",
    ),
    ("x.impressions_organic", "/organic_metrics/impression_count"),
    ("x.likes_organic", "/organic_metrics/like_count"),
    ("x.replies_organic", "/organic_metrics/reply_count"),
    ("x.reposts_organic", "/organic_metrics/retweet_count"),
];

type Counters = BTreeMap<(String, &'static str), i64>;

impl X {
    fn truth(&self, n: usize, level: Level, start: &str, end: &str) -> Vec<TruthRow> {
        let query = TruthQuery::new("x", self.id(n), day(start), day(end));
        self.caller.simulator.world().truth(&query.level(level))
    }

    /// What the API tells at the end of a day of posts that are at most so many days old.
    async fn counters(&self, n: usize, date: NaiveDate, days: i64) -> Counters {
        let end = midnight(date.succ_opt().unwrap());
        self.set(end);
        let start = super::seconds(end - Duration::days(days));
        let fields = format!("{PRIVATE},referenced_tweets");
        let rows = [("tweet.fields", &*fields), ("start_time", &*start)];
        let mut counters = Counters::new();
        for row in self
            .all(n, &rows)
            .await
            .iter()
            .filter(|row| !is_repost(row))
        {
            let id = first_id(row);
            let age = (date - day_of(published(&id))).num_days();
            let private = PRIVATE_METRICS.iter().filter(|_| age <= 28);
            for (metric, path) in PUBLIC_METRICS.iter().chain(private) {
                if let Some(value) = row.pointer(path).and_then(Value::as_i64) {
                    counters.insert((id.clone(), metric), value);
                }
            }
        }
        counters
    }
}

fn by_metric(rows: &[TruthRow]) -> BTreeMap<(String, String), i64> {
    rows.iter()
        .map(|row| {
            (
                (row.entity.clone(), row.metric.to_string()),
                row.value.0 / 1_000_000,
            )
        })
        .collect()
}

#[tokio::test]
async fn a_reader_of_every_midnight_knows_the_truth() {
    let x = X::start().await;
    let now = x.now();
    let mut before = x.counters(0, day("2026-10-31"), 60).await;
    for number in 1..=14 {
        let date = day("2026-11-01") + Duration::days(number - 1);
        let counters = x.counters(0, date, 60).await;
        x.set(now);
        let text = date.to_string();
        let truth = by_metric(&x.truth(0, Level::Post, &text, &text));
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        for ((id, metric), value) in &counters {
            let told = |metric: String| truth.get(&(id.clone(), metric)).copied().unwrap_or(0);
            let gained = value - before.get(&(id.clone(), metric)).copied().unwrap_or(0);
            assert_eq!(
                told(format!("{metric}_lifetime")),
                *value,
                "{metric} of {id} on {date}"
            );
            assert_eq!(
                told((*metric).to_owned()),
                gained,
                "{metric} of {id} on {date}"
            );
            *sums.entry(metric).or_default() += gained;
        }
        // Nothing else is true of posts this young, and the account is the sum of them.
        let young = |id: &str| (date - day_of(published(id))).num_days() < 58;
        for ((id, metric), _) in truth.iter().filter(|((id, _), _)| young(id)) {
            let base = metric.trim_end_matches("_lifetime");
            let known = counters
                .keys()
                .any(|(of, metric)| of == id && *metric == base);
            assert!(known, "{metric} of {id} on {date} cannot be read");
        }
        let account = by_metric(&x.truth(0, Level::Account, &text, &text));
        for (metric, sum) in sums {
            let told = account.get(&(x.id(0).to_owned(), metric.to_owned()));
            assert_eq!(told.copied().unwrap_or(0), sum, "{metric} on {date}");
        }
        before = counters;
    }
}

#[tokio::test]
async fn counters_move_at_midnight_in_tokyo_and_stop_after_four_weeks() {
    let x = X::start().await;
    let today = day("2026-11-10");
    let (mut risen, mut fallen) = (0, 0);
    let before = x.counters(0, today, 90).await;
    x.set(midnight(day("2026-11-12")) - Duration::seconds(1));
    let fields = [("tweet.fields", "public_metrics"), ("max_results", "5")];
    let late = x.page(0, &fields).await;
    x.set(midnight(day("2026-11-11")) + Duration::seconds(1));
    let known: BTreeMap<String, Value> = {
        let rows = x.page(0, &fields).await;
        let rows = rows.rows().iter();
        rows.map(|row| (first_id(row), row["public_metrics"].clone()))
            .collect()
    };
    let pairs = late
        .rows()
        .iter()
        .filter_map(|row| Some((row, known.get(&first_id(row))?)));
    let mut same = 0;
    for (row, known) in pairs {
        assert_eq!(&row["public_metrics"], known);
        same += 1;
    }
    assert!(same >= 2, "{same} posts were there at both ends of the day");
    let after = x.counters(0, day("2026-11-11"), 90).await;
    for ((id, metric), value) in &after {
        let Some(old) = before.get(&(id.clone(), metric)) else {
            continue;
        };
        let age = (day("2026-11-11") - day_of(published(id))).num_days();
        if age >= 28 {
            assert_eq!(
                value, old,
                "{metric} of {id} moved when it was {age} days old"
            );
        }
        risen += i64::from(value > old);
        fallen += i64::from(value < old);
    }
    assert!(risen > 20, "{risen} counters have risen");
    assert!(risen > fallen);
}

#[tokio::test]
async fn likes_and_reposts_sometimes_fall_and_nothing_else_public_does() {
    let x = X::start().await;
    let rows = x.truth(0, Level::Post, "2025-11-01", "2026-10-31");
    let falls = |metric: &str| {
        let rows = rows.iter().filter(|row| row.metric.as_str() == metric);
        rows.filter(|row| row.value.0 < 0).count()
    };
    assert!(falls("likes") + falls("reposts") > 5);
    for metric in ["impressions", "replies", "x.quotes", "saves", "link_clicks"] {
        assert_eq!(falls(metric), 0, "{metric}");
    }
}

#[tokio::test]
async fn private_figures_end_after_four_weeks_and_stay_away() {
    let x = X::start().await;
    let rows = x.truth(0, Level::Post, "2026-09-01", "2026-11-20");
    let ages = |metric: &str| -> Vec<i64> {
        let rows = rows.iter().filter(|row| row.metric.as_str() == metric);
        rows.map(|row| (row.date - day_of(published(&row.entity))).num_days())
            .collect()
    };
    for (metric, _) in PRIVATE_METRICS {
        let ages = ages(&format!("{metric}_lifetime"));
        assert_eq!(ages.iter().max(), Some(&28), "{metric}");
    }
    assert!(ages("impressions_lifetime").iter().any(|age| *age > 100));
}

#[tokio::test]
async fn posts_of_a_day_are_those_that_are_still_there_without_others() {
    let x = X::start().await;
    let fields = format!("{PRIVATE},referenced_tweets");
    let all = x.all(0, &[("tweet.fields", &fields)]).await;
    let mut expected: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for row in all.iter().filter(|row| !is_repost(row)) {
        *expected
            .entry(day_of(published(&first_id(row))))
            .or_default() += 1;
    }
    let (start, end) = (day("2026-08-01"), day("2026-11-22"));
    expected.retain(|date, _| (start..=end).contains(date));
    let query = TruthQuery::new("x", x.id(0), start, end).metric("posts");
    let world = x.caller.simulator.world();
    let told = |query: &TruthQuery| -> BTreeMap<NaiveDate, i64> {
        let rows = world.truth(query).into_iter();
        rows.map(|row| (row.date, row.value.0 / 1_000_000))
            .collect()
    };
    assert!(expected.len() > 50);
    assert_eq!(told(&query), expected);
    // Some of August were still there then.
    let august = TruthQuery {
        end: day("2026-08-31"),
        ..query.clone()
    };
    let sum = |query: &TruthQuery| told(query).values().sum::<i64>();
    let then = august.clone().as_of(midnight(day("2026-09-01")));
    assert!(sum(&then) >= sum(&august));
    assert!(all.iter().any(is_repost) && created(&all[0]) <= x.now());
}

#[tokio::test]
async fn followers_are_known_at_the_end_of_a_day() {
    let x = X::start().await;
    for date in [day("2026-11-01"), day("2026-11-21")] {
        let text = date.to_string();
        let truth = x.truth(0, Level::Account, &text, &text);
        let told = truth
            .iter()
            .find(|row| row.metric.as_str() == "followers")
            .unwrap();
        x.set(midnight(date.succ_opt().unwrap()));
        let me = x
            .get("users/me", &[("user.fields", "public_metrics")])
            .await;
        let count = me.body["data"]["public_metrics"]["followers_count"].as_i64();
        assert_eq!(count, Some(told.value.0 / 1_000_000));
        x.set(midnight(day("2026-11-23")));
    }
    let today = x.truth(0, Level::Account, "2026-11-23", "2026-11-23");
    assert_eq!(today, [], "a day that is not over has no figures");
}

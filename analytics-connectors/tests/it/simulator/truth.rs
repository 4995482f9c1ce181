use std::collections::{BTreeMap, BTreeSet};

use analytics_connectors::simulator::{
    KnownAccount, Simulator, SimulatorSettings, TruthQuery, TruthRow, default_now,
};
use analytics_core::model::Level;
use chrono::{Duration, NaiveDate};

fn simulator(seed: u64) -> Simulator {
    Simulator::new(SimulatorSettings {
        seed,
        ..SimulatorSettings::default()
    })
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn october(simulator: &Simulator, account: usize) -> TruthQuery {
    let account = &simulator.accounts()[account].account;
    TruthQuery::new(
        "facebook_ads",
        account,
        day("2026-10-01"),
        day("2026-10-31"),
    )
}

fn sum(rows: &[TruthRow], level: Level, metric: &str) -> i64 {
    let rows = rows
        .iter()
        .filter(|row| row.level == level && row.metric.as_str() == metric);
    rows.map(|row| row.value.0).sum()
}

#[test]
fn the_same_seed_is_the_same_world_and_another_seed_another_one() {
    let truth = |seed| {
        let simulator = simulator(seed);
        simulator.world().truth(&october(&simulator, 0))
    };
    assert_eq!(truth(7), truth(7));
    assert_ne!(truth(7), truth(8));
}

#[test]
fn there_are_plausible_amounts_every_day_and_no_zeros() {
    let simulator = simulator(1);
    for account in 0..3 {
        let rows = simulator
            .world()
            .truth(&october(&simulator, account).level(Level::Account));
        let days: BTreeSet<NaiveDate> = rows.iter().map(|row| row.date).collect();
        assert!(days.len() >= 26, "only {} days deliver", days.len());
        assert!(rows.iter().all(|row| row.value.0 != 0));
        for (metric, least) in [
            ("impressions", 200_000),
            ("clicks", 2_000),
            ("conversions", 40),
            ("video_views_p100", 500),
        ] {
            let total = sum(&rows, Level::Account, metric) / 1_000_000;
            assert!(
                total > least,
                "{metric} of account {account} is only {total}"
            );
        }
        let (spend, value) = (
            sum(&rows, Level::Account, "spend"),
            sum(&rows, Level::Account, "conversion_value"),
        );
        assert!(
            value > spend / 4 && value < spend * 12,
            "spend {spend}, value {value}"
        );
    }
}

#[test]
fn levels_add_up_except_for_deleted_ads_and_reach() {
    let simulator = simulator(1);
    let account = &simulator.accounts()[0].account;
    let query = TruthQuery::new(
        "facebook_ads",
        account,
        day("2025-06-01"),
        day("2026-11-22"),
    );
    let rows = simulator.world().truth(&query);
    for metric in [
        "impressions",
        "spend",
        "clicks",
        "conversions",
        "conversion_value",
        "engagements",
    ] {
        let total = sum(&rows, Level::Account, metric);
        assert_eq!(sum(&rows, Level::Campaign, metric), total, "{metric}");
        assert_eq!(sum(&rows, Level::AdGroup, metric), total, "{metric}");
        let ads = sum(&rows, Level::Ad, metric);
        assert!(ads < total, "{metric}: no ad was deleted");
        assert!(
            ads > total * 7 / 10,
            "{metric}: nearly everything was deleted"
        );
    }
    assert!(sum(&rows, Level::Campaign, "reach") > sum(&rows, Level::Account, "reach"));
    assert!(sum(&rows, Level::AdGroup, "reach") > sum(&rows, Level::Campaign, "reach"));
}

#[test]
fn an_ad_that_was_deleted_lately_lived_no_longer_than_days_are_refetched() {
    let simulator = simulator(1);
    let ads = |known: &KnownAccount| known.platform == "facebook_ads";
    for known in simulator.accounts().into_iter().filter(ads) {
        let now = simulator.world().now();
        let start = day("2026-09-01");
        let query = TruthQuery::new("facebook_ads", &known.account, start, day("2026-11-22"))
            .level(Level::Ad)
            .metric("impressions");
        let after = simulator.world().truth(&query);
        let mut gone = 0;
        for days in 1..60 {
            let as_of = now - Duration::days(days);
            let before = simulator.world().truth(&query.clone().as_of(as_of));
            let shown: BTreeSet<&str> = after.iter().map(|row| row.entity.as_str()).collect();
            for row in before
                .iter()
                .filter(|row| !shown.contains(row.entity.as_str()))
            {
                let age = (as_of.date_naive() - row.date).num_days();
                assert!(
                    age <= 28,
                    "{} of {} was visible {age} days later",
                    row.entity,
                    row.date
                );
                gone += 1;
            }
        }
        assert!(gone > 0, "nothing was deleted within two months");
    }
}

#[test]
fn figures_mature_within_28_days_and_delivery_within_three() {
    let simulator = simulator(1);
    let world = simulator.world();
    let query = october(&simulator, 1).level(Level::Account);
    let date = day("2026-10-05");
    let query = TruthQuery {
        start: date,
        end: date,
        ..query
    };
    let at = |age: i64| {
        // Noon in New York.
        let moment = date.and_hms_opt(17, 0, 0).unwrap().and_utc() + Duration::days(age);
        let rows = world.truth(&query.clone().as_of(moment));
        rows.into_iter()
            .map(|row| (row.metric.as_str().to_owned(), row.value.0))
            .collect::<BTreeMap<_, _>>()
    };
    let (one, two, three, four, week, month, later) =
        (at(1), at(2), at(3), at(4), at(7), at(28), at(200));
    assert_ne!(one["impressions"], three["impressions"]);
    assert_ne!(one["spend"], two["spend"]);
    for metric in [
        "impressions",
        "spend",
        "clicks",
        "reach",
        "engagements",
        "video_views",
    ] {
        assert_eq!(
            three[metric], later[metric],
            "{metric} moved after three days"
        );
    }
    assert_eq!(three["clicks_all"], four["clicks_all"]);
    assert!(one["conversions"] < week["conversions"] && week["conversions"] < month["conversions"]);
    assert!(one["conversion_value"] < month["conversion_value"]);
    assert_eq!(month, later);
    assert!(at(-1).is_empty(), "the future has figures");
    let today = at(0);
    assert!(today["impressions"] > 0 && today["impressions"] < one["impressions"]);
}

#[test]
fn reach_of_a_range_lies_between_its_best_day_and_the_sum_of_its_days() {
    let simulator = simulator(1);
    let world = simulator.world();
    for account in 0..2 {
        let query = october(&simulator, account).metric("reach");
        let days = world.truth(&query);
        let window = world.truth(&query.window());
        assert!(window.iter().all(|row| row.date == day("2026-10-01")));
        let mut entities: BTreeMap<(Level, String), Vec<i64>> = BTreeMap::new();
        for row in days {
            entities
                .entry((row.level, row.entity))
                .or_default()
                .push(row.value.0);
        }
        assert_eq!(window.len(), entities.len());
        let mut strict = 0;
        for row in &window {
            let days = &entities[&(row.level, row.entity.clone())];
            let (best, sum) = (
                days.iter().copied().max().unwrap(),
                days.iter().sum::<i64>(),
            );
            assert!(
                best <= row.value.0 && row.value.0 <= sum,
                "{row:?}: {best}..{sum}"
            );
            strict += usize::from(best < row.value.0 && row.value.0 < sum);
        }
        assert!(
            strict * 10 > window.len() * 7,
            "{strict} of {}",
            window.len()
        );
    }
}

#[test]
fn a_few_rows_vanish_again_on_the_third_day() {
    let simulator = simulator(1);
    let world = simulator.world();
    let account = &simulator.accounts()[0].account;
    let mut vanished = 0;
    for age in 30..200 {
        let moment = default_now() - Duration::days(age);
        let date = moment.date_naive() - Duration::days(1);
        let query = TruthQuery::new("facebook_ads", account, date, date)
            .level(Level::Campaign)
            .metric("impressions");
        let early = world.truth(&query.clone().as_of(moment));
        let late = world.truth(&query);
        vanished += early
            .iter()
            .filter(|row| late.iter().all(|other| other.entity != row.entity))
            .count();
    }
    assert!(vanished > 0);
}

#[test]
fn an_unknown_account_has_no_truth() {
    let simulator = simulator(1);
    let query = TruthQuery::new("facebook_ads", "1", day("2026-10-01"), day("2026-10-31"));
    assert!(simulator.world().truth(&query).is_empty());
}

#[test]
fn conversions_are_fractions_where_platforms_share_them_out() {
    let simulator = simulator(1);
    for (platform, fractional) in [
        ("google_ads", true),
        ("yahoo_search_ads", true),
        ("yahoo_display_ads", false),
        ("facebook_ads", false),
    ] {
        let accounts = simulator.accounts().into_iter();
        let account = accounts
            .filter(|known| known.platform == platform)
            .map(|known| known.account)
            .next()
            .unwrap();
        let query = TruthQuery::new(platform, &account, day("2026-10-01"), day("2026-10-31"));
        let rows = simulator.world().truth(&query.metric("conversions"));
        assert!(rows.iter().all(|row| row.value.0 % 10_000 == 0));
        let fractions = rows.iter().any(|row| row.value.0 % 1_000_000 != 0);
        assert_eq!(fractions, fractional, "{platform}");
    }
}

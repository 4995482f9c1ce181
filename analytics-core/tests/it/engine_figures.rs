//! What a figure says of itself: values, statuses and reasons.

use analytics_core::{
    Query,
    analysis::{CompareSpec, Grain, Reason, Status},
    model::{Feed, FeedId, Level, MetricId},
};

use crate::engine_fixture::*;

const OCTOBER: (&str, &str) = ("2026-10-01", "2026-10-31");
const LONG_AFTER: &str = "2026-12-20T00:00:00Z";

fn october() -> analytics_core::model::DateRange {
    range(OCTOBER.0, OCTOBER.1)
}

#[test]
fn a_day_settles_by_the_accounts_own_clock_and_the_metrics_own_delay() {
    // 15:30 UTC on the 24th is already the 25th in Tokyo.
    let days = range("2026-10-01", "2026-10-22");
    let world = World::new("2026-10-25").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account).covered(days, "2026-10-24T15:30:00Z")],
    );
    let report = world.ask(&query(&["clicks", "conversions"], days));
    assert_eq!(current(&report.totals[0], "clicks").status, Status::Final);
    assert_eq!(
        current(&report.totals[0], "conversions").status,
        Status::Provisional
    );
    let earlier = World::new("2026-10-25").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account).covered(days, "2026-10-24T14:30:00Z")],
    );
    let report = earlier.ask(&query(&["clicks"], days));
    assert_eq!(
        current(&report.totals[0], "clicks").status,
        Status::Provisional
    );
}

#[test]
fn a_covered_day_without_rows_is_zero_and_an_uncovered_one_is_missing() {
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(range("2026-10-01", "2026-10-10"), LONG_AFTER)
            .covered(range("2026-10-12", "2026-10-31"), LONG_AFTER)
            .daily(1, "clicks", range("2026-10-01", "2026-10-05"), 10)],
    );
    let report = world.ask(&Query {
        grain: Some(Grain::Day),
        ..query(&["clicks"], october())
    });
    let days = &report.totals[0].series.as_ref().unwrap()[&MetricId::from("clicks")].current;
    assert_eq!(days[5].value.as_ref().unwrap().to_f64(), 0.0);
    assert_eq!(days[5].status, Status::Final);
    assert_eq!(
        (days[10].value.as_ref(), days[10].status),
        (None, Status::Missing)
    );
    let total = current(&report.totals[0], "clicks");
    assert_eq!(total.status, Status::Partial);
    assert_eq!(total.value.as_ref().unwrap().to_f64(), 50.0);
    assert!((total.covered - 30.0 / 31.0).abs() < 1e-12);
}

#[test]
fn a_metric_is_missing_before_the_platform_offered_it() {
    let mut platform = ads();
    platform.feeds[0].metrics[1].available_from = Some(date("2026-10-16"));
    let world = World::with("2026-12-20", [platform]).add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(october(), LONG_AFTER)
            .daily(1, "impressions", october(), 100)
            .daily(1, "clicks", october(), 5)],
    );
    let report = world.ask(&query(&["impressions", "clicks", "ctr"], october()));
    let group = &report.totals[0];
    assert_eq!(current(group, "impressions").status, Status::Final);
    assert_eq!(current(group, "clicks").status, Status::Partial);
    assert_eq!(value(group, "clicks"), Some(16.0 * 5.0));
    // Only the days that have both parts make the ratio.
    assert_eq!(value(group, "ctr"), Some(0.05));
    assert_eq!(current(group, "ctr").status, Status::Partial);
}

#[test]
fn accounts_that_do_not_offer_a_metric_are_left_out_and_named() {
    let world = World::new("2026-12-20")
        .add(
            &account(1, "some_page", None),
            [level(Level::Account)
                .covered(october(), LONG_AFTER)
                .daily(1, "views", october(), 10)],
        )
        .add(
            &account(2, "other_page", None),
            [level(Level::Account).covered(october(), LONG_AFTER).daily(
                2,
                "profile_views",
                october(),
                1,
            )],
        );
    let report = world.ask(&Query {
        accounts: Some(vec!["acc_1".to_owned()]),
        ..query(&["views", "spend"], october())
    });
    let group = &report.totals[0];
    assert_eq!(value(group, "views"), Some(310.0));
    let spend = current(group, "spend");
    assert_eq!(
        (spend.status, spend.reason),
        (Status::Missing, Some(Reason::NotOffered))
    );
    let warning = report
        .warnings
        .iter()
        .find(|warning| warning.code == "not_offered")
        .unwrap();
    assert_eq!(warning.accounts, ["acc_1"]);
    assert!(warning.message.contains("spend"), "{}", warning.message);
}

#[test]
fn a_ratio_without_denominator_has_no_value_and_keeps_its_coverage() {
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(october(), LONG_AFTER)
            .daily(1, "spend", october(), 3)],
    );
    let report = world.ask(&query(&["cpc", "cpm", "spend"], october()));
    let cpc = current(&report.totals[0], "cpc");
    assert_eq!((&cpc.value, cpc.status), (&None, Status::Final));
    assert_eq!(cpc.reason, Some(Reason::ZeroDenominator));
    assert_eq!(cpc.covered, 1.0);
}

#[test]
fn reach_is_bounded_until_an_exact_window_is_known() {
    let base = || {
        level(Level::Account)
            .covered(october(), LONG_AFTER)
            .daily(1, "impressions", october(), 100)
            .daily(1, "reach", october(), 40)
    };
    let ask = |data: LevelBuilder| {
        World::new("2026-12-20")
            .add(&account(1, "some_ads", Some("JPY")), [data])
            .ask(&query(&["reach", "frequency"], october()))
    };
    let bounded = ask(base().window(1, range("2026-10-01", "2026-10-15"), 500, LONG_AFTER));
    let reach = current(&bounded.totals[0], "reach");
    assert_eq!((&reach.value, reach.status), (&None, Status::Bounded));
    assert_eq!(reach.lower.as_ref().unwrap().to_f64(), 500.0);
    assert_eq!(
        reach.upper.as_ref().unwrap().as_ref().unwrap().to_f64(),
        31.0 * 40.0
    );
    let frequency = current(&bounded.totals[0], "frequency");
    assert_eq!(frequency.status, Status::Bounded);
    assert_eq!(frequency.reason, Some(Reason::NotAdditive));
    assert_eq!((&frequency.lower, &frequency.upper), (&None, &None));

    let exact = ask(base().window(1, october(), 620, LONG_AFTER));
    assert_eq!(value(&exact.totals[0], "reach"), Some(620.0));
    assert_eq!(value(&exact.totals[0], "frequency"), Some(5.0));
    assert_eq!(current(&exact.totals[0], "reach").status, Status::Final);

    let fresh = ask(base().window(1, october(), 620, "2026-11-01T00:00:00Z"));
    assert_eq!(
        current(&fresh.totals[0], "reach").status,
        Status::Provisional
    );
    assert_eq!(
        current(&fresh.totals[0], "frequency").status,
        Status::Provisional
    );
}

#[test]
fn an_exact_reach_over_uncovered_days_is_final_but_its_frequency_is_incomplete() {
    let days = range("2026-10-01", "2026-10-30");
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(days, LONG_AFTER)
            .daily(1, "impressions", days, 100)
            .window(1, october(), 620, LONG_AFTER)],
    );
    let report = world.ask(&Query {
        complete_through: Some(date("2026-10-31")),
        ..query(&["reach", "frequency"], october())
    });
    let reach = current(&report.totals[0], "reach");
    assert_eq!((reach.status, reach.covered), (Status::Final, 1.0));
    let frequency = current(&report.totals[0], "frequency");
    assert_eq!(
        (frequency.status, frequency.reason),
        (Status::Partial, Some(Reason::Incomplete))
    );
}

#[test]
fn followers_are_carried_for_a_week_and_summed_over_accounts() {
    let page_with = |id: i64, last: &str| {
        (
            account(id, "some_page", None),
            level(Level::Account)
                .covered(october(), LONG_AFTER)
                .fact(id, "followers", last, "100"),
        )
    };
    let ask = |lasts: &[&str]| {
        let mut world = World::new("2026-12-20");
        for (at, last) in lasts.iter().enumerate() {
            let (account, data) = page_with(at as i64 + 1, last);
            world = world.add(&account, [data]);
        }
        world.ask(&query(&["followers"], october()))
    };
    let both = ask(&["2026-10-31", "2026-10-31"]);
    assert_eq!(value(&both.totals[0], "followers"), Some(200.0));
    assert_eq!(current(&both.totals[0], "followers").status, Status::Final);
    let carried = ask(&["2026-10-31", "2026-10-24"]);
    assert_eq!(value(&carried.totals[0], "followers"), Some(200.0));
    assert_eq!(
        current(&carried.totals[0], "followers").status,
        Status::Partial
    );
    assert_eq!(current(&carried.totals[0], "followers").covered, 0.5);
    let too_old = ask(&["2026-10-23"]);
    assert_eq!(
        current(&too_old.totals[0], "followers").status,
        Status::Missing
    );
    assert_eq!(value(&too_old.totals[0], "followers"), None);
}

#[test]
fn ratios_choose_the_denominator_each_platform_offers() {
    // Engagements of a page are per view; its ads would be per impression.
    let world = World::new("2026-12-20").add(
        &account(1, "some_page", None),
        [level(Level::Account)
            .covered(october(), LONG_AFTER)
            .daily(1, "views", october(), 200)
            .daily(1, "engagements", october(), 10)],
    );
    let report = world.ask(&query(&["engagement_rate"], october()));
    assert_eq!(value(&report.totals[0], "engagement_rate"), Some(0.05));
}

#[test]
fn no_comparison_crosses_a_change_of_definition() {
    let mut platform = ads();
    platform.breaks.push(break_of("clicks", "2026-10-01"));
    let both = range("2026-09-01", "2026-10-31");
    let world = World::with("2026-12-20", [platform]).add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(both, LONG_AFTER)
            .daily(1, "impressions", both, 100)
            .daily(1, "clicks", both, 5)],
    );
    let report = world.ask(&Query {
        compare: Some(CompareSpec::Mode("previous_period".to_owned())),
        ..query(&["clicks", "ctr", "impressions"], october())
    });
    let reason = |metric: &str| totals(&report.totals[0], metric).change.unwrap().reason;
    assert_eq!(reason("clicks"), Some(Reason::NotComparable));
    assert_eq!(reason("ctr"), Some(Reason::NotComparable));
    assert_eq!(reason("impressions"), None);
}

#[test]
fn a_total_that_does_not_fit_names_its_metric() {
    let mut data = level(Level::Account).covered(october(), LONG_AFTER);
    data.put(1, "clicks", date("2026-10-01"), i64::MAX);
    data.put(1, "clicks", date("2026-10-02"), 1);
    let world = World::new("2026-12-20").add(&account(1, "some_ads", Some("JPY")), [data]);
    let error = world.try_ask(&query(&["clicks"], october())).unwrap_err();
    assert_eq!(error.code(), "overflow");
    assert!(error.to_string().contains("clicks"), "{error}");
    // A part of it still fits, and so does a ratio of it.
    let one_day = range("2026-10-01", "2026-10-01");
    assert!(world.try_ask(&query(&["clicks"], one_day)).is_ok());
    assert!(world.try_ask(&query(&["cpc"], october())).is_ok());
}

#[test]
fn feeds_that_lag_hold_back_only_queries_that_ask_for_them() {
    let mut platform = ads();
    let conversions = platform.feeds[0].metrics.pop().unwrap();
    platform.feeds.push(Feed {
        id: FeedId::from("conversions"),
        metrics: vec![conversions],
        ..platform.feeds[0].clone()
    });
    let world = World::with("2026-11-01", [platform]).add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered_by("insights", october(), LONG_AFTER)
            .covered_by("conversions", range("2026-10-01", "2026-10-30"), LONG_AFTER)],
    );
    let through = |metrics: &[&str]| world.ask(&query(metrics, october())).query.complete_through;
    assert_eq!(through(&["clicks"]), Some(date("2026-10-31")));
    assert_eq!(
        through(&["clicks", "conversions"]),
        Some(date("2026-10-30"))
    );
}

#[test]
fn a_dead_link_does_not_freeze_the_other_accounts() {
    let world = World::new("2026-11-01")
        .add(
            &account(1, "some_ads", Some("JPY")),
            [level(Level::Account).covered(october(), LONG_AFTER)],
        )
        .add(
            &account(2, "some_ads", Some("JPY")),
            [level(Level::Account).covered(range("2026-10-01", "2026-10-10"), LONG_AFTER)],
        )
        .add(
            &account(3, "some_ads", Some("JPY")),
            [level(Level::Account)],
        );
    let report = world.ask(&query(&["clicks"], october()));
    assert_eq!(report.query.complete_through, Some(date("2026-10-31")));
    let warning = report
        .warnings
        .iter()
        .find(|warning| warning.code == "stale_accounts")
        .unwrap();
    assert_eq!(warning.accounts, ["acc_2", "acc_3"]);
    assert_eq!(current(&report.totals[0], "clicks").status, Status::Partial);
    let alone = world.ask(&Query {
        accounts: Some(vec!["acc_2".to_owned()]),
        ..query(&["clicks"], october())
    });
    assert_eq!(alone.query.complete_through, Some(date("2026-10-10")));
    assert!(alone.warnings.is_empty());
}

#[test]
fn nothing_covered_gives_one_entry_that_holds_nothing() {
    let world = World::new("2026-11-01").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)],
    );
    let report = world.ask(&Query {
        grain: Some(Grain::Month),
        compare: Some(CompareSpec::Mode("previous_year".to_owned())),
        ..query(&["clicks", "reach", "ctr"], october())
    });
    assert_eq!((report.query.range, report.query.comparison), (None, None));
    assert!(report.buckets.is_empty() && report.comparison_buckets.is_empty());
    assert_eq!(report.totals.len(), 1);
    for totals in report.totals[0].totals.values() {
        assert_eq!(
            (&totals.current.value, totals.current.status),
            (&None, Status::Missing)
        );
        assert_eq!(totals.previous.as_ref().unwrap().status, Status::Missing);
        assert_eq!(totals.change.unwrap().reason, Some(Reason::NoData));
    }
}

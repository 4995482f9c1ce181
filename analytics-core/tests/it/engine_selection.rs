//! What a filter leaves out says nothing about what is left: neither its delays nor its gaps.

use analytics_core::{
    Query,
    analysis::{Filter, Reason, Status},
    model::Level,
};

use super::engine_fixture::{
    World, account, ads, current, date, level, query, range, totals, value,
};

const LONG_AFTER: &str = "2026-12-15T00:00:00Z";

fn of_campaign(id: &str, query: Query) -> Query {
    Query {
        filters: vec![Filter {
            dimension: Some("campaign".to_owned()),
            metric: None,
            op: "in".to_owned(),
            values: vec![id.to_owned()],
            value: None,
        }],
        ..query
    }
}

/// Two accounts with a campaign each; the second one is a day behind.
fn a_day_behind() -> World {
    let campaign = |id: i64, last: &str| {
        level(Level::Campaign)
            .covered(range("2026-10-01", last), LONG_AFTER)
            .entity(id, "Brand", None)
            .daily(id, "spend", range("2026-10-01", last), 1)
    };
    World::new("2026-11-01")
        .add(
            &account(1, "some_ads", Some("JPY")),
            [campaign(11, "2026-10-31")],
        )
        .add(
            &account(2, "some_ads", Some("JPY")),
            [campaign(21, "2026-10-30")],
        )
}

#[test]
fn an_account_that_a_campaign_filter_leaves_out_does_not_cut_the_range() {
    let october = range("2026-10-01", "2026-10-31");
    let both = a_day_behind().ask(&query(&["spend"], october));
    assert_eq!(both.totals.len(), 1);

    let report = a_day_behind().ask(&of_campaign("ent_11", query(&["spend"], october)));
    assert_eq!(report.query.complete_through, Some(date("2026-10-31")));
    assert_eq!(value(&report.totals[0], "spend"), Some(31.0));
    assert_eq!(current(&report.totals[0], "spend").status, Status::Final);
}

#[test]
fn an_account_that_a_campaign_filter_leaves_out_is_in_no_warning() {
    let october = range("2026-10-01", "2026-10-31");
    let mut lesser = ads();
    lesser.platform = "lesser_ads".into();
    lesser.feeds[0]
        .metrics
        .retain(|offered| offered.metric.as_str() != "conversions");
    let world = World::with("2026-11-01", [ads(), lesser])
        .add(
            &account(1, "some_ads", Some("JPY")),
            [level(Level::Campaign)
                .covered(october, LONG_AFTER)
                .entity(11, "Brand", None)],
        )
        .add(
            &account(2, "lesser_ads", Some("JPY")),
            [level(Level::Campaign)
                .covered(range("2026-10-01", "2026-10-05"), LONG_AFTER)
                .entity(21, "Brand", None)],
        );
    let report = world.ask(&of_campaign("ent_11", query(&["conversions"], october)));
    assert_eq!(report.warnings, []);
}

#[test]
fn an_account_that_offers_no_reach_does_not_hide_the_exact_reach_of_the_other() {
    let october = range("2026-10-01", "2026-10-31");
    let mut without_reach = ads();
    without_reach.platform = "other_ads".into();
    without_reach.feeds[0]
        .metrics
        .retain(|offered| offered.metric.as_str() != "reach");
    let world = World::with("2026-12-20", [ads(), without_reach])
        .add(
            &account(1, "some_ads", Some("JPY")),
            [level(Level::Account)
                .covered(october, LONG_AFTER)
                .daily(1, "impressions", october, 100)
                .daily(1, "reach", october, 40)
                .window(1, october, 620, LONG_AFTER)],
        )
        .add(
            &account(2, "other_ads", Some("JPY")),
            [level(Level::Account).covered(october, LONG_AFTER).daily(
                2,
                "impressions",
                october,
                100,
            )],
        );
    let report = world.ask(&query(&["reach", "frequency"], october));
    assert_eq!(value(&report.totals[0], "reach"), Some(620.0));
    assert_eq!(value(&report.totals[0], "frequency"), Some(5.0));
}

#[test]
fn an_exact_reach_of_days_that_were_never_fetched_makes_no_frequency_and_says_why() {
    let september = range("2026-09-01", "2026-09-30");
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [level(Level::Account)
            .covered(range("2026-10-01", "2026-10-31"), LONG_AFTER)
            .window(1, september, 620, LONG_AFTER)],
    );
    let report = world.ask(&query(&["reach", "frequency"], september));
    assert_eq!(value(&report.totals[0], "reach"), Some(620.0));
    let frequency = &totals(&report.totals[0], "frequency").current;
    assert_eq!(
        (&frequency.value, frequency.status, frequency.reason),
        (&None, Status::Missing, Some(Reason::Incomplete))
    );
}

//! Splitting, filtering, residual rows, order and pages.

use analytics_core::{
    Query,
    analysis::{CompareSpec, Filter, GroupKind, Reason, Status},
    model::{DateRange, Level},
};

use crate::engine_fixture::*;

const LONG_AFTER: &str = "2026-12-20T00:00:00Z";

fn october() -> DateRange {
    range("2026-10-01", "2026-10-31")
}

fn september() -> DateRange {
    range("2026-09-01", "2026-09-30")
}

fn within(dimension: &str, op: &str, values: &[&str]) -> Filter {
    Filter {
        dimension: Some(dimension.to_owned()),
        metric: None,
        op: op.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        value: None,
    }
}

fn by(dimensions: &[&str], query: Query) -> Query {
    Query {
        group_by: dimensions.iter().map(|name| (*name).to_owned()).collect(),
        ..query
    }
}

/// Account 1 spends 100 a day; campaigns 11 and 12 hold 60 and 30 of it, 13 ended in September.
/// Campaign 11 has ad groups 111 (25) and 112 (30), campaign 12 has 121 (30). Account 2 is in USD.
fn world() -> World {
    let both = range("2026-09-01", "2026-10-31");
    World::new("2026-12-20")
        .add(
            &account(1, "some_ads", Some("JPY")),
            [
                level(Level::Account)
                    .covered(both, LONG_AFTER)
                    .daily(1, "spend", both, 100)
                    .daily(1, "clicks", both, 10)
                    .daily(1, "reach", both, 7),
                level(Level::Campaign)
                    .covered(both, LONG_AFTER)
                    .entity(11, "Brand", None)
                    .entity(12, "Autumn", None)
                    .entity(13, "Summer", None)
                    .entity(14, "Never ran", None)
                    .daily(11, "spend", both, 60)
                    .daily(11, "clicks", both, 7)
                    .daily(11, "reach", both, 5)
                    .daily(12, "spend", october(), 30)
                    .daily(12, "clicks", october(), 2)
                    .daily(13, "spend", september(), 20),
                level(Level::AdGroup)
                    .covered(october(), LONG_AFTER)
                    .entity(111, "One", Some(11))
                    .entity(112, "Two", Some(11))
                    .entity(121, "Three", Some(12))
                    .daily(111, "spend", october(), 25)
                    .daily(112, "spend", october(), 30)
                    .daily(121, "spend", october(), 30),
                level(Level::Ad).covered(october(), LONG_AFTER),
            ],
        )
        .add(
            &account(2, "some_ads", Some("USD")),
            [
                level(Level::Account)
                    .covered(both, LONG_AFTER)
                    .daily(2, "spend", both, 1)
                    .daily(2, "clicks", both, 1),
                level(Level::Campaign)
                    .covered(both, LONG_AFTER)
                    .entity(21, "Brand US", None),
                level(Level::AdGroup).covered(october(), LONG_AFTER),
            ],
        )
}

fn japanese(query: Query) -> Query {
    Query {
        accounts: Some(vec!["acc_1".to_owned()]),
        ..query
    }
}

#[test]
fn currencies_are_never_added_but_counts_are() {
    let report = world().ask(&query(&["spend", "clicks"], october()));
    assert_eq!(report.totals.len(), 2);
    assert_eq!(key(&report.totals[0], "currency"), Some("JPY"));
    assert_eq!(value(&report.totals[0], "spend"), Some(3100.0));
    assert_eq!(value(&report.totals[1], "spend"), Some(31.0));
    let counts = world().ask(&query(&["clicks"], october()));
    assert_eq!(counts.totals.len(), 1);
    assert!(counts.totals[0].key.is_empty());
    assert_eq!(value(&counts.totals[0], "clicks"), Some(31.0 * 11.0));
    // A ratio of two amounts of money would add them up just the same.
    assert_eq!(world().ask(&query(&["cpc"], october())).totals.len(), 2);
}

#[test]
fn families_are_never_added() {
    let world = world().add(
        &account(3, "some_page", None),
        [level(Level::Account)
            .covered(october(), LONG_AFTER)
            .daily(3, "views", october(), 5)],
    );
    let report = world.ask(&query(&["clicks", "views"], october()));
    let families: Vec<_> = report
        .totals
        .iter()
        .map(|group| key(group, "family"))
        .collect();
    assert_eq!(families, [Some("ads"), Some("media")]);
    assert!(
        report
            .totals
            .iter()
            .all(|group| !group.key.contains_key("currency"))
    );
    let views = current(&report.totals[0], "views");
    assert_eq!(views.reason, Some(Reason::NotOffered));
}

#[test]
fn without_group_by_the_groups_are_the_totals() {
    let report = world().ask(&query(&["spend"], october()));
    assert_eq!(report.groups, report.totals);
    assert_eq!(report.total_groups, 2);
}

#[test]
fn accounts_are_listed_with_their_labels() {
    let report = world().ask(&by(&["account"], query(&["clicks"], october())));
    assert_eq!(report.groups.len(), 2);
    assert_eq!(key(&report.groups[0], "account"), Some("acc_1"));
    assert_eq!(
        report.groups[0].labels["name"].as_deref(),
        Some("Account 1")
    );
    assert_eq!(report.groups[0].labels["status"].as_deref(), Some("active"));
    assert_eq!(report.totals.len(), 1, "totals are the whole selection");
    let by_currency = world().ask(&by(&["currency"], query(&["clicks"], october())));
    let currencies: Vec<_> = by_currency
        .groups
        .iter()
        .map(|group| key(group, "currency"))
        .collect();
    assert_eq!(currencies, [Some("JPY"), Some("USD")]);
}

#[test]
fn campaigns_and_what_they_lack_add_up_to_the_account() {
    let report = world().ask(&japanese(by(
        &["campaign"],
        query(&["spend", "clicks", "reach", "cpc"], october()),
    )));
    let kinds: Vec<_> = report.groups.iter().map(|group| group.kind).collect();
    assert_eq!(
        kinds,
        [GroupKind::Entity, GroupKind::Entity, GroupKind::Residual]
    );
    assert_eq!(report.total_groups, 2);
    let rest = &report.groups[2];
    assert_eq!(key(rest, "campaign"), None);
    assert_eq!(value(rest, "spend"), Some(310.0));
    assert_eq!(value(rest, "clicks"), Some(31.0));
    assert_eq!(value(rest, "cpc"), Some(10.0));
    assert_eq!(current(rest, "reach").reason, Some(Reason::NotAdditive));
    let sum: f64 = report
        .groups
        .iter()
        .filter_map(|group| value(group, "spend"))
        .sum();
    assert_eq!(sum, 3100.0);
    // Totals are made of the level's own facts: levels are never mixed in one sum.
    assert_eq!(value(&report.totals[0], "spend"), Some(2790.0));
}

#[test]
fn what_vanished_shows_minus_one_and_what_appeared_is_new() {
    let report = world().ask(&japanese(by(
        &["campaign"],
        Query {
            compare: Some(CompareSpec::Mode("previous_period".to_owned())),
            order_by: Some("campaign".to_owned()),
            ..query(&["spend"], october())
        },
    )));
    let names: Vec<_> = report.groups[..3]
        .iter()
        .map(|group| group.labels["name"].as_deref().unwrap())
        .collect();
    assert_eq!(names, ["Autumn", "Brand", "Summer"]);
    let change = |at: usize| totals(&report.groups[at], "spend").change.unwrap();
    assert_eq!(
        (change(0).absolute, change(0).relative),
        (Some(930.0), None)
    );
    assert_eq!(change(0).reason, Some(Reason::New));
    assert_eq!(change(2).relative, Some(-1.0));
    let rest = totals(&report.groups[3], "spend");
    assert_eq!(
        rest.previous
            .as_ref()
            .unwrap()
            .value
            .as_ref()
            .unwrap()
            .to_f64(),
        600.0
    );
}

#[test]
fn a_residual_counts_just_the_days_the_lower_level_covers() {
    let report = world().ask(&japanese(by(
        &["ad_group"],
        query(&["spend"], range("2026-09-21", "2026-10-10")),
    )));
    let rest = report.groups.last().unwrap();
    assert_eq!(rest.kind, GroupKind::Residual);
    assert_eq!(value(rest, "spend"), Some(10.0 * 15.0));
    assert_eq!(current(rest, "spend").status, Status::Partial);
}

#[test]
fn inside_a_campaign_the_residual_is_what_its_ad_groups_lack() {
    let report = world().ask(&japanese(by(
        &["ad_group"],
        Query {
            filters: vec![within("campaign", "in", &["ent_11"])],
            ..query(&["spend"], october())
        },
    )));
    let values: Vec<_> = report
        .groups
        .iter()
        .map(|group| value(group, "spend").unwrap())
        .collect();
    assert_eq!(values, [775.0, 930.0, 155.0]);
    assert_eq!(report.groups[2].kind, GroupKind::Residual);
    assert_eq!(report.query.level, Level::AdGroup);
}

#[test]
fn a_filter_on_the_level_itself_leaves_no_residual() {
    let asked = |op: &str| {
        world().ask(&japanese(by(
            &["campaign"],
            Query {
                filters: vec![within("campaign", op, &["ent_11"])],
                ..query(&["spend"], october())
            },
        )))
    };
    let only = asked("in");
    assert_eq!(only.groups.len(), 1);
    assert_eq!(key(&only.groups[0], "campaign"), Some("ent_11"));
    assert_eq!(value(&only.totals[0], "spend"), Some(1860.0));
    let rest = asked("not in");
    assert_eq!(rest.groups.len(), 1);
    assert_eq!(key(&rest.groups[0], "campaign"), Some("ent_12"));
}

#[test]
fn a_filtered_campaign_leaves_other_accounts_out_of_the_coverage() {
    let report = world().ask(&Query {
        filters: vec![within("campaign", "in", &["ent_21"])],
        ..query(&["spend"], october())
    });
    assert_eq!(report.totals.len(), 1);
    assert_eq!(value(&report.totals[0], "spend"), Some(0.0));
}

#[test]
fn finer_facts_roll_up_to_the_campaigns_they_belong_to() {
    let report = world().ask(&japanese(by(
        &["campaign"],
        Query {
            level: Some("ad_group".to_owned()),
            order_by: Some("-spend".to_owned()),
            ..query(&["spend"], october())
        },
    )));
    assert_eq!(value(&report.groups[0], "spend"), Some(55.0 * 31.0));
    assert_eq!(report.groups[0].labels["name"].as_deref(), Some("Brand"));
    assert_eq!(value(&report.groups[1], "spend"), Some(30.0 * 31.0));
}

#[test]
fn a_single_campaign_takes_its_own_exact_reach() {
    let both = range("2026-10-01", "2026-10-31");
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [
            level(Level::Account).covered(both, LONG_AFTER),
            level(Level::Campaign)
                .covered(both, LONG_AFTER)
                .entity(11, "Brand", None)
                .entity(12, "Autumn", None)
                .daily(11, "reach", both, 5)
                .daily(12, "reach", both, 3)
                .window(11, both, 60, LONG_AFTER),
        ],
    );
    let report = world.ask(&by(&["campaign"], query(&["reach"], both)));
    assert_eq!(value(&report.groups[0], "reach"), Some(60.0));
    assert_eq!(current(&report.groups[1], "reach").status, Status::Bounded);
    let total = current(&report.totals[0], "reach");
    assert_eq!(total.status, Status::Bounded);
    assert_eq!(total.lower.as_ref().unwrap().to_f64(), 60.0);
    assert_eq!(
        total.upper.as_ref().unwrap().as_ref().unwrap().to_f64(),
        31.0 * 8.0
    );
}

#[test]
fn groups_are_ordered_by_a_metric_with_nulls_last_and_paged() {
    let asked = |order: &str, limit: Option<u32>, offset: Option<u32>| {
        let report = world().ask(&japanese(by(
            &["campaign"],
            Query {
                order_by: Some(order.to_owned()),
                compare: Some(CompareSpec::Mode("previous_period".to_owned())),
                limit,
                offset,
                ..query(&["spend", "cpc"], october())
            },
        )));
        let ids: Vec<_> = report
            .groups
            .iter()
            .filter(|group| group.is_entity())
            .map(|group| key(group, "campaign").unwrap().to_owned())
            .collect();
        assert_eq!(report.total_groups, 3);
        ids
    };
    assert_eq!(asked("-spend", None, None), ["ent_11", "ent_12", "ent_13"]);
    assert_eq!(asked("spend", None, None), ["ent_13", "ent_12", "ent_11"]);
    // Summer has no clicks in October, so no cost per click: last either way.
    assert_eq!(asked("cpc", None, None), ["ent_11", "ent_12", "ent_13"]);
    assert_eq!(asked("-cpc", None, None), ["ent_12", "ent_11", "ent_13"]);
    assert_eq!(asked("-spend", Some(1), Some(1)), ["ent_12"]);
    assert_eq!(asked("-spend", Some(5), Some(9)), Vec::<String>::new());
}

#[test]
fn filters_on_accounts_narrow_the_selection_and_the_split() {
    let report = world().ask(&Query {
        filters: vec![within("currency", "not in", &["USD"])],
        ..query(&["spend"], october())
    });
    assert_eq!(report.totals.len(), 1);
    assert!(report.totals[0].key.is_empty());
    let same = world().ask(&Query {
        filters: vec![within("account", "in", &["some_ads:1"])],
        ..query(&["spend"], october())
    });
    assert_eq!(same.totals, report.totals);
    let nobody = world().ask(&Query {
        filters: vec![within("platform", "in", &["some_page"])],
        ..query(&["spend"], october())
    });
    assert_eq!(nobody.totals.len(), 1);
    assert_eq!(current(&nobody.totals[0], "spend").status, Status::Missing);
}

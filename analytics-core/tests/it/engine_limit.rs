//! Order and page: what does not fit on the page is added up, so that the rows still make the total.

use analytics_core::{
    Query, Report,
    analysis::{Group, GroupKind, Reason, Status},
    model::Level,
};

use super::engine_fixture::{World, account, current, level, query, range, value};

const LONG_AFTER: &str = "2026-12-15T00:00:00Z";

/// Campaigns that spend 40, 30, 20 and 10 a day in yen, and two of 2 and 1 in dollars.
fn world() -> World {
    let october = range("2026-10-01", "2026-10-31");
    let campaigns = |spends: &[(i64, i64)]| {
        spends.iter().fold(
            level(Level::Campaign).covered(october, LONG_AFTER),
            |level, (id, spend)| {
                level
                    .entity(*id, &format!("Campaign {id}"), None)
                    .daily(*id, "spend", october, *spend)
                    .daily(*id, "clicks", october, 1)
                    .daily(*id, "reach", october, 5)
            },
        )
    };
    let whole = |id: i64, spend: i64| {
        level(Level::Account)
            .covered(october, LONG_AFTER)
            .daily(id, "spend", october, spend)
    };
    World::new("2026-12-20")
        .add(
            &account(1, "some_ads", Some("JPY")),
            [
                whole(1, 105),
                campaigns(&[(11, 40), (12, 30), (13, 20), (14, 10)]),
            ],
        )
        .add(
            &account(2, "some_ads", Some("USD")),
            [whole(2, 3), campaigns(&[(21, 2), (22, 1)])],
        )
}

fn ask(accounts: &[&str], limit: Option<u32>, offset: Option<u32>) -> Report {
    world().ask(&Query {
        accounts: Some(accounts.iter().map(|id| (*id).to_owned()).collect()),
        group_by: vec!["campaign".to_owned()],
        order_by: Some("-spend".to_owned()),
        limit,
        offset,
        ..query(
            &["spend", "cpc", "reach"],
            range("2026-10-01", "2026-10-31"),
        )
    })
}

fn of_kind(report: &Report, kind: GroupKind) -> Vec<&Group> {
    report.groups.iter().filter(|g| g.kind == kind).collect()
}

#[test]
fn rows_beyond_the_limit_are_added_up_so_that_all_rows_make_the_account() {
    let report = ask(&["acc_1"], Some(2), None);
    assert_eq!(report.total_groups, 4);
    assert_eq!(of_kind(&report, GroupKind::Entity).len(), 2);
    let [other] = of_kind(&report, GroupKind::Other)[..] else {
        panic!("{:?}", report.groups);
    };
    assert_eq!(other.key["campaign"], None);
    assert!(other.labels.is_empty());
    assert_eq!(value(other, "spend"), Some(30.0 * 31.0));
    // 30 a day for two clicks.
    assert_eq!(value(other, "cpc"), Some(15.0));
    let rows: f64 = report.groups.iter().filter_map(|g| value(g, "spend")).sum();
    assert_eq!(rows, 105.0 * 31.0);
}

#[test]
fn people_reached_beyond_the_limit_are_not_added_up() {
    let report = ask(&["acc_1"], Some(2), None);
    let reach = current(of_kind(&report, GroupKind::Other)[0], "reach");
    assert_eq!(
        (&reach.value, reach.status, reach.reason),
        (&None, Status::Missing, Some(Reason::NotAdditive))
    );
}

#[test]
fn without_groups_beyond_the_page_there_is_no_row_for_them() {
    for (limit, offset) in [
        (None, None),
        (Some(4), None),
        (Some(2), Some(2)),
        (None, Some(9)),
    ] {
        let report = ask(&["acc_1"], limit, offset);
        assert!(of_kind(&report, GroupKind::Other).is_empty());
    }
    let second_page = ask(&["acc_1"], Some(1), Some(1));
    let other = of_kind(&second_page, GroupKind::Other)[0];
    assert_eq!(value(other, "spend"), Some(30.0 * 31.0));
}

#[test]
fn rows_beyond_the_limit_are_never_added_over_currencies() {
    let report = ask(&["acc_1", "acc_2"], Some(3), None);
    let mut others: Vec<_> = of_kind(&report, GroupKind::Other)
        .into_iter()
        .map(|group| {
            (
                group.key["currency"].clone().unwrap(),
                value(group, "spend"),
            )
        })
        .collect();
    others.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        others,
        [
            ("JPY".to_owned(), Some(10.0 * 31.0)),
            ("USD".to_owned(), Some(3.0 * 31.0)),
        ]
    );
}

#[test]
fn groups_of_two_levels_are_ordered_by_the_names_of_the_upper_one() {
    let october = range("2026-10-01", "2026-10-31");
    let world = World::new("2026-12-20").add(
        &account(1, "some_ads", Some("JPY")),
        [
            level(Level::Campaign)
                .covered(october, LONG_AFTER)
                .entity(11, "Winter", None)
                .entity(12, "Autumn", None),
            level(Level::AdGroup)
                .covered(october, LONG_AFTER)
                .entity(111, "One", Some(11))
                .entity(121, "Two", Some(12))
                .daily(111, "spend", october, 1)
                .daily(121, "spend", october, 1),
        ],
    );
    let asked = |order: &str| -> Vec<String> {
        let report = world.ask(&Query {
            group_by: vec!["campaign".to_owned(), "ad_group".to_owned()],
            order_by: Some(order.to_owned()),
            ..query(&["spend"], october)
        });
        let entities = report.groups.into_iter().filter(Group::is_entity);
        entities
            .map(|group| group.key["campaign"].clone().unwrap())
            .collect()
    };
    assert_eq!(asked("campaign"), ["ent_12", "ent_11"]);
    assert_eq!(asked("-campaign"), ["ent_11", "ent_12"]);
}

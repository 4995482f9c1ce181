//! Wrong queries and frames: the error names field, value and what would be right.

use analytics_core::{
    Error, Query,
    analysis::{CompareSpec, Dataset, Filter, Grain, RangeSpec, ReportDefaults, report_on},
    model::{Catalogue, Level},
};
use polars::prelude::{Column, DataFrame};

use crate::engine_fixture::*;

fn world() -> World {
    let days = range("2026-10-01", "2026-10-31");
    World::new("2026-11-01").add(
        &account(1, "some_ads", Some("JPY")),
        [
            level(Level::Account).covered(days, "2026-12-01T00:00:00Z"),
            level(Level::Campaign)
                .covered(days, "2026-12-01T00:00:00Z")
                .entity(11, "Brand", None),
            level(Level::AdGroup),
            level(Level::Ad),
        ],
    )
}

fn plain() -> Query {
    query(&["spend"], range("2026-10-01", "2026-10-31"))
}

fn filter(dimension: &str, op: &str, values: &[&str]) -> Vec<Filter> {
    vec![Filter {
        dimension: Some(dimension.to_owned()),
        metric: None,
        op: op.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        value: None,
    }]
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest_one() {
    let cases = [
        (
            Query {
                metrics: vec!["spend".into(), "impresions".into()],
                ..plain()
            },
            "metrics[1]",
            "impresions",
            "impressions",
        ),
        (
            Query {
                accounts: Some(vec!["acc_l".into()]),
                ..plain()
            },
            "accounts[0]",
            "acc_l",
            "acc_1",
        ),
        (
            Query {
                range: RangeSpec::Preset("last_30_day".into()),
                ..plain()
            },
            "range",
            "last_30_day",
            "last_30_days",
        ),
        (
            Query {
                compare: Some(CompareSpec::Mode("previous_yaer".into())),
                ..plain()
            },
            "compare",
            "previous_yaer",
            "previous_year",
        ),
        (
            Query {
                group_by: vec!["campain".into()],
                ..plain()
            },
            "group_by[0]",
            "campain",
            "campaign",
        ),
        (
            Query {
                filters: filter("platfrom", "in", &["x"]),
                ..plain()
            },
            "filters[0].dimension",
            "platfrom",
            "platform",
        ),
        (
            Query {
                filters: filter("platform", "in", &["some_add"]),
                ..plain()
            },
            "filters[0].values[0]",
            "some_add",
            "some_ads",
        ),
        (
            Query {
                filters: filter("family", "in", &["add"]),
                ..plain()
            },
            "filters[0].values[0]",
            "add",
            "ads",
        ),
        (
            Query {
                filters: filter("currency", "in", &["JPN"]),
                ..plain()
            },
            "filters[0].values[0]",
            "JPN",
            "JPY",
        ),
        (
            Query {
                filters: filter("campaign", "in", &["ent_12"]),
                ..plain()
            },
            "filters[0].values[0]",
            "ent_12",
            "ent_11",
        ),
        (
            Query {
                filters: filter("platform", "inn", &["some_ads"]),
                ..plain()
            },
            "filters[0].op",
            "inn",
            "in",
        ),
        (
            Query {
                level: Some("campaing".into()),
                ..plain()
            },
            "level",
            "campaing",
            "campaign",
        ),
        (
            Query {
                order_by: Some("-spent".into()),
                ..plain()
            },
            "order_by",
            "spent",
            "spend",
        ),
        (
            Query {
                numbers: Some("decimals".into()),
                ..plain()
            },
            "numbers",
            "decimals",
            "decimal",
        ),
    ];
    for (query, expected_field, expected_value, expected_nearest) in cases {
        match world().try_ask(&query) {
            Err(Error::Unknown {
                field,
                value,
                nearest,
                ..
            }) => {
                assert_eq!(field, expected_field);
                assert_eq!(value, expected_value);
                assert_eq!(nearest.as_deref(), Some(expected_nearest));
            }
            other => panic!("{expected_field}: {other:?}"),
        }
    }
}

#[test]
fn values_that_cannot_be_used_name_their_field() {
    let cases = [
        (
            Query {
                metrics: vec![],
                ..plain()
            },
            "metrics",
        ),
        (
            Query {
                accounts: Some(vec![]),
                ..plain()
            },
            "accounts",
        ),
        (
            Query {
                group_by: vec!["campaign".into()],
                level: Some("account".into()),
                ..plain()
            },
            "level",
        ),
        (
            Query {
                filters: filter("ad", "in", &["ent_1"]),
                level: Some("campaign".into()),
                ..plain()
            },
            "level",
        ),
        (
            Query {
                fiscal_year_start: Some(13),
                ..plain()
            },
            "fiscal_year_start",
        ),
        (
            Query {
                filters: filter("platform", "in", &[]),
                ..plain()
            },
            "filters[0].values",
        ),
        (
            Query {
                filters: vec![Filter {
                    dimension: None,
                    metric: None,
                    op: "in".into(),
                    values: vec![],
                    value: None,
                }],
                ..plain()
            },
            "filters[0]",
        ),
    ];
    for (query, expected) in cases {
        match world().try_ask(&query) {
            Err(Error::Invalid { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn what_is_not_supported_yet_says_so_and_what_to_do() {
    let metric_filter = vec![Filter {
        dimension: None,
        metric: Some("spend".into()),
        op: "gt".into(),
        values: vec![],
        value: Some(0.0),
    }];
    let cases = [
        (
            Query {
                as_of: Some("2026-10-01T00:00:00Z".into()),
                ..plain()
            },
            "as_of",
        ),
        (
            Query {
                compare_at: Some("equal_age".into()),
                ..plain()
            },
            "compare_at",
        ),
        (
            Query {
                currency: Some("EUR".into()),
                ..plain()
            },
            "currency",
        ),
        (
            Query {
                filters: metric_filter,
                ..plain()
            },
            "filters[0].metric",
        ),
        (
            Query {
                filters: filter("campaign", "contains", &["x"]),
                ..plain()
            },
            "filters[0].op",
        ),
    ];
    for (query, expected) in cases {
        match world().try_ask(&query) {
            Err(error @ Error::Unsupported { .. }) => {
                assert_eq!(error.code(), "not_supported");
                assert!(
                    error.to_string().starts_with(&format!("`{expected}`")),
                    "{error}"
                );
            }
            other => panic!("{expected}: {other:?}"),
        }
    }
}

fn facts(metric: &str, values: Vec<f64>) -> DataFrame {
    let rows = values.len();
    DataFrame::new_infer_height(vec![
        Column::new("account".into(), vec!["a"; rows]),
        Column::new("date".into(), vec!["2026-10-01"; rows]),
        Column::new("metric".into(), vec![metric; rows]),
        Column::new("value".into(), values),
    ])
    .unwrap()
}

fn read(frame: &DataFrame) -> String {
    Dataset::from_frames(frame, None, None, &Catalogue::default())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_frame_of_another_shape_says_which_column_and_row() {
    let good = facts("clicks", vec![1.0]);
    assert!(Dataset::from_frames(&good, None, None, &Catalogue::default()).is_ok());
    assert!(read(&good.drop("metric").unwrap()).contains("`metric` is missing"));
    assert!(read(&facts("clicks", vec![1.0, f64::NAN])).contains("row 2"));
    assert!(read(&facts("clics", vec![1.0])).contains("did you mean `clicks`"));
    assert!(read(&facts("ctr", vec![1.0])).contains("is a ratio"));
    assert!(read(&facts("reach", vec![1.0, 2.0])).contains("two values"));
    let mut text = good.clone();
    text.with_column(Column::new("value".into(), vec!["1"]))
        .unwrap();
    assert!(read(&text).contains("expected numbers"));
    let mut undated = good.clone();
    undated
        .with_column(Column::new("date".into(), vec!["yesterday"]))
        .unwrap();
    assert!(read(&undated).contains("`yesterday` is no date"));
    let mut nameless = good.clone();
    nameless
        .with_column(Column::new("account".into(), vec![None::<&str>]))
        .unwrap();
    assert!(read(&nameless).contains("`account` is null in row 1"));
    let mut campaigns = good;
    campaigns
        .with_column(Column::new("level".into(), vec!["campaign"]))
        .unwrap();
    assert!(read(&campaigns).contains("no column `entity`"));
}

#[test]
fn more_figures_than_fit_into_memory_are_refused_with_the_limit_that_would_do() {
    let all = range("2016-01-01", "2026-10-31");
    let mut campaigns = level(Level::Campaign).covered(all, "2026-12-01T00:00:00Z");
    for id in 0..300 {
        campaigns = campaigns.entity(id, "Brand", None);
        campaigns.put(id, "spend", date("2026-10-05"), 1);
    }
    let world = World::new("2026-11-01").add(
        &account(1, "some_ads", Some("JPY")),
        [
            level(Level::Account).covered(all, "2026-12-01T00:00:00Z"),
            campaigns,
        ],
    );
    let asked = |limit| Query {
        grain: Some(Grain::Day),
        group_by: vec!["campaign".to_owned()],
        limit,
        ..query(&["spend"], all)
    };
    let error = world.try_ask(&asked(None)).unwrap_err();
    assert!(matches!(&error, Error::Invalid { field, .. } if field == "limit"));
    assert!(error.to_string().contains("at most 252"), "{error}");
    assert_eq!(world.ask(&asked(Some(252))).total_groups, 300);
}

#[test]
fn a_frame_without_account_rows_has_no_account_to_lack_anything() {
    let mut frame = facts("spend", vec![5.0]);
    frame
        .with_column(Column::new("level".into(), vec!["campaign"]))
        .unwrap();
    frame
        .with_column(Column::new("entity".into(), vec!["Brand"]))
        .unwrap();
    let catalogue = Catalogue::default();
    let dataset = Dataset::from_frames(&frame, None, None, &catalogue).unwrap();
    let asked = Query {
        group_by: vec!["campaign".to_owned()],
        ..query(&["spend"], range("2026-10-01", "2026-10-01"))
    };
    let today = date("2026-10-02");
    let report = report_on(
        &dataset,
        &catalogue,
        &asked,
        today,
        &ReportDefaults::default(),
    )
    .unwrap();
    assert_eq!(report.groups.len(), 1);
    assert_eq!(key(&report.groups[0], "campaign"), Some("Brand"));
    assert_eq!(value(&report.groups[0], "spend"), Some(5.0));
}

//! An account whose amounts are those of its posts, added up, and what posts have collected by the day
//! they were published.

use analytics_core::{
    Error,
    analysis::{Collected, CompareSpec, Grain, Number, PublishedQuery, RangeSpec, Reason, Status},
    model::{Level, MetricGap, Slice},
};

use crate::{engine_fixture::*, engine_posts_fixture::*};

async fn lived() -> Page {
    let page = Page::adding_up().await;
    let old = post("old", date("2026-09-05"));
    let new = post("new", date("2026-11-03"));
    let posts = [old, new];
    for (day, counters) in [
        (
            "2026-11-01",
            &[("old", "views", 1000), ("old", "likes", 20)][..],
        ),
        (
            "2026-11-02",
            &[("old", "views", 1010), ("old", "likes", 19)],
        ),
        (
            "2026-11-03",
            &[
                ("old", "views", 1015),
                ("old", "likes", 19),
                ("new", "views", 300),
                ("new", "likes", 4),
            ],
        ),
        // Nobody looked on the 4th.
        (
            "2026-11-05",
            &[
                ("old", "views", 1016),
                ("old", "likes", 19),
                ("new", "views", 380),
                ("new", "likes", 6),
            ],
        ),
    ] {
        let there = if day < "2026-11-03" {
            &posts[..1]
        } else {
            &posts[..]
        };
        page.snapshot(day, there, counters).await;
    }
    page
}

fn of_account(start: &str, end: &str) -> analytics_core::Query {
    query(&["views", "likes"], range(start, end))
}

#[tokio::test]
async fn an_account_has_the_amounts_of_its_posts_from_the_second_snapshot_on() {
    let page = lived().await;
    let ask = async |start, end| page.ask(&of_account(start, end)).await.remove(0);

    let known = ask("2026-11-02", "2026-11-03").await;
    let views = current(&known, "views");
    assert_eq!(
        (value(&known, "views"), views.status, views.covered),
        (Some(315.0), Status::Final, 1.0)
    );
    assert_eq!(value(&known, "likes"), Some(3.0));

    let baseline = ask("2026-11-01", "2026-11-01").await;
    assert_eq!(current(&baseline, "views").status, Status::Missing);

    // A difference of two days belongs to the second, and the first is missing.
    let after_gap = ask("2026-11-04", "2026-11-05").await;
    let views = current(&after_gap, "views");
    assert_eq!(
        (value(&after_gap, "views"), views.status),
        (Some(81.0), Status::Partial)
    );
}

#[tokio::test]
async fn a_change_is_incomplete_until_both_periods_are_covered() {
    let page = lived().await;
    let mut query = of_account("2026-11-02", "2026-11-03");
    query.compare = Some(CompareSpec::Mode("previous_period".to_owned()));
    let report = page.report(&query).await;
    let change = totals(&report.groups[0], "views").change.unwrap();
    assert_eq!(
        (change.relative, change.reason),
        (None, Some(Reason::NoData))
    );
    let mut query = of_account("2026-11-03", "2026-11-03");
    query.compare = Some(CompareSpec::Mode("previous_period".to_owned()));
    let report = page.report(&query).await;
    let change = totals(&report.groups[0], "views").change.unwrap();
    assert_eq!((change.absolute, change.reason), (Some(295.0), None));
}

#[tokio::test]
async fn a_report_says_since_when_each_metric_is_known() {
    let page = lived().await;
    let report = page.report(&of_account("2026-10-01", "2026-11-05")).await;
    let since: Vec<_> = report.metrics.iter().map(|metric| metric.since).collect();
    assert_eq!(since, [Some(date("2026-11-02")); 2]);
    let nothing = Page::adding_up().await;
    let report = nothing
        .report(&of_account("2026-10-01", "2026-11-05"))
        .await;
    assert_eq!(report.metrics[0].since, None, "nothing was read yet");
}

fn published(start: &str, end: &str) -> PublishedQuery {
    PublishedQuery {
        accounts: None,
        metrics: vec!["views".to_owned(), "likes".to_owned()],
        range: RangeSpec::Custom(range(start, end)),
        grain: Some(Grain::Month),
        week_start: None,
        fiscal_year_start: None,
        today: None,
        numbers: None,
    }
}

fn collected(value: f64, posts: u64) -> Collected {
    Collected {
        value: Some(Number::Float(value)),
        status: Status::Final,
        posts,
    }
}

#[tokio::test]
async fn totals_stand_by_the_day_of_publication_and_are_no_amounts() {
    let page = lived().await;
    let answer = page
        .published(&published("2026-08-01", "2026-11-30"))
        .await
        .unwrap();
    assert_eq!(answer.since, Some(date("2026-09-05")));
    assert_eq!(answer.as_of, Some(date("2026-11-05")));
    let names: Vec<_> = answer
        .metrics
        .iter()
        .map(|one| one.id.to_string())
        .collect();
    assert_eq!(names, ["views", "likes"]);
    let starts: Vec<_> = answer.buckets.iter().map(|one| one.start).collect();
    assert_eq!(
        starts,
        ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01"].map(date)
    );
    let series = answer.series.unwrap();
    let unknown = Collected {
        value: None,
        status: Status::Missing,
        posts: 0,
    };
    assert_eq!(
        series[&"views".into()],
        [
            unknown,
            collected(1016.0, 1),
            collected(0.0, 0),
            collected(380.0, 1)
        ],
        "before the oldest post nothing is known; without posts nothing was collected"
    );
    assert_eq!(answer.totals[&"likes".into()], collected(25.0, 2));
}

#[tokio::test]
async fn only_amounts_that_posts_have_totals_of_can_be_asked_for() {
    let page = lived().await;
    for (metric, unknown) in [
        ("followers", false),
        ("engagement_rate", false),
        ("vews", true),
    ] {
        let refused = page
            .published(&PublishedQuery {
                metrics: vec![metric.to_owned()],
                ..published("2026-11-01", "2026-11-05")
            })
            .await;
        match refused {
            Err(Error::Unknown { field, .. }) if unknown => assert_eq!(field, "metrics[0]"),
            Err(Error::Invalid { field, .. }) if !unknown => assert_eq!(field, "metrics[0]"),
            other => panic!("{metric}: {other:?}"),
        }
    }
}

/// A total that is told for a while only is not nothing of the posts that have outlived it.
#[tokio::test]
async fn posts_without_a_total_are_said_to_lack_it() {
    let page = Page::adding_up().await;
    let posts = [
        post("aged", date("2026-08-05")),
        post("young", date("2026-10-20")),
        post("silent", date("2026-10-21")),
    ];
    let counters = [
        ("aged", "views", 10),
        ("young", "views", 20),
        ("silent", "views", 30),
    ];
    let likes = [("young", "likes", 5)];
    page.snapshot("2026-11-01", &posts, &[&counters[..], &likes[..]].concat())
        .await;
    let answer = page
        .published(&published("2026-08-01", "2026-10-31"))
        .await
        .unwrap();
    let series = answer.series.unwrap();
    let told: Vec<_> = series[&"likes".into()]
        .iter()
        .map(|one| {
            (
                one.value.as_ref().map(Number::to_f64),
                one.status,
                one.posts,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (None, Status::Missing, 1),
            (Some(0.0), Status::Final, 0),
            (Some(5.0), Status::Partial, 2),
        ]
    );
    let status = answer.totals[&"views".into()].status;
    assert_eq!(status, Status::Final);
}

/// A day whose posts were not told a metric is a hole: what the next one rose by is of both days.
#[tokio::test]
async fn the_day_after_one_without_the_metric_is_partial() {
    let page = Page::adding_up().await;
    let old = [post("old", date("2026-09-05"))];
    page.snapshot("2026-11-01", &old, &[("old", "views", 10)])
        .await;
    let refused = Slice {
        metrics: vec!["views".into(), "views_lifetime".into()],
        sums: vec!["views".into()],
        gaps: vec![MetricGap {
            metric: "views".into(),
            range: range("2026-11-02", "2026-11-02"),
            reason: "not_supported".to_owned(),
        }],
        ..Slice::new(
            page.0.account.id,
            Level::Post,
            "posts".into(),
            range("2026-11-02", "2026-11-02"),
            at("2026-11-02T18:00:00Z"),
        )
    };
    let saved = page
        .0
        .store
        .save_slice(page.0.workspace.id, None, &refused)
        .await;
    saved.unwrap();
    for (day, views) in [("2026-11-03", 40), ("2026-11-04", 45)] {
        page.snapshot(day, &old, &[("old", "views", views)]).await;
    }
    let told = async |day| {
        let group = page.ask(&of_account(day, day)).await.remove(0);
        (value(&group, "views"), current(&group, "views").status)
    };
    assert_eq!(told("2026-11-02").await, (None, Status::Missing));
    assert_eq!(told("2026-11-03").await, (Some(30.0), Status::Partial));
    assert_eq!(told("2026-11-04").await, (Some(5.0), Status::Final));
}

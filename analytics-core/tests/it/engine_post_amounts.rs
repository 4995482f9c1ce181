//! Lifetime totals of posts and their daily amounts by snapshots.

use analytics_core::{
    Query,
    analysis::{RangeSpec, Reason, Status},
};

use crate::{engine_fixture::*, engine_posts_fixture::*};

#[tokio::test]
async fn lifetime_totals_and_the_periods_amounts_stand_side_by_side() {
    let page = Page::new().await;
    let old = post("old", date("2026-01-05"));
    let new = post("new", date("2026-11-03"));
    page.snapshot(
        "2026-11-01",
        std::slice::from_ref(&old),
        &[("old", "views", 1000), ("old", "likes", 20)],
    )
    .await;
    page.snapshot(
        "2026-11-02",
        std::slice::from_ref(&old),
        &[("old", "views", 1010), ("old", "likes", 19)],
    )
    .await;
    page.snapshot(
        "2026-11-03",
        &[old, new],
        &[
            ("old", "views", 1015),
            ("old", "likes", 19),
            ("new", "views", 300),
        ],
    )
    .await;

    let groups = page.ask(&by_post("2026-11-02", "2026-11-03")).await;
    let posts: Vec<_> = groups
        .iter()
        .filter(|group| !group.labels.is_empty())
        .cloned()
        .collect();
    assert_eq!(
        views(&posts),
        [
            (
                "Post old".to_owned(),
                Some(1015.0),
                Some(15.0),
                Status::Final,
                1.0
            ),
            (
                "Post new".to_owned(),
                Some(300.0),
                Some(300.0),
                Status::Final,
                1.0
            ),
        ]
    );
    assert_eq!(
        value(&posts[0], "likes"),
        Some(-1.0),
        "a falling counter is real"
    );
    let refused = current(&posts[1], "likes");
    assert_eq!(
        (refused.value.clone(), refused.status, refused.reason),
        (None, Status::Missing, Some(Reason::NotOffered)),
        "the platform does not count the likes of this post"
    );
    assert_eq!(
        posts[1].labels["published_at"].as_deref(),
        Some("2026-11-03T03:00:00Z")
    );
    assert_eq!(posts[1].labels["type"].as_deref(), Some("photo"));
    assert_eq!(
        posts[1].labels["thumbnail_url"].as_deref(),
        Some("https://example.com/new.png")
    );

    // The first snapshot is a baseline: nothing is known of its day.
    let groups = page.ask(&by_post("2026-11-01", "2026-11-01")).await;
    let (_, lifetime, amount, status, _) = views(&groups)[0].clone();
    assert_eq!(
        (lifetime, amount, status),
        (Some(1000.0), None, Status::Missing)
    );
}

#[tokio::test]
async fn days_between_two_snapshots_are_missing_and_the_last_is_partial() {
    let page = Page::new().await;
    let posts = [post("a", date("2026-01-05")), post("b", date("2026-01-06"))];
    page.snapshot(
        "2026-11-01",
        &posts,
        &[("a", "views", 100), ("b", "views", 10)],
    )
    .await;
    // b is looked at once a week only.
    page.snapshot("2026-11-02", &posts[..1], &[("a", "views", 103)])
        .await;
    page.snapshot("2026-11-03", &posts[..1], &[("a", "views", 104)])
        .await;
    page.snapshot(
        "2026-11-04",
        &posts,
        &[("a", "views", 106), ("b", "views", 19)],
    )
    .await;

    let both = page.ask(&by_post("2026-11-02", "2026-11-04")).await;
    assert_eq!(
        views(&both),
        [
            (
                "Post a".to_owned(),
                Some(106.0),
                Some(6.0),
                Status::Final,
                1.0
            ),
            (
                "Post b".to_owned(),
                Some(19.0),
                Some(9.0),
                Status::Partial,
                0.0
            ),
        ]
    );
    let between = page.ask(&by_post("2026-11-02", "2026-11-03")).await;
    let b = views(&between)
        .into_iter()
        .find(|row| row.0 == "Post b")
        .unwrap();
    assert_eq!(
        (b.1, b.2, b.3),
        (Some(10.0), None, Status::Missing),
        "its total is carried, its amounts are not known"
    );
    let last = current(&between[1], "views_lifetime");
    assert_eq!(
        (last.status, last.as_of),
        (Status::Partial, Some(date("2026-11-01")))
    );
    let read = current(&between[0], "views_lifetime");
    assert_eq!(read.as_of, None, "of the last day itself");

    let total = Query {
        level: Some("post".to_owned()),
        ..query(&["views"], range("2026-11-02", "2026-11-04"))
    };
    let total = page.ask(&total).await;
    let figure = current(&total[0], "views");
    assert_eq!(
        (value(&total[0], "views"), figure.status, figure.covered),
        (Some(15.0), Status::Partial, 0.0),
        "no day of all posts together is known"
    );
}

#[tokio::test]
async fn a_late_reading_makes_its_day_and_the_next_partial() {
    let page = Page::new().await;
    let old = [post("old", date("2026-01-05"))];
    // Linked in the afternoon: the baseline counts for the day before, and holds half of this one.
    let linked = at("2026-11-02T06:00:00Z");
    page.snapshot_at(linked, "2026-11-01", &old, &[("old", "views", 100)])
        .await;
    let new = post("new", date("2026-11-02"));
    let both = [old[0].clone(), new];
    let counters = [("old", "views", 104), ("new", "views", 9)];
    page.snapshot("2026-11-02", &both, &counters).await;
    let counters = [("old", "views", 109), ("new", "views", 12)];
    page.snapshot("2026-11-03", &both, &counters).await;
    let of = async |day: &str| -> Vec<(String, Option<f64>, Status)> {
        let rows = views(&page.ask(&by_post(day, day)).await);
        rows.into_iter().map(|row| (row.0, row.2, row.3)).collect()
    };
    assert_eq!(
        of("2026-11-02").await,
        [
            ("Post old".to_owned(), Some(4.0), Status::Partial),
            ("Post new".to_owned(), Some(9.0), Status::Final),
        ],
        "what began that day lacks nothing"
    );
    assert_eq!(
        of("2026-11-03").await,
        [
            ("Post old".to_owned(), Some(5.0), Status::Final),
            ("Post new".to_owned(), Some(3.0), Status::Final),
        ]
    );

    // The machine was off until the next evening.
    let counters = [("old", "views", 130), ("new", "views", 20)];
    let late = at("2026-11-05T10:00:00Z");
    page.snapshot_at(late, "2026-11-04", &both, &counters).await;
    let counters = [("old", "views", 131), ("new", "views", 20)];
    page.snapshot("2026-11-05", &both, &counters).await;
    for day in ["2026-11-04", "2026-11-05"] {
        let states: Vec<Status> = of(day).await.into_iter().map(|row| row.2).collect();
        assert_eq!(states, [Status::Partial, Status::Partial], "{day}");
    }
}

#[tokio::test]
async fn a_total_that_cannot_change_any_more_is_final() {
    let page = Page::new().await;
    let mut story = post("story", date("2026-11-02"));
    if let Some(details) = &mut story.post {
        details.ends_at = Some(details.published_at + chrono::Duration::days(1));
    }
    let old = [post("old", date("2026-01-05"))];
    page.snapshot("2026-11-01", &old, &[("old", "views", 100)])
        .await;
    let both = [old[0].clone(), story];
    let counters = [("old", "views", 101), ("story", "views", 40)];
    page.snapshot("2026-11-02", &both, &counters).await;
    let counters = [("old", "views", 102), ("story", "views", 55)];
    page.snapshot("2026-11-03", &both, &counters).await;
    page.snapshot("2026-11-04", &old, &[("old", "views", 103)])
        .await;

    let groups = page.ask(&by_post("2026-11-04", "2026-11-04")).await;
    let story = groups.iter().find(|group| {
        let name = group.labels.get("name").cloned().flatten();
        name.as_deref() == Some("Post story")
    });
    let total = current(story.unwrap(), "views_lifetime");
    assert_eq!(total.status, Status::Final, "it ended on the 3rd");
    let all = Query {
        level: Some("post".to_owned()),
        ..query(
            &["views_lifetime", "views"],
            range("2026-11-04", "2026-11-04"),
        )
    };
    let all = page.ask(&all).await;
    let total = current(&all[0], "views_lifetime");
    assert_eq!(value(&all[0], "views_lifetime"), Some(158.0));
    assert_eq!((total.status, total.covered), (Status::Final, 1.0));
    let amounts = current(&all[0], "views");
    assert_eq!(
        (value(&all[0], "views"), amounts.status),
        (Some(1.0), Status::Final),
        "what has ended is not missed"
    );
}

#[tokio::test]
async fn the_total_of_posts_says_how_many_were_looked_at() {
    let page = Page::new().await;
    let posts = [post("a", date("2026-01-05")), post("b", date("2026-01-06"))];
    let counters = [("a", "views", 100), ("b", "views", 10)];
    page.snapshot("2026-11-01", &posts, &counters).await;
    page.snapshot("2026-11-02", &posts[..1], &[("a", "views", 103)])
        .await;
    let all = Query {
        level: Some("post".to_owned()),
        ..query(&["views_lifetime"], range("2026-11-02", "2026-11-02"))
    };
    let all = page.ask(&all).await;
    let total = current(&all[0], "views_lifetime");
    assert_eq!(value(&all[0], "views_lifetime"), Some(113.0));
    assert_eq!((total.status, total.covered), (Status::Partial, 0.5));
}

#[tokio::test]
async fn whole_days_up_to_the_last_complete_one_are_never_cut() {
    let page = Page::new().await;
    let old = [post("a", date("2026-10-05"))];
    for (day, value) in [("2026-11-16", 1), ("2026-11-17", 2), ("2026-11-18", 4)] {
        page.snapshot(day, &old, &[("a", "views", value)]).await;
    }
    let query = Query {
        range: RangeSpec::Preset("last_2_complete_days".to_owned()),
        ..by_post("2026-11-18", "2026-11-18")
    };
    let groups = page.ask(&query).await;
    assert_eq!(
        value(&groups[0], "views"),
        Some(3.0),
        "the 17th and the 18th"
    );
}

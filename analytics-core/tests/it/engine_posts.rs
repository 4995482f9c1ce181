//! Posts in reports: lifetime totals, daily amounts by snapshots, and what is not offered.

use analytics_core::{
    Query,
    analysis::{Filter, Group, RangeSpec, Reason, Status},
    model::{
        CounterRecord, EntityRecord, FeedId, FeedKind, Level, Millionths, OfferedMetric,
        PlatformProfile, PostDetails, Slice, Watch,
    },
};
use chrono::{DateTime, NaiveDate, Utc};

use crate::{engine_fixture::*, engine_store::Stored};

const POSTS: &str = "posts";

/// A page whose posts are looked at in snapshots.
fn with_posts() -> PlatformProfile {
    let mut profile = page();
    profile.levels.push(Level::Post);
    let mut feed = profile.feeds[0].clone();
    feed.id = FeedId::from(POSTS);
    feed.kind = FeedKind::Snapshot(Watch::default());
    feed.levels = vec![Level::Post];
    feed.metrics = ["views", "likes", "views_lifetime", "likes_lifetime"]
        .map(|metric| OfferedMetric::new(metric, 0, &[Level::Post]))
        .to_vec();
    profile.feeds.push(feed);
    profile
}

fn post(id: &str, published: NaiveDate) -> EntityRecord {
    EntityRecord {
        name: Some(format!("Post {id}")),
        thumbnail_url: Some(format!("https://example.com/{id}.png")),
        post: Some(PostDetails {
            published_at: published.and_hms_opt(3, 0, 0).unwrap().and_utc(),
            kind: Some("photo".to_owned()),
            text: Some(format!("All of {id}")),
            ends_at: None,
        }),
        ..EntityRecord::new(Level::Post, id)
    }
}

struct Page(Stored);

impl Page {
    async fn new() -> Self {
        Self(Stored::of(with_posts(), None).await)
    }

    /// Saves the snapshot of a day, taken three hours after its end.
    async fn snapshot(&self, day: &str, posts: &[EntityRecord], counters: &[(&str, &str, i64)]) {
        let taken = at(&format!("{day}T18:00:00Z"));
        self.snapshot_at(taken, day, posts, counters).await;
    }

    async fn snapshot_at(
        &self,
        taken: DateTime<Utc>,
        day: &str,
        posts: &[EntityRecord],
        counters: &[(&str, &str, i64)],
    ) {
        let slice = Slice {
            metrics: ["views", "likes", "views_lifetime", "likes_lifetime"]
                .map(Into::into)
                .to_vec(),
            entities: posts.to_vec(),
            counters: counters
                .iter()
                .map(|(post, metric, value)| CounterRecord {
                    entity: (*post).into(),
                    metric: (*metric).into(),
                    value: Millionths::from_whole(*value).unwrap(),
                })
                .collect(),
            ..Slice::new(
                self.0.account.id,
                Level::Post,
                FeedId::from(POSTS),
                range(day, day),
                taken,
            )
        };
        self.0
            .store
            .save_slice(self.0.workspace.id, None, &slice)
            .await
            .unwrap();
    }

    async fn ask(&self, query: &Query) -> Vec<Group> {
        let report = self
            .0
            .engine
            .report(&self.0.workspace, query, at("2026-11-20T00:00:00Z"))
            .await
            .unwrap();
        report.groups
    }
}

fn by_post(start: &str, end: &str) -> Query {
    Query {
        group_by: vec!["post".to_owned()],
        order_by: Some("published_at".to_owned()),
        ..query(
            &["views_lifetime", "likes_lifetime", "views", "likes"],
            range(start, end),
        )
    }
}

/// Name, lifetime views, views, status of the views, covered share.
type Row = (String, Option<f64>, Option<f64>, Status, f64);

fn views(groups: &[Group]) -> Vec<Row> {
    groups
        .iter()
        .map(|group| {
            let figure = current(group, "views");
            (
                group.labels["name"].clone().unwrap(),
                value(group, "views_lifetime"),
                value(group, "views"),
                figure.status,
                figure.covered,
            )
        })
        .collect()
}

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
    assert_eq!(last.status, Status::Partial, "carried from the 1st");

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
async fn a_post_is_not_listed_before_it_was_published() {
    let page = Page::new().await;
    let old = post("old", date("2026-01-05"));
    for day in ["2026-11-01", "2026-11-02"] {
        page.snapshot(day, std::slice::from_ref(&old), &[("old", "views", 1)])
            .await;
    }
    let both = [old, post("new", date("2026-11-03"))];
    let counters = [("old", "views", 1), ("new", "views", 5)];
    page.snapshot("2026-11-03", &both, &counters).await;
    let before = page.ask(&by_post("2026-11-01", "2026-11-02")).await;
    let names: Vec<_> = views(&before).into_iter().map(|row| row.0).collect();
    assert_eq!(names, ["Post old"]);
}

#[tokio::test]
async fn posts_are_filtered_and_ordered_by_when_they_were_published() {
    let page = Page::new().await;
    let posts = [
        post("a", date("2026-10-05")),
        post("b", date("2026-10-20")),
        post("c", date("2026-11-01")),
    ];
    page.snapshot(
        "2026-11-01",
        &posts,
        &[("a", "views", 5), ("b", "views", 9), ("c", "views", 7)],
    )
    .await;
    let names = |groups: &[Group]| -> Vec<String> {
        groups
            .iter()
            .map(|group| group.labels["name"].clone().unwrap())
            .collect()
    };
    let newest = Query {
        order_by: Some("-published_at".to_owned()),
        ..by_post("2026-11-01", "2026-11-01")
    };
    assert_eq!(
        names(&page.ask(&newest).await),
        ["Post c", "Post b", "Post a"]
    );
    let most_seen = Query {
        order_by: Some("-views_lifetime".to_owned()),
        ..newest.clone()
    };
    assert_eq!(
        names(&page.ask(&most_seen).await),
        ["Post b", "Post c", "Post a"]
    );

    let published = |values: &[&str]| Filter {
        dimension: Some("published".to_owned()),
        metric: None,
        op: "between".to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
        value: None,
    };
    let of_october = Query {
        filters: vec![published(&["2026-10-01", "2026-10-31"])],
        ..newest.clone()
    };
    assert_eq!(names(&page.ask(&of_october).await), ["Post b", "Post a"]);

    let refused = async |query: Query| {
        let now = at("2026-11-20T00:00:00Z");
        let stored = &page.0;
        let error = stored.engine.report(&stored.workspace, &query, now).await;
        error.unwrap_err().to_string()
    };
    let with = |filter: Filter| Query {
        filters: vec![filter],
        ..newest.clone()
    };
    assert!(
        refused(with(published(&["2026-10-01"])))
            .await
            .contains("filters[0].values")
    );
    assert!(
        refused(with(published(&["2026-10-01", "soon"])))
            .await
            .contains("filters[0].values[1]")
    );
    let equal = Filter {
        op: "in".to_owned(),
        ..published(&["2026-10-01", "2026-10-31"])
    };
    assert!(refused(with(equal)).await.contains("between"));
    let mixed = Query {
        group_by: vec!["campaign".to_owned(), "post".to_owned()],
        ..newest.clone()
    };
    assert!(refused(mixed).await.contains("no account has both"));
    let campaigns = Query {
        group_by: vec!["account".to_owned()],
        order_by: Some("published_at".to_owned()),
        ..query(&["views"], range("2026-11-01", "2026-11-01"))
    };
    assert!(refused(campaigns).await.contains("order_by"));
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

//! Which posts a report lists, and in which order.

use analytics_core::{
    Query,
    analysis::{Filter, Group, RangeSpec, Status},
};

use crate::{engine_fixture::*, engine_posts_fixture::*};

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
async fn a_post_whose_amounts_are_known_to_be_nothing_is_listed_with_zero() {
    let page = Page::new().await;
    let posts = [post("a", date("2026-01-05")), post("b", date("2026-01-06"))];
    for (day, views) in [("2026-11-01", 5), ("2026-11-02", 7)] {
        page.snapshot(day, &posts, &[("a", "views", views), ("b", "views", 3)])
            .await;
    }
    let amounts = Query {
        group_by: vec!["post".to_owned()],
        order_by: Some("-views".to_owned()),
        ..query(&["views"], range("2026-11-02", "2026-11-02"))
    };
    let groups = page.ask(&amounts).await;
    let rows: Vec<_> = groups
        .iter()
        .map(|group| (value(group, "views"), current(group, "views").status))
        .collect();
    assert_eq!(
        rows,
        [(Some(2.0), Status::Final), (Some(0.0), Status::Final)]
    );
    // Of the baseline's day nothing is known.
    let before = Query {
        range: RangeSpec::Custom(range("2026-11-01", "2026-11-01")),
        ..amounts
    };
    assert!(page.ask(&before).await.is_empty());
}

use std::collections::BTreeSet;

use chrono::Duration;
use serde_json::{Value, json};

use super::{PUBLIC, X, created, first_id, ids, is_repost, seconds, word};

#[tokio::test]
async fn pages_are_newest_first_and_join_without_gap_or_overlap() {
    let x = X::start().await;
    let all = x.all(0, &[("tweet.fields", PUBLIC)]).await;
    let year = x.now() - Duration::days(365);
    let own = all
        .iter()
        .filter(|row| !is_repost(row) && created(row) > year);
    let own = own.count();
    assert!((250..350).contains(&own), "{own} posts a year");
    let moments: Vec<_> = all.iter().map(created).collect();
    assert!(moments.is_sorted_by(|newer, older| newer >= older));
    let unique: BTreeSet<String> = ids(&all).into_iter().collect();
    assert_eq!(unique.len(), all.len());
    let mut small = Vec::new();
    let mut cursor = None;
    for _ in 0..3 {
        let mut params = vec![("max_results", "7")];
        params.extend(cursor.as_deref().map(|cursor| ("pagination_token", cursor)));
        let page = x.page(0, &params).await;
        assert_eq!(page.body["meta"]["result_count"], 7);
        let told = ids(page.rows());
        assert_eq!(page.body["meta"]["newest_id"], told[0].as_str());
        assert_eq!(page.body["meta"]["oldest_id"], told[6].as_str());
        small.extend(told);
        cursor = Some(word(&page.body["meta"], "next_token"));
    }
    assert_eq!(small, ids(&all)[..21]);
    assert_eq!(
        x.page(0, &[]).await.rows().len(),
        10,
        "unless told otherwise"
    );
}

#[tokio::test]
async fn a_cursor_stays_where_it_is_when_posts_are_added() {
    let x = X::start().await;
    let first = x.page(0, &[("max_results", "5")]).await;
    let cursor = word(&first.body["meta"], "next_token");
    let params = [("max_results", "5"), ("pagination_token", &*cursor)];
    let before = ids(x.page(0, &params).await.rows());
    x.set(x.now() + Duration::days(3));
    assert_ne!(ids(x.page(0, &params[..1]).await.rows()), ids(first.rows()));
    assert_eq!(ids(x.page(0, &params).await.rows()), before);
}

#[tokio::test]
async fn bounds_are_inclusive_at_the_start_and_exclusive_at_the_end() {
    let x = X::start().await;
    let all = x
        .page(0, &[("max_results", "20"), ("tweet.fields", PUBLIC)])
        .await;
    let all = all.rows();
    let (newer, older) = (&all[3], &all[9]);
    let (start, end) = (seconds(created(older)), seconds(created(newer)));
    let told = |rows: &[Value]| ids(rows);
    let within = x
        .page(0, &[("start_time", &start), ("end_time", &end)])
        .await;
    assert_eq!(told(within.rows()), told(&all[4..10]));
    let (since, until) = (word(older, "id"), word(newer, "id"));
    let between = x
        .page(0, &[("since_id", &since), ("until_id", &until)])
        .await;
    assert_eq!(told(between.rows()), told(&all[4..9]));
    // Ids win over moments.
    let late = seconds(created(&all[1]));
    let both = [
        ("since_id", &*since),
        ("until_id", &*until),
        ("start_time", &*late),
    ];
    assert_eq!(told(x.page(0, &both).await.rows()), told(&all[4..9]));
}

#[tokio::test]
async fn a_page_of_nothing_has_no_data() {
    let x = X::start().await;
    let start = seconds(x.now() + Duration::days(1));
    let empty = x.page(0, &[("start_time", &start)]).await;
    assert_eq!(
        (empty.status, &empty.body),
        (200, &json!({ "meta": { "result_count": 0 } }))
    );
}

#[tokio::test]
async fn reposts_and_replies_can_be_left_out() {
    let x = X::start().await;
    let all = x.all(0, &[("tweet.fields", PUBLIC)]).await;
    let is_reply = |row: &Value| row["in_reply_to_user_id"].is_string();
    let count = |rows: &[Value], which: &dyn Fn(&Value) -> bool| {
        rows.iter().filter(|row| which(row)).count()
    };
    let (reposts, replies) = (count(&all, &is_repost), count(&all, &is_reply));
    assert!(
        reposts > 20 && replies > 20,
        "{reposts} reposts, {replies} replies"
    );
    let fields = ("tweet.fields", PUBLIC);
    let own = x.all(0, &[fields, ("exclude", "retweets")]).await;
    assert_eq!(own.len(), all.len() - reposts);
    let start = seconds(x.now() - Duration::days(200));
    let lately = [fields, ("start_time", &*start)];
    let some = x.all(0, &lately).await;
    let rest = x
        .all(0, &[lately[0], lately[1], ("exclude", "retweets,replies")])
        .await;
    assert!(count(&some, &is_reply) > 0);
    assert_eq!(
        rest.len(),
        count(&some, &|row| !is_repost(row) && !is_reply(row))
    );
    let repost = all.iter().find(|row| is_repost(row)).unwrap();
    assert!(word(repost, "text").starts_with("RT @"));
    assert!(repost["public_metrics"]["impression_count"].as_i64() >= Some(40_000));
    let links = own
        .iter()
        .filter(|row| word(row, "text").contains("https://t.co/"));
    assert!(links.count() > 30);
    assert!(
        own.iter()
            .any(|row| row["attachments"]["media_keys"][0].is_string())
    );
}

#[tokio::test]
async fn only_the_newest_posts_can_be_reached() {
    let x = X::with(4).await;
    let all = x.all(3, &[("tweet.fields", "created_at")]).await;
    assert_eq!(all.len(), 3_200);
    let oldest = created(all.last().unwrap());
    assert!(
        x.now() - oldest < Duration::days(365),
        "{oldest} is a year away"
    );
    let without = x.all(3, &[("exclude", "replies")]).await;
    assert!((50..800).contains(&without.len()), "{}", without.len());
    let newest: BTreeSet<String> = ids(&all[..800]).into_iter().collect();
    assert!(ids(&without).iter().all(|id| newest.contains(id)));
    let end = seconds(oldest - Duration::days(1));
    let beyond = x.page(3, &[("end_time", &end)]).await;
    assert_eq!(beyond.body, json!({ "meta": { "result_count": 0 } }));
    // The last page with posts does not say that it is the last.
    let edge = [("max_results", "5"), ("until_id", &*first_id(&all[3_195]))];
    let edge = x.page(3, &edge).await;
    assert_eq!(edge.rows().len(), 4);
    let next = word(&edge.body["meta"], "next_token");
    let next = x.page(3, &[("pagination_token", &next)]).await;
    assert_eq!(next.body, json!({ "meta": { "result_count": 0 } }));
}

#[tokio::test]
async fn the_first_post_of_all_ends_the_timeline() {
    let x = X::start().await;
    let all = x.all(2, &[]).await;
    assert!(all.len() < 3_200);
    let until = ids(&all)[all.len() - 3].clone();
    let last = x.page(2, &[("until_id", &until)]).await;
    assert_eq!(last.rows().len(), 2);
    assert_eq!(last.body["meta"]["next_token"], Value::Null);
}

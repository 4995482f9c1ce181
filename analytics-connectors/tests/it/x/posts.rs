//! Posts as everybody sees them: what they are, and their lifetime totals.

use analytics_connectors::Batch;
use analytics_core::model::Level;
use rstest::rstest;
use serde_json::{Value, json};

use super::{
    DATE, NONE, POST_FIELDS, SINCE, Vendor, account, at, counters, described, gaps, map, merged,
    own, page, public_pass, seen, seen_as, snapshot, totals,
};

/// In Tokyo on 20 November.
const NOON: &str = "2026-11-20T03:15:00.000Z";

async fn read(posts: Vec<Value>) -> Vec<Batch> {
    let vendor = Vendor::with_posts(posts, Vec::new()).await;
    vendor.snapshot().await.unwrap()
}

#[tokio::test]
async fn the_first_question_has_just_these_parameters() {
    let vendor = Vendor::with_posts(Vec::new(), Vec::new()).await;
    vendor.snapshot().await.unwrap();
    assert_eq!(
        vendor.questions().await,
        [map(&[
            ("max_results", "100"),
            ("exclude", "retweets"),
            ("tweet.fields", POST_FIELDS),
            // Midnight of 24 October in Tokyo.
            ("start_time", "2026-10-23T15:00:00Z"),
        ])]
    );
}

#[tokio::test]
async fn replies_are_left_out_where_the_operator_wants_none() {
    let vendor = Vendor::with(|config| config.replies = false).await;
    vendor.lists(vec![seen("1", NOON)], Vec::new()).await;
    vendor.snapshot().await.unwrap();
    let excluded: Vec<String> = vendor
        .questions()
        .await
        .into_iter()
        .map(|question| question["exclude"].clone())
        .collect();
    assert_eq!(excluded, ["retweets,replies", "retweets,replies"]);
}

#[tokio::test]
async fn a_post_has_its_totals_by_its_id() {
    // As a double, its last digit would be another.
    let batches = read(vec![seen("2000000000000000101", NOON)]).await;
    assert_eq!(
        totals(&batches, "2000000000000000101"),
        [
            "impressions 2140",
            "likes 31",
            "replies 2",
            "reposts 4",
            "saves 6",
            "x.quotes 1",
        ]
    );
    assert_eq!(described(&batches), ["2000000000000000101"]);
    assert!(batches[0].facts.is_empty() && batches[0].windows.is_empty());
}

#[rstest]
#[case::old_names("retweet_count", "edit_history_tweet_ids", "referenced_tweets")]
#[case::new_names("repost_count", "edit_history_post_ids", "referenced_posts")]
#[tokio::test]
async fn old_and_new_names_mean_the_same(
    #[case] reposts: &str,
    #[case] history: &str,
    #[case] references: &str,
) {
    let post = json!({
        "id": "12", "text": "Text", "created_at": NOON, history: ["11", "12"],
        references: [{ "type": "quoted", "id": "5" }],
        "public_metrics": { reposts: 4, "reply_count": 2, "like_count": 31, "quote_count": 1,
            "bookmark_count": 6, "impression_count": 2140 },
    });
    let batches = read(vec![post]).await;
    assert_eq!(counters(&batches, "reposts"), ["11 4"]);
    assert_eq!(described(&batches), ["11"]);
    let details = batches[0].entities[0].post.as_ref().unwrap();
    assert_eq!(details.kind.as_deref(), Some("quote"));
}

#[tokio::test]
async fn zero_is_a_total_and_text_may_be_a_number() {
    let metrics = json!({ "retweet_count": 0, "reply_count": "0", "like_count": "31",
        "quote_count": 0, "bookmark_count": 0, "impression_count": 0 });
    let batches = read(vec![seen_as(
        "1",
        NOON,
        &json!({ "public_metrics": metrics }),
    )])
    .await;
    assert_eq!(
        totals(&batches, "1"),
        [
            "impressions 0",
            "likes 31",
            "replies 0",
            "reposts 0",
            "saves 0",
            "x.quotes 0",
        ]
    );
}

#[rstest]
#[case::retweeted("referenced_tweets", "retweeted")]
#[case::reposted("referenced_posts", "reposted")]
#[tokio::test]
async fn what_others_wrote_is_left_out(#[case] references: &str, #[case] kind: &str) {
    let repost = seen_as(
        "2",
        NOON,
        &json!({ references: [{ "type": kind, "id": "9" }] }),
    );
    let batches = read(vec![repost, seen("1", NOON)]).await;
    assert_eq!(described(&batches), ["1"]);
    assert_eq!(counters(&batches, "likes"), ["1 31"]);
}

#[tokio::test]
async fn an_edited_post_stays_the_one_it_was_and_leads_to_its_newest_text() {
    let newest = seen_as(
        "13",
        NOON,
        &json!({ "text": "Third try", "edit_history_tweet_ids": ["11", "12", "13"] }),
    );
    // Its earlier version, should it be listed as well.
    let before = seen_as(
        "12",
        NOON,
        &json!({ "edit_history_tweet_ids": ["11", "12"] }),
    );
    let batches = read(vec![newest, before]).await;
    assert_eq!(described(&batches), ["11"]);
    assert_eq!(counters(&batches, "likes"), ["11 31"]);
    let entity = &batches[0].entities[0];
    assert_eq!(
        entity.permalink.as_deref(),
        Some("https://x.com/i/web/status/13")
    );
    assert_eq!(entity.name.as_deref(), Some("Third try"));
}

#[tokio::test]
async fn a_post_whose_history_is_not_told_is_named_by_its_id() {
    let post = seen_as("7", NOON, &json!({ "edit_history_tweet_ids": [] }));
    assert_eq!(described(&read(vec![post]).await), ["7"]);
}

#[rstest]
#[case::plain(json!({}), "status")]
#[case::reply_to(json!({ "in_reply_to_user_id": "5" }), "reply")]
#[case::reply(json!({ "referenced_tweets": [{ "type": "replied_to", "id": "5" }] }), "reply")]
#[case::reply_with_a_quote(
    json!({ "referenced_tweets": [{ "type": "quoted" }, { "type": "replied_to" }] }),
    "reply"
)]
#[case::quote(json!({ "referenced_tweets": [{ "type": "quoted", "id": "5" }] }), "quote")]
#[case::media(json!({ "attachments": { "media_keys": ["3_1"] } }), "media")]
#[case::poll(json!({ "attachments": { "poll_ids": ["1"] } }), "status")]
#[case::a_kind_to_come(json!({ "referenced_tweets": [{ "type": "remixed", "id": "5" }] }), "status")]
#[case::no_kind(json!({ "referenced_tweets": [{ "id": "5" }] }), "status")]
#[tokio::test]
async fn a_post_says_what_it_is(#[case] more: Value, #[case] kind: &str) {
    let batches = read(vec![seen_as("1", NOON, &more)]).await;
    let entity = &batches[0].entities[0];
    assert_eq!(entity.level, Level::Post);
    let details = entity.post.as_ref().unwrap();
    assert_eq!(details.kind.as_deref(), Some(kind));
    assert_eq!(details.published_at, at(NOON));
    assert_eq!(details.text.as_deref(), Some("Text of 1"));
    assert_eq!(details.ends_at, None);
}

#[tokio::test]
async fn the_zone_of_the_account_decides_what_the_day_already_had() {
    let posts = vec![
        seen("3", "2026-11-22T15:00:00.000Z"),
        seen("2", "2026-11-22T14:59:59.000Z"),
    ];
    // In Tokyo the later one is of the 23rd: described, but not counted yet.
    let vendor = Vendor::with_posts(posts, Vec::new()).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["3", "2"]);
    assert_eq!(counters(&batches, "likes"), ["2 31"]);
    assert_eq!(totals(&batches, "3"), NONE);
    // In London both are of the 22nd.
    let batches = vendor
        .fetch_of(
            &account(chrono_tz::Europe::London),
            snapshot("posts", DATE, SINCE),
        )
        .await
        .unwrap();
    assert_eq!(counters(&batches, "likes"), ["3 31", "2 31"]);
    let asked = vendor.questions().await;
    // British Summer Time on 24 October.
    assert_eq!(asked[2]["start_time"], "2026-10-23T23:00:00Z");
}

#[tokio::test]
async fn impressions_were_not_counted_before_january_2023() {
    let zero = json!({ "public_metrics": { "retweet_count": 4, "reply_count": 2, "like_count": 31,
        "quote_count": 1, "bookmark_count": 6, "impression_count": 0 } });
    let batches = read(vec![
        seen("2", "2023-01-05T00:00:00.000Z"),
        seen_as("1", "2023-01-04T23:59:59.000Z", &zero),
    ])
    .await;
    assert_eq!(counters(&batches, "impressions"), ["2 2140"]);
    assert_eq!(counters(&batches, "likes"), ["2 31", "1 31"]);
}

#[tokio::test]
async fn texts_are_kept_of_posts_that_are_read_every_day() {
    let posts = vec![
        seen("4", "2026-11-22T16:00:00.000Z"),
        // The first moment of 24 October in Tokyo, and the last of the 23rd.
        seen("3", "2026-10-23T15:00:00.000Z"),
        seen("2", "2026-10-23T14:59:59.000Z"),
    ];
    let vendor = Vendor::with_posts(posts, Vec::new()).await;
    let request = snapshot("posts", DATE, "2025-11-23");
    let batches = vendor.fetch(request).await.unwrap();
    let texts: Vec<(&str, bool, bool)> = batches[0]
        .entities
        .iter()
        .map(|entity| {
            let details = entity.post.as_ref().unwrap();
            (
                entity.external_id.as_str(),
                details.text.is_some(),
                entity.name.is_some(),
            )
        })
        .collect();
    assert_eq!(
        texts,
        [("4", true, true), ("3", true, true), ("2", false, false)]
    );
    assert_eq!(counters(&batches, "likes"), ["3 31", "2 31"]);
    assert!(batches[0].all_texts);
}

#[tokio::test]
async fn fewer_days_keep_fewer_texts() {
    let vendor = Vendor::with(|config| config.daily_days = 1).await;
    let posts = vec![
        seen("2", "2026-11-22T03:00:00.000Z"),
        seen("1", "2026-11-21T03:00:00.000Z"),
    ];
    vendor.lists(posts, Vec::new()).await;
    let batches = vendor.snapshot().await.unwrap();
    let with_text: Vec<&str> = batches[0]
        .entities
        .iter()
        .filter(|entity| entity.post.as_ref().unwrap().text.is_some())
        .map(|entity| entity.external_id.as_str())
        .collect();
    assert_eq!(with_text, ["2"]);
}

#[rstest]
#[case::nothing(json!({ "text": null }))]
#[case::empty(json!({ "text": "" }))]
#[tokio::test]
async fn a_post_without_a_text_has_none(#[case] more: Value) {
    let batches = read(vec![seen_as("1", NOON, &more)]).await;
    let entity = &batches[0].entities[0];
    assert_eq!(entity.name, None);
    assert_eq!(entity.post.as_ref().unwrap().text, None);
}

#[tokio::test]
async fn what_is_left_out_of_a_page_leaves_the_rest() {
    let vendor = Vendor::start().await;
    let body = |tail: &str| {
        merged(
            json!({ "data": [seen("1", NOON)], "meta": { "result_count": 1 } }),
            &json!({ "errors": [{ "title": "Some Error", "resource_id": "2",
                "type": format!("https://api.x.com/2/problems/{tail}") }] }),
        )
    };
    for tail in [
        "not-authorized-for-field",
        "resource-not-found",
        "not-authorized-for-resource",
        "resource-unavailable",
    ] {
        vendor.once(public_pass(), super::ok(body(tail))).await;
        vendor
            .once(super::private_pass(), page(vec![own("1", NOON)], None))
            .await;
        let batches = vendor.snapshot().await.unwrap();
        assert_eq!(counters(&batches, "likes"), ["1 31"], "{tail}");
        assert_eq!(gaps(&batches), NONE);
        assert!(batches[0].all_texts);
    }
}

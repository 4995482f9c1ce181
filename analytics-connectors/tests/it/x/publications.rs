//! How many posts were published on each day, and how far back that is known.

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    MockBuilder,
    matchers::{query_param, query_param_is_missing},
};

use super::{
    COUNTED_FIELDS, NONE, USER_FIELDS, USER_PATH, Vendor, account, at, counting_pass, facts, gaps,
    get, map, ok, page, params, profile, profile_with_posts, says, stand_in,
};

const REASON: &str = "X lists no older posts of this account";

fn counted(id: &str, created_at: &str) -> Value {
    json!({ "id": id, "text": "Text", "created_at": created_at, "edit_history_tweet_ids": [id] })
}

/// The question about posts of a range.
fn of_range() -> MockBuilder {
    counting_pass().and(query_param("max_results", "100"))
}

/// The question whether there is any older one.
fn older() -> MockBuilder {
    counting_pass().and(query_param("max_results", "5"))
}

/// A user with so many posts in all, of which these were published in the range.
async fn with(total: u32, posts: Vec<Value>) -> Vendor {
    let vendor = Vendor::start().await;
    vendor.on(of_range(), page(posts, None)).await;
    vendor.on(get(USER_PATH), profile_with_posts(total)).await;
    vendor
}

/// In Tokyo: two on the 18th, none on the 19th, one on the 20th.
fn three() -> Vec<Value> {
    vec![
        counted("3", "2026-11-20T14:59:59.000Z"),
        counted("2", "2026-11-18T14:59:59.000Z"),
        counted("1", "2026-11-17T15:00:00.000Z"),
    ]
}

fn days(values: &[(&str, u32)]) -> Vec<String> {
    let values = values.iter();
    values
        .map(|(date, value)| format!("{} {date} {value}", super::USER))
        .collect()
}

#[tokio::test]
async fn posts_count_on_the_day_of_the_accounts_own_zone() {
    let vendor = with(3, three()).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        facts(&batches, "posts"),
        days(&[("2026-11-18", 2), ("2026-11-20", 1)])
    );
    assert_eq!(batches[0].facts.len(), 2, "zeros are left out");
    assert_eq!(gaps(&batches), NONE);
    assert!(batches[0].entities.is_empty() && batches[0].counters.is_empty());
    assert!(!batches[0].all_texts, "it says nothing of texts");
    assert_eq!(
        vendor.questions().await,
        [map(&[
            ("max_results", "100"),
            ("exclude", "retweets"),
            ("tweet.fields", COUNTED_FIELDS),
            ("start_time", "2026-11-17T15:00:00Z"),
            // A post of the last minutes may be edited in the next day's first ones.
            ("end_time", "2026-11-20T15:31:00Z"),
        ])]
    );
    let asked = vendor.asked(USER_PATH).await;
    assert_eq!(params(&asked[0]), map(&[("user.fields", USER_FIELDS)]));
}

#[tokio::test]
async fn in_another_zone_the_same_posts_are_of_other_days() {
    let vendor = with(3, three()).await;
    let request = stand_in::daily("publications", Level::Account, "2026-11-17", "2026-11-20");
    let batches = vendor
        .fetch_of(&account(chrono_tz::UTC), request)
        .await
        .unwrap();
    assert_eq!(
        facts(&batches, "posts"),
        days(&[("2026-11-17", 1), ("2026-11-18", 1), ("2026-11-20", 1)])
    );
}

#[tokio::test]
async fn what_lies_outside_of_the_range_does_not_count() {
    let mut posts = three();
    posts.insert(0, counted("4", "2026-11-20T15:00:00.000Z"));
    posts.push(counted("0", "2026-11-17T14:59:59.000Z"));
    let vendor = with(5, posts).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        facts(&batches, "posts"),
        days(&[("2026-11-18", 2), ("2026-11-20", 1)])
    );
}

#[tokio::test]
async fn what_others_wrote_and_what_came_twice_does_not_count() {
    let mut repost = counted("9", "2026-11-20T03:00:00.000Z");
    repost["referenced_tweets"] = json!([{ "type": "retweeted", "id": "5" }]);
    let vendor = Vendor::start().await;
    vendor.on(get(USER_PATH), profile_with_posts(9)).await;
    let first = of_range().and(query_param_is_missing("pagination_token"));
    let mut posts = three();
    posts.insert(0, repost);
    vendor.on(first, page(posts, Some("a"))).await;
    let second = of_range().and(query_param("pagination_token", "a"));
    vendor.on(second, page(three(), None)).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        facts(&batches, "posts"),
        days(&[("2026-11-18", 2), ("2026-11-20", 1)])
    );
}

#[rstest]
#[case::all_are_listed(true, 3_200, false)]
#[case::one_too_many(true, 3_201, true)]
#[case::all_without_replies(false, 800, false)]
#[case::too_many_without_replies(false, 801, true)]
#[tokio::test]
async fn an_account_whose_list_is_whole_needs_no_further_look(
    #[case] replies: bool,
    #[case] total: u32,
    #[case] looks: bool,
) {
    let vendor = Vendor::with(|config| config.replies = replies).await;
    vendor.on(of_range(), page(three(), None)).await;
    vendor.on(get(USER_PATH), profile_with_posts(total)).await;
    let before = vec![counted("0", "2026-11-01T00:00:00.000Z")];
    vendor.on(older(), page(before, None)).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(gaps(&batches), NONE);
    assert_eq!(facts(&batches, "posts").len(), 2);
    assert_eq!(vendor.questions().await.len(), 1 + usize::from(looks));
}

#[tokio::test]
async fn an_older_post_proves_the_range_whole() {
    let vendor = with(10_000, three()).await;
    // More of them are of no interest.
    let before = vec![counted("0", "2026-11-01T00:00:00.000Z")];
    vendor.on(older(), page(before, Some("more"))).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        facts(&batches, "posts"),
        days(&[("2026-11-18", 2), ("2026-11-20", 1)])
    );
    assert_eq!(gaps(&batches), NONE);
    let asked = vendor.questions().await;
    assert_eq!(asked.len(), 2);
    assert_eq!(
        asked[1],
        map(&[
            ("max_results", "5"),
            ("exclude", "retweets"),
            ("tweet.fields", COUNTED_FIELDS),
            ("end_time", "2026-11-17T15:00:00Z"),
        ])
    );
}

#[tokio::test]
async fn days_beyond_the_list_are_gaps_and_so_is_the_oldest_that_was_seen() {
    let vendor = with(10_000, three()).await;
    vendor.on(older(), page(Vec::new(), None)).await;
    let batches = vendor.count("2026-11-01", "2026-11-20").await.unwrap();
    assert_eq!(facts(&batches, "posts"), days(&[("2026-11-20", 1)]));
    assert_eq!(
        gaps(&batches),
        [format!("posts 2026-11-01..2026-11-18 {REASON}")]
    );
}

#[tokio::test]
async fn a_range_of_which_nothing_is_listed_is_one_gap_and_not_zeros() {
    let vendor = with(10_000, Vec::new()).await;
    vendor.on(older(), page(Vec::new(), None)).await;
    let batches = vendor.count("2026-01-01", "2026-01-31").await.unwrap();
    assert!(batches[0].facts.is_empty());
    assert_eq!(
        gaps(&batches),
        [format!("posts 2026-01-01..2026-01-31 {REASON}")]
    );
}

#[tokio::test]
async fn a_quiet_range_of_an_account_that_goes_on_before_is_zeros() {
    let vendor = with(10_000, Vec::new()).await;
    let before = vec![counted("0", "2025-11-01T00:00:00.000Z")];
    vendor.on(older(), page(before, None)).await;
    let batches = vendor.count("2026-01-01", "2026-01-31").await.unwrap();
    assert!(batches[0].facts.is_empty() && batches[0].gaps.is_empty());
}

#[tokio::test]
async fn a_post_of_somebody_else_proves_nothing() {
    let vendor = with(10_000, three()).await;
    let mut repost = counted("0", "2026-11-01T00:00:00.000Z");
    repost["referenced_tweets"] = json!([{ "type": "retweeted", "id": "5" }]);
    vendor.on(older(), page(vec![repost], None)).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        gaps(&batches),
        [format!("posts 2026-11-18..2026-11-18 {REASON}")]
    );
}

#[tokio::test]
async fn a_list_that_repeats_itself_is_not_whole_whatever_the_profile_says() {
    let vendor = Vendor::start().await;
    vendor.on(of_range(), page(three(), Some("a"))).await;
    vendor.on(get(USER_PATH), profile_with_posts(3)).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(facts(&batches, "posts"), days(&[("2026-11-20", 1)]));
    assert_eq!(
        gaps(&batches),
        [format!("posts 2026-11-18..2026-11-18 {REASON}")]
    );
    assert_eq!(vendor.calls().await, 2, "nothing more to ask");
}

#[rstest]
#[case::in_the_future("2026-11-23T12:00:00Z", None)]
#[case::now("2026-11-23T15:31:00Z", None)]
#[case::hardly_past("2026-11-23T15:31:15Z", None)]
#[case::past("2026-11-23T15:31:16Z", Some("2026-11-23T15:31:00Z"))]
#[tokio::test]
async fn an_end_that_is_hardly_past_is_left_out(#[case] now: &str, #[case] end: Option<&str>) {
    let vendor = with(3, Vec::new()).await;
    vendor.clock.set(at(now));
    vendor.count("2026-11-20", "2026-11-23").await.unwrap();
    let asked = vendor.questions().await;
    assert_eq!(asked[0].get("end_time").map(String::as_str), end);
}

#[rstest]
#[case::old_name(json!({ "tweet_count": 3 }), 1)]
#[case::new_name(json!({ "post_count": 3 }), 1)]
#[case::as_text(json!({ "tweet_count": "3" }), 1)]
#[case::no_number(json!({ "tweet_count": null }), 2)]
#[case::no_name_of_it(json!({}), 2)]
#[tokio::test]
async fn the_profile_tells_how_many_there_are_by_either_name(
    #[case] metrics: Value,
    #[case] questions: usize,
) {
    let vendor = Vendor::start().await;
    vendor.on(of_range(), page(three(), None)).await;
    vendor.on(older(), page(Vec::new(), None)).await;
    let answer = profile(&json!({ "public_metrics": metrics }));
    vendor.on(get(USER_PATH), ok(answer)).await;
    let batches = vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(vendor.questions().await.len(), questions);
    assert_eq!(gaps(&batches).len(), questions - 1);
}

#[tokio::test]
async fn a_number_of_posts_that_is_none_is_an_error() {
    let vendor = Vendor::start().await;
    vendor.on(of_range(), page(three(), None)).await;
    let answer = profile(&json!({ "public_metrics": { "tweet_count": "many" } }));
    vendor.on(get(USER_PATH), ok(answer)).await;
    let error = vendor.count("2026-11-18", "2026-11-20").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(
        &error,
        &["x: count posts: ", "`public_metrics.tweet_count`", "many"],
    );
}

#[tokio::test]
async fn a_post_without_a_moment_counts_nowhere_and_says_so() {
    let vendor = with(3, vec![json!({ "id": "77", "text": "Text" })]).await;
    let error = vendor.count("2026-11-18", "2026-11-20").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(
        &error,
        &["x: count posts: ", "`created_at` of the post 77 is missing"],
    );
}

/// Edited on the next day, a post still counts on the day of its first version, which its id tells.
#[tokio::test]
async fn an_edited_post_counts_on_the_day_of_its_first_version() {
    let first = id_of("2026-11-20T14:50:00Z");
    let mut edited = counted(&id_of("2026-11-20T15:05:00Z"), "2026-11-20T15:05:00.000Z");
    edited["edit_history_tweet_ids"] = json!([first, edited["id"]]);
    let vendor = with(1, vec![edited]).await;
    let batches = vendor.count("2026-11-20", "2026-11-20").await.unwrap();
    assert_eq!(facts(&batches, "posts"), days(&[("2026-11-20", 1)]));
}

/// An id that X made at a moment.
fn id_of(moment: &str) -> String {
    let since = at(moment).timestamp_millis() - 1_288_834_974_657;
    (since << 22).to_string()
}

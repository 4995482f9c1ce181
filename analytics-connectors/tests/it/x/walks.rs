//! The list of posts, page by page.

use analytics_connectors::ErrorKind;
use rstest::rstest;
use serde_json::json;
use wiremock::{
    MockBuilder,
    matchers::{query_param, query_param_is_missing},
};

use super::{
    NONE, PRIVATE_FIELDS, Vendor, counters, described, merged, ok, own, page, private_pass,
    problem, public_pass, says, seen,
};

/// In Tokyo on 20 November.
const NOON: &str = "2026-11-20T03:15:00.000Z";

fn first() -> MockBuilder {
    public_pass().and(query_param_is_missing("pagination_token"))
}

fn after(cursor: &str) -> MockBuilder {
    public_pass().and(query_param("pagination_token", cursor))
}

async fn vendor() -> Vendor {
    let vendor = Vendor::start().await;
    vendor.on(private_pass(), page(Vec::new(), None)).await;
    vendor
}

#[tokio::test]
async fn pages_follow_each_other_with_the_same_question() {
    let vendor = vendor().await;
    vendor
        .on(first(), page(vec![seen("3", NOON)], Some("a")))
        .await;
    vendor
        .on(after("a"), page(vec![seen("2", NOON)], Some("b")))
        .await;
    vendor
        .on(after("b"), page(vec![seen("1", NOON)], None))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["3", "2", "1"]);
    assert!(batches[0].all_texts);
    let mut asked = vendor.questions().await;
    asked.retain(|question| question["tweet.fields"] != PRIVATE_FIELDS);
    let cursors: Vec<Option<String>> = asked
        .iter_mut()
        .map(|question| question.remove("pagination_token"))
        .collect();
    assert_eq!(cursors, [None, Some("a".to_owned()), Some("b".to_owned())]);
    assert_eq!(asked[1], asked[0]);
    assert_eq!(asked[2], asked[0]);
}

#[tokio::test]
async fn a_list_without_posts_is_empty_and_not_wrong() {
    let vendor = vendor().await;
    let body = json!({ "meta": { "result_count": 0 } });
    vendor.on(first(), ok(body)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), NONE);
    assert!(batches[0].counters.is_empty() && batches[0].gaps.is_empty());
    assert!(batches[0].all_texts, "there are none, which is known");
    assert_eq!(vendor.calls().await, 1, "nothing to ask more of");
}

#[tokio::test]
async fn an_empty_page_with_a_cursor_is_not_the_last() {
    let vendor = vendor().await;
    vendor.on(first(), page(Vec::new(), Some("a"))).await;
    vendor.on(after("a"), page(Vec::new(), Some("b"))).await;
    vendor
        .on(after("b"), page(vec![seen("1", NOON)], None))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "likes"), ["1 31"]);
    assert!(batches[0].all_texts);
}

#[tokio::test]
async fn an_empty_cursor_is_none() {
    let vendor = vendor().await;
    vendor
        .on(first(), page(vec![seen("1", NOON)], Some("")))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["1"]);
    assert!(batches[0].all_texts);
}

#[tokio::test]
async fn a_post_on_two_pages_counts_once_and_the_walk_goes_on() {
    let vendor = vendor().await;
    let two = vec![seen("3", NOON), seen("2", NOON)];
    vendor.on(first(), page(two, Some("a"))).await;
    // While it was read somebody wrote a post, and everything moved on by one.
    let moved = vec![seen("2", NOON), seen("1", NOON)];
    vendor.on(after("a"), page(moved, None)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["3", "2", "1"]);
    assert_eq!(counters(&batches, "likes"), ["3 31", "2 31", "1 31"]);
    assert!(batches[0].all_texts);
}

#[rstest]
#[case::the_same_cursor("a")]
#[case::another_cursor("b")]
#[tokio::test]
async fn pages_that_only_repeat_end_the_walk_and_what_is_missing_is_not_known(#[case] next: &str) {
    let vendor = vendor().await;
    vendor
        .on(first(), page(vec![seen("1", NOON)], Some("a")))
        .await;
    vendor
        .on(public_pass(), page(vec![seen("1", NOON)], Some(next)))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "likes"), ["1 31"]);
    assert!(!batches[0].all_texts, "others may still be there");
    let asked = vendor.questions().await;
    let pages = asked
        .iter()
        .filter(|question| question["tweet.fields"] != PRIVATE_FIELDS);
    assert_eq!(pages.count(), 2);
}

#[tokio::test]
async fn a_last_page_that_repeats_is_the_end_all_the_same() {
    let vendor = vendor().await;
    vendor
        .on(first(), page(vec![seen("1", NOON)], Some("a")))
        .await;
    vendor
        .on(after("a"), page(vec![seen("1", NOON)], None))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["1"]);
    assert!(batches[0].all_texts);
}

#[tokio::test]
async fn a_list_that_goes_round_for_ever_is_an_error() {
    let vendor = vendor().await;
    vendor.on(public_pass(), page(Vec::new(), Some("a"))).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: posts: ", "paging does not end"]);
    assert_eq!(vendor.calls().await, 2);
}

#[tokio::test]
async fn posts_of_others_alone_are_a_new_page_too() {
    let vendor = vendor().await;
    let repost = merged(
        seen("3", NOON),
        &json!({ "referenced_tweets": [{ "type": "retweeted", "id": "9" }] }),
    );
    vendor.on(first(), page(vec![repost], Some("a"))).await;
    vendor
        .on(after("a"), page(vec![seen("1", NOON)], None))
        .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(described(&batches), ["1"]);
}

#[tokio::test]
async fn a_page_that_fails_midway_fails_the_whole() {
    let vendor = vendor().await;
    vendor
        .on(first(), page(vec![seen("1", NOON)], Some("a")))
        .await;
    let broken = problem(503, "internal-error", &json!({}));
    vendor.on(after("a"), broken).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
}

#[tokio::test]
async fn a_serious_problem_beside_posts_fails_the_whole() {
    let vendor = vendor().await;
    let body = json!({
        "data": [seen("1", NOON)], "meta": { "result_count": 1 },
        "errors": [
            { "title": "Some Error", "type": "https://api.x.com/2/problems/resource-not-found" },
            { "title": "Field Hydration Failure", "detail": "Figures could not be read.",
                "type": "https://api.x.com/2/problems/field-hydration-failure" },
        ],
    });
    vendor.on(first(), ok(body)).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Transient);
    says(
        &error,
        &["x: posts: ", "Field Hydration Failure: Figures could not"],
    );
}

#[tokio::test]
async fn a_list_that_may_not_be_seen_at_all_is_no_empty_list() {
    let vendor = vendor().await;
    let body = json!({ "errors": [{
        "title": "Authorization Error", "detail": "Sorry, you are not authorized.",
        "type": "https://api.twitter.com/2/problems/not-authorized-for-resource",
    }] });
    vendor.on(first(), ok(body)).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    says(&error, &["Sorry, you are not authorized."]);
}

#[tokio::test]
async fn both_passes_walk_every_page() {
    let vendor = Vendor::start().await;
    let posts = vec![seen("2", NOON), seen("1", NOON)];
    vendor.on(public_pass(), page(posts, None)).await;
    let start = private_pass().and(query_param_is_missing("pagination_token"));
    vendor
        .on(start, page(vec![own("2", NOON)], Some("p")))
        .await;
    let rest = private_pass().and(query_param("pagination_token", "p"));
    vendor.on(rest, page(vec![own("1", NOON)], None)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "engagements"), ["2 88", "1 88"]);
}

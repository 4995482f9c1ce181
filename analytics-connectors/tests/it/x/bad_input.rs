//! Answers that are not as they should be.

use analytics_connectors::{Error, ErrorKind};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{
    ME_PATH, Vendor, counters, get, merged, ok, own, own_as, page, private_pass, profile,
    public_pass, says, seen, seen_as, totals, user,
};

/// In Tokyo on 20 November.
const NOON: &str = "2026-11-20T03:15:00.000Z";

/// The post's own public figures, one of them changed.
fn with(field: &str, value: Value) -> Value {
    let mut post = seen("77", NOON);
    post["public_metrics"][field] = value;
    post
}

fn without(field: &str) -> Value {
    let mut post = seen("77", NOON);
    let metrics = post["public_metrics"].as_object_mut().unwrap();
    metrics.remove(field).unwrap();
    post
}

async fn failed(post: Value) -> Error {
    let vendor = Vendor::with_posts(vec![seen("78", NOON), post], vec![own("77", NOON)]).await;
    vendor.snapshot().await.unwrap_err()
}

#[rstest]
#[case::impressions("impression_count")]
#[case::likes("like_count")]
#[case::replies("reply_count")]
#[case::reposts("retweet_count")]
#[case::quotes("quote_count")]
#[case::bookmarks("bookmark_count")]
#[tokio::test]
async fn no_figure_may_be_missing_or_null(#[case] field: &str) {
    for post in [without(field), with(field, json!(null))] {
        let error = failed(post).await;
        assert_eq!(error.kind, ErrorKind::Decode);
        let named = format!("`public_metrics.{field}` of the post 77 is missing");
        says(&error, &["x: posts: ", &named]);
    }
}

#[rstest]
#[case::word(json!("many"), "many")]
#[case::nothing(json!(""), "no whole number")]
#[case::a_part(json!(1.5), "no whole number")]
#[case::grouped(json!("1,234"), "1,234")]
#[case::too_large(json!(9_223_372_036_854_775_807_i64), "9223372036854775807")]
#[case::too_fine(json!("1.0000001"), "1.0000001")]
#[case::too_fine_a_number(json!(1.000_000_1), "1.0000001")]
#[tokio::test]
async fn a_figure_that_is_no_number_we_can_keep_names_its_field_and_post(
    #[case] value: Value,
    #[case] shown: &str,
) {
    let error = failed(with("like_count", value)).await;
    assert_eq!(error.kind, ErrorKind::Decode);
    let named = "`public_metrics.like_count` of the post 77 is no whole number";
    says(&error, &["x: posts: ", named, shown]);
}

#[rstest]
#[case::yes(json!(true), "boolean")]
#[case::list(json!([1]), "sequence")]
#[case::object(json!({ "value": 1 }), "map")]
#[tokio::test]
async fn a_figure_of_another_type_names_its_place(#[case] value: Value, #[case] found: &str) {
    let error = failed(with("like_count", value)).await;
    assert_eq!(error.kind, ErrorKind::Decode);
    let place = "`data[1].public_metrics.like_count` is not what was expected";
    says(&error, &["x: posts: ", place, found]);
}

#[tokio::test]
async fn figures_that_are_missing_everywhere_may_have_been_renamed() {
    let renamed = |id: &str| {
        let mut post = seen(id, NOON);
        let metrics = post["public_metrics"].take();
        post["engagement_metrics"] = metrics;
        post
    };
    let vendor = Vendor::with_posts(vec![renamed("2"), renamed("1")], Vec::new()).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(
        &error,
        &["x: posts: ", "`public_metrics`", "X may have renamed it"],
    );
}

#[rstest]
#[case::no_moment(json!({ "created_at": null }), "`created_at` of the post 77 is missing")]
#[case::no_figures(json!({ "public_metrics": null }), "`public_metrics` of the post 77 is missing")]
#[case::another_moment(json!({ "created_at": "yesterday" }), "`data[1].created_at`")]
#[case::a_day(json!({ "created_at": "2026-11-20" }), "`data[1].created_at`")]
#[case::seconds(json!({ "created_at": 1_795_000_000 }), "`data[1].created_at`")]
#[case::no_id(json!({ "id": null }), "`data[1].id`")]
#[case::a_number_for_an_id(json!({ "id": 77 }), "`data[1].id`")]
#[case::history(json!({ "edit_history_tweet_ids": "77" }), "`data[1].edit_history_tweet_ids`")]
#[case::references(json!({ "referenced_tweets": {} }), "`data[1].referenced_tweets`")]
#[case::text(json!({ "text": 5 }), "`data[1].text`")]
#[case::figures(json!({ "public_metrics": 5 }), "`data[1].public_metrics`")]
#[tokio::test]
async fn a_post_of_another_shape_names_the_place(#[case] more: Value, #[case] named: &str) {
    let error = failed(merged(seen("77", NOON), &more)).await;
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: posts: ", named]);
}

#[tokio::test]
async fn a_post_without_an_id_is_none() {
    let mut post = seen("77", NOON);
    post.as_object_mut().unwrap().remove("id");
    let error = failed(post).await;
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: posts: ", "missing field `id`"]);
}

#[rstest]
#[case::engagements("non_public_metrics", "engagements", json!(null), "is missing")]
#[case::profile_clicks("non_public_metrics", "user_profile_clicks", json!(null), "is missing")]
#[case::clicks("non_public_metrics", "url_link_clicks", json!("many"), "no whole number: `many`")]
#[case::organic("organic_metrics", "impression_count", json!(null), "is missing")]
#[case::organic_likes("organic_metrics", "like_count", json!("x"), "no whole number: `x`")]
#[case::organic_replies("organic_metrics", "reply_count", json!(null), "is missing")]
#[case::organic_reposts("organic_metrics", "retweet_count", json!(null), "is missing")]
#[tokio::test]
async fn a_group_of_private_figures_is_told_whole(
    #[case] group: &str,
    #[case] field: &str,
    #[case] value: Value,
    #[case] words: &str,
) {
    let mut post = own("77", NOON);
    post[group][field] = value;
    let vendor = Vendor::with_posts(vec![seen("77", NOON)], vec![post]).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    let named = format!("`{group}.{field}` of the post 77");
    says(&error, &["x: private figures of posts: ", &named, words]);
}

#[tokio::test]
async fn a_private_figure_of_another_type_names_its_place() {
    let post = own_as(
        "77",
        NOON,
        &json!({ "organic_metrics": { "like_count": [] } }),
    );
    let vendor = Vendor::with_posts(vec![seen("77", NOON)], vec![post]).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["`data[0].organic_metrics.like_count`"]);
}

#[tokio::test]
async fn what_is_not_known_is_ignored() {
    let mut post = seen_as(
        "1",
        NOON,
        &json!({ "lang": "ja", "author_id": "5", "withheld": { "country_codes": ["XY"] } }),
    );
    post["public_metrics"]["vote_count"] = json!("new");
    let mut private = own_as(
        "1",
        NOON,
        &json!({ "promoted_metrics": { "like_count": "odd" } }),
    );
    private["non_public_metrics"]["hovers"] = json!(null);
    let vendor = Vendor::start().await;
    let body = json!({ "data": [post], "includes": { "users": [{}] }, "shard": 5,
        "meta": { "result_count": 1, "newest_id": "1", "previous_token": "p" } });
    vendor.on(public_pass(), ok(body)).await;
    vendor.on(private_pass(), page(vec![private], None)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(totals(&batches, "1").len(), 13);
}

#[rstest]
#[case::html(
    "<html><body>Over capacity</body></html>",
    "the answer is no valid JSON"
)]
#[case::truncated(r#"{"data":[{"id":"1","created_"#, "ends in the middle")]
#[case::nothing("", "ends in the middle")]
#[case::a_list("[1]", "is not what was expected")]
#[case::null("null", "is not what was expected")]
#[case::data(r#"{"data":{"id":"1"}}"#, "`data` is not what was expected")]
#[case::null_data(r#"{"data":null}"#, "`data` is not what was expected")]
#[case::cursor(
    r#"{"meta":{"next_token":5}}"#,
    "`meta.next_token` is not what was expected"
)]
#[case::problems(r#"{"errors":{"a":1}}"#, "`errors` is not what was expected")]
#[tokio::test]
async fn an_answer_that_cannot_be_read_fails_the_slice_and_says_where(
    #[case] body: &str,
    #[case] named: &str,
) {
    let vendor = Vendor::start().await;
    let answer = ResponseTemplate::new(200).set_body_raw(body, "application/json");
    vendor.on(public_pass(), answer).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: posts: ", named]);
    assert_eq!(vendor.calls().await, 1, "asking again would not help");
}

#[rstest]
#[case::a_number(json!({ "id": 9_007_199_254_740_993_i64 }), "`data.id`")]
#[case::none(json!({ "id": null }), "`data.id`")]
#[case::name(json!({ "name": ["a"] }), "`data.name`")]
#[tokio::test]
async fn a_user_of_another_shape_is_an_error(#[case] more: Value, #[case] named: &str) {
    let vendor = Vendor::start().await;
    vendor.on(get(ME_PATH), ok(profile(&more))).await;
    let error = vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    says(&error, &["x: list accounts: ", named]);
}

#[tokio::test]
async fn a_figure_under_both_of_its_names_is_told_by_either() {
    let mut post = seen("1", NOON);
    post["public_metrics"]["repost_count"] = json!(4);
    post["edit_history_post_ids"] = json!(["1"]);
    let vendor = Vendor::with_posts(vec![post], vec![own("1", NOON)]).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "reposts"), ["1 4"]);
}

//! Posts as they are now.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{EntityRecord, Level};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use super::{PAGE_PROOF, POSTS, Vendor, vendor};
use crate::graph::{
    NONE, assert_says, counters, failure, fixture, get, page, posts, snapshot, too_much,
};

pub(super) const FIELDS: &str = "id,created_time,message,permalink_url,full_picture,\
    attachments{media_type,type},shares,reactions.summary(total_count).limit(0),\
    comments.summary(total_count).limit(0)";
const INSIGHTS: &str = "post_media_view,post_total_media_view_unique,post_clicks,post_video_views,\
    post_video_view_time";

/// The last day and the first day of publication of every snapshot here.
pub(super) fn request() -> FetchRequest {
    snapshot("posts", "2026-11-22", "2026-10-24")
}

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    vendor
        .on(get(POSTS), fixture("facebook_page", "posts"))
        .await;
    vendor
}

async fn with_posts(rows: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(POSTS), page(rows, None)).await;
    vendor
}

pub(super) fn post(id: &str, created_time: &str) -> Value {
    json!({ "id": id, "created_time": created_time })
}

pub(super) fn with(mut post: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        post[key] = value.clone();
    }
    post
}

pub(super) fn lifetime(name: &str, value: Value) -> Value {
    json!({ "data": [{ "name": name, "period": "lifetime", "values": [{ "value": value }] }] })
}

async fn entity(vendor: &Vendor, id: &str) -> EntityRecord {
    let batches = vendor.fetch(request()).await.unwrap();
    let mut entities = batches.into_iter().flat_map(|batch| batch.entities);
    entities.find(|entity| entity.external_id == id).unwrap()
}

#[rstest]
#[case::a_photo_has_no_video_views("1000200030004_502", &[
    "clicks_all 25", "comments 4", "engagements 44", "reach 300", "reactions 12", "shares 3",
    "views 410",
])]
#[case::a_video_that_nobody_shared("1000200030004_501", &[
    "clicks_all 2", "comments 1", "engagements 10", "reach 96", "reactions 7", "shares 0",
    "video_views 80", "video_watch_time 123.456", "views 120",
])]
#[case::published_after_the_day("1000200030004_503", &[])]
#[tokio::test]
async fn a_post_has_its_lifetime_totals(#[case] id: &str, #[case] expected: &[&str]) {
    let batches = recorded().await.fetch(request()).await.unwrap();
    assert_eq!(counters(&batches, id), expected);
}

#[tokio::test]
async fn every_post_is_told_even_one_that_has_no_totals_yet() {
    let batches = recorded().await.fetch(request()).await.unwrap();
    assert_eq!(
        posts(&batches),
        [
            "1000200030004_503",
            "1000200030004_502",
            "1000200030004_501"
        ]
    );
    assert!(batches.iter().all(|batch| batch.facts.is_empty()));
}

#[tokio::test]
async fn a_post_is_told_with_its_text_its_beginning_its_picture_its_type_and_its_time() {
    let found = entity(&recorded().await, "1000200030004_502").await;
    assert_eq!(
        (found.level, &found.parent_external_id),
        (Level::Post, &None)
    );
    assert_eq!(
        found.name.as_deref(),
        Some(
            "Autumn bread is here! Chestnut, pumpkin and fig: baked every morning from six, as \
             long as it lasts. Come by early, bring a friend, and tell…"
        )
    );
    assert_eq!(
        found.permalink.as_deref(),
        Some("https://www.facebook.com/998877/posts/502")
    );
    assert_eq!(
        found.thumbnail_url.as_deref(),
        Some("https://cdn.example.com/502.jpg?sig=1")
    );
    let details = found.post.unwrap();
    assert_eq!(details.kind.as_deref(), Some("photo"));
    assert_eq!(details.published_at.timestamp(), 1_795_186_800);
    let text = details.text.unwrap();
    assert!(
        text.starts_with("Autumn bread is here!\n\nChestnut"),
        "{text}"
    );
    assert!(text.ends_with("#autumn #bread"), "{text}");
}

#[tokio::test]
async fn a_post_without_text_and_attachment_is_a_status_without_a_name() {
    let rows = json!([with(
        post("5_1", "2026-11-20T15:00:00+0000"),
        &json!({ "message": "" })
    )]);
    let found = entity(&with_posts(rows).await, "5_1").await;
    assert_eq!((found.name, found.thumbnail_url), (None, None));
    let details = found.post.unwrap();
    assert_eq!(details.kind.as_deref(), Some("status"));
    assert_eq!(details.text, None);
}

#[tokio::test]
async fn a_video_without_views_has_zero_of_them() {
    let more = json!({
        "attachments": { "data": [{ "media_type": "video" }] },
        "insights": lifetime("post_video_views", json!(0)),
    });
    let rows = json!([with(post("5_1", "2026-11-20T15:00:00+0000"), &more)]);
    let batches = with_posts(rows).await.fetch(request()).await.unwrap();
    assert_eq!(counters(&batches, "5_1"), ["shares 0", "video_views 0"]);
}

#[tokio::test]
async fn engagements_are_only_told_where_all_their_parts_are() {
    let more = json!({
        "reactions": { "summary": { "total_count": 2 } },
        "comments": { "summary": { "total_count": 1 } },
    });
    let rows = json!([with(post("5_1", "2026-11-20T15:00:00+0000"), &more)]);
    let batches = with_posts(rows).await.fetch(request()).await.unwrap();
    assert_eq!(
        counters(&batches, "5_1"),
        ["comments 1", "reactions 2", "shares 0"]
    );
}

#[rstest]
#[case::the_last_second_of_the_day("2026-11-23T07:59:59+0000", true, true)]
#[case::the_first_of_the_next("2026-11-23T08:00:00+0000", true, false)]
#[case::the_first_second("2026-10-24T07:00:00+0000", true, true)]
#[case::the_last_before("2026-10-24T06:59:59+0000", false, false)]
#[case::told_in_local_time("2026-11-22T23:59:59-0800", true, true)]
#[tokio::test]
async fn posts_count_by_the_pacific_day_they_were_published(
    #[case] created_time: &str,
    #[case] told: bool,
    #[case] counted: bool,
) {
    let vendor = with_posts(json!([post("5_1", created_time)])).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(!posts(&batches).is_empty(), told);
    assert_eq!(!counters(&batches, "5_1").is_empty(), counted);
}

#[tokio::test]
async fn posts_are_asked_for_with_just_these_parameters() {
    let vendor = recorded().await;
    vendor.fetch(request()).await.unwrap();
    let fields = format!("{FIELDS},insights.metric({INSIGHTS}).period(lifetime)");
    let asked = vendor.asked(POSTS).await;
    let limits: Vec<&str> = asked.iter().map(|params| params.text("limit")).collect();
    // A single post first, to see whether all metrics are there still.
    assert_eq!(limits, ["1", "100"]);
    assert_eq!(
        asked[1].all(),
        [
            ("appsecret_proof", PAGE_PROOF),
            ("fields", fields.as_str()),
            ("limit", "100"),
            // Midnight of 24 October in California.
            ("since", "1792825200"),
        ]
    );
}

#[tokio::test]
async fn the_paging_of_a_posts_own_figures_is_not_followed() {
    let vendor = recorded().await;
    vendor.fetch(request()).await.unwrap();
    let paths: Vec<String> = vendor
        .requests()
        .await
        .iter()
        .map(|request| request.url.path().to_owned())
        .collect();
    assert_eq!(paths, [super::PAGE_PATH, POSTS, POSTS]);
}

#[tokio::test]
async fn a_post_that_moves_to_the_next_page_is_told_once_and_an_empty_page_is_not_the_end() {
    let vendor = vendor().await;
    let after = |cursor: &str| get(POSTS).and(query_param("after", cursor));
    let row = post("5_1", "2026-11-20T15:00:00+0000");
    let older = post("5_0", "2026-11-19T15:00:00+0000");
    vendor
        .on(
            get(POSTS).and(query_param_is_missing("after")),
            page(json!([row]), Some("QVFJ")),
        )
        .await;
    vendor
        .on(after("QVFJ"), page(json!([]), Some("QVFK")))
        .await;
    vendor
        .on(after("QVFK"), page(json!([row, older]), None))
        .await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["5_1", "5_0"]);
    assert_eq!(counters(&batches, "5_1"), ["shares 0"]);
    assert_eq!(vendor.asked(POSTS).await.len(), 4);
}

#[rstest]
#[case::in_words(too_much())]
#[case::by_subcode(failure(500, 1, Some(99), "An unknown error occurred"))]
#[case::as_code_500(failure(500, 500, None, "Please reduce the amount of data you're asking for"))]
#[tokio::test]
async fn a_list_that_is_too_much_is_asked_for_in_smaller_pages_down_to_ten(
    #[case] refused: ResponseTemplate,
) {
    let vendor = vendor().await;
    for limit in ["1", "10"] {
        let rows = json!([post("5_1", "2026-11-20T15:00:00+0000")]);
        vendor
            .on(
                get(POSTS).and(query_param("limit", limit)),
                page(rows, None),
            )
            .await;
    }
    vendor.on(get(POSTS), refused).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["5_1"]);
    let asked = vendor.asked(POSTS).await;
    let limits: Vec<&str> = asked.iter().map(|params| params.text("limit")).collect();
    assert_eq!(limits, ["1", "100", "50", "25", "12", "10"]);
}

#[tokio::test]
async fn a_list_that_is_too_much_in_the_smallest_pages_is_an_error() {
    let vendor = vendor().await;
    let fits = get(POSTS).and(query_param("limit", "1"));
    vendor.on(fits, page(json!([]), None)).await;
    vendor.on(get(POSTS), too_much()).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    assert_says(&error, &["facebook_page", "posts", "ask for less"]);
    assert_eq!(vendor.asked(POSTS).await.len(), 6);
}

#[rstest]
#[case::shares(json!({ "shares": { "count": "a few" } }), &["`shares`", "5_1", "a few"])]
#[case::reactions(
    json!({ "reactions": { "summary": { "total_count": 1e-7 } } }),
    &["`reactions`", "5_1"]
)]
#[case::figure(
    json!({ "insights": lifetime("post_clicks", json!("many")) }),
    &["`post_clicks`", "5_1", "many"]
)]
#[case::watch_time(
    json!({ "insights": lifetime("post_video_view_time", json!(0.0005)) }),
    &["`post_video_view_time`", "5_1", "digits"]
)]
#[case::time(json!({ "created_time": "yesterday" }), &["data[0].created_time"])]
#[case::no_time(json!({ "created_time": null }), &["data[0].created_time"])]
#[tokio::test]
async fn a_post_that_is_not_understood_fails_the_snapshot_and_says_where(
    #[case] more: Value,
    #[case] parts: &[&str],
) {
    let row = with(post("5_1", "2026-11-20T15:00:00+0000"), &more);
    let error = with_posts(json!([row]))
        .await
        .fetch(request())
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["facebook_page: posts"]);
    assert_says(&error, parts);
}

#[tokio::test]
async fn a_page_that_never_posted_has_no_posts() {
    let batches = with_posts(json!([])).await.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), NONE);
}

//! Posts, reels and stories as they are now.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::{EntityRecord, Level};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    Mock,
    matchers::{method, path_regex, query_param, query_param_is_missing},
};

use super::{MEDIA, STORIES, Vendor, vendor};
use crate::graph::{
    NONE, USER_PROOF, assert_says, counters, failure, fixture, get, ok, page, posts, snapshot,
    too_much,
};

const FIELDS: &str =
    "id,timestamp,caption,media_type,media_product_type,permalink,media_url,thumbnail_url";

/// The last day and the first day of publication of every snapshot here.
pub(super) fn request() -> FetchRequest {
    snapshot("posts", "2026-11-22", "2026-10-24")
}

/// A stand-in with these media, each with five likes.
pub(super) async fn with_media(rows: Value) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    vendor.on(get(MEDIA), page(rows, None)).await;
    likes(&vendor).await;
    vendor
}

pub(super) async fn likes(vendor: &Vendor) {
    let likes = json!({ "name": "likes", "period": "lifetime", "values": [{ "value": 5 }] });
    let every = Mock::given(method("GET")).and(path_regex(r"^/v26\.0/\d+/insights$"));
    vendor.on(every, ok(json!({ "data": [likes] }))).await;
}

pub(super) fn medium(id: &str, timestamp: &str) -> Value {
    json!({ "id": id, "timestamp": timestamp, "media_type": "IMAGE", "media_product_type": "FEED" })
}

pub(super) fn with(mut medium: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().unwrap() {
        medium[key] = value.clone();
    }
    medium
}

async fn recorded() -> Vendor {
    let vendor = vendor().await;
    for (edge, name) in [(STORIES, "stories"), (MEDIA, "media")] {
        vendor.on(get(edge), fixture("instagram", name)).await;
    }
    likes(&vendor).await;
    vendor
}

async fn entity(vendor: &Vendor, id: &str) -> EntityRecord {
    let batches = vendor.fetch(request()).await.unwrap();
    let mut entities = batches.into_iter().flat_map(|batch| batch.entities);
    entities.find(|entity| entity.external_id == id).unwrap()
}

#[tokio::test]
async fn stories_and_media_are_told_each_once_even_one_that_has_no_totals_yet() {
    let batches = recorded().await.fetch(request()).await.unwrap();
    assert_eq!(
        posts(&batches),
        // Two stories, then what is published after the day, a reel, a video, an album, a picture.
        [
            "1790001", "1790002", "1790007", "1790006", "1790005", "1790004", "1790003"
        ]
    );
    assert!(batches.iter().all(|batch| batch.facts.is_empty()));
}

#[rstest]
#[case::a_story("1790001", "story", Some("https://cdn.example.com/1.jpg"))]
#[case::a_story_in_moving_pictures("1790002", "story", Some("https://cdn.example.com/2-still.jpg"))]
#[case::a_picture("1790003", "image", Some("https://cdn.example.com/3.jpg"))]
#[case::an_album("1790004", "carousel", Some("https://cdn.example.com/4.jpg"))]
#[case::a_video("1790005", "video", Some("https://cdn.example.com/5-still.jpg"))]
#[case::a_reel_without_a_still("1790006", "reels", None)]
#[case::a_boosted_picture("1790007", "image", Some("https://cdn.example.com/7.jpg"))]
#[tokio::test]
async fn a_post_has_its_type_and_a_picture_that_is_never_a_video(
    #[case] id: &str,
    #[case] kind: &str,
    #[case] picture: Option<&str>,
) {
    let found = entity(&recorded().await, id).await;
    assert_eq!(found.thumbnail_url.as_deref(), picture);
    assert_eq!(found.post.unwrap().kind.as_deref(), Some(kind));
}

#[tokio::test]
async fn a_post_is_told_with_its_text_its_beginning_its_address_and_its_time() {
    let found = entity(&recorded().await, "1790003").await;
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
        Some("https://www.instagram.com/p/abc3/")
    );
    let details = found.post.unwrap();
    assert_eq!(details.published_at.timestamp(), 1_795_186_800);
    let text = details.text.unwrap();
    assert!(
        text.starts_with("Autumn bread is here!\n\nChestnut"),
        "{text}"
    );
    assert!(text.ends_with("#autumn #bread"), "{text}");
}

#[rstest]
#[case::none(json!({}))]
#[case::null(json!({ "caption": null }))]
#[case::empty(json!({ "caption": "" }))]
#[tokio::test]
async fn a_post_without_a_caption_has_no_name_and_no_text(#[case] more: Value) {
    let row = with(medium("1", "2026-11-20T15:00:00+0000"), &more);
    let found = entity(&with_media(json!([row])).await, "1").await;
    assert_eq!((found.name, found.post.unwrap().text), (None, None));
}

#[rstest]
#[case::the_last_second_of_the_day("2026-11-23T07:59:59+0000", true, true)]
#[case::the_first_of_the_next("2026-11-23T08:00:00+0000", true, false)]
#[case::the_first_second("2026-10-24T07:00:00+0000", true, true)]
#[case::the_last_before("2026-10-24T06:59:59+0000", false, false)]
#[case::told_with_a_colon("2026-11-22T23:59:59-08:00", true, true)]
#[tokio::test]
async fn posts_count_by_the_pacific_day_they_were_published(
    #[case] timestamp: &str,
    #[case] told: bool,
    #[case] counted: bool,
) {
    let vendor = with_media(json!([medium("1", timestamp)])).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(!posts(&batches).is_empty(), told);
    assert_eq!(!counters(&batches, "1").is_empty(), counted);
    let asked = vendor.asked("/v26.0/1/insights").await;
    assert_eq!(asked.len(), usize::from(counted));
}

#[tokio::test]
async fn lists_are_asked_for_with_just_these_parameters() {
    let vendor = with_media(json!([])).await;
    vendor.fetch(request()).await.unwrap();
    let proof = ("appsecret_proof", USER_PROOF);
    let (fields, limit) = (("fields", FIELDS), ("limit", "100"));
    assert_eq!(
        vendor.asked(STORIES).await[0].all(),
        [proof, fields, limit],
        "stories are of the last day anyway"
    );
    assert_eq!(
        vendor.asked(MEDIA).await[0].all(),
        // Midnight of 24 October in California.
        [proof, fields, limit, ("since", "1792825200")]
    );
    assert_eq!(vendor.requests().await.len(), 2);
}

#[tokio::test]
async fn a_list_is_read_no_further_than_the_first_older_post() {
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    let rows = json!([
        medium("2", "2026-10-24T15:00:00+0000"),
        medium("1", "2026-10-23T15:00:00+0000"),
    ]);
    vendor.on(get(MEDIA), page(rows, Some("QVFJ"))).await;
    likes(&vendor).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["2"]);
    assert_eq!(vendor.asked(MEDIA).await.len(), 1);
}

#[tokio::test]
async fn a_post_that_moves_to_the_next_page_is_told_once_and_an_empty_page_is_not_the_end() {
    let vendor = vendor().await;
    let after = |cursor: &str| get(MEDIA).and(query_param("after", cursor));
    let row = medium("2", "2026-11-20T15:00:00+0000");
    let older = medium("1", "2026-11-19T15:00:00+0000");
    vendor.on(get(STORIES), page(json!([row]), None)).await;
    vendor
        .on(
            get(MEDIA).and(query_param_is_missing("after")),
            page(json!([row]), Some("QVFJ")),
        )
        .await;
    vendor
        .on(after("QVFJ"), page(json!([]), Some("QVFK")))
        .await;
    vendor
        .on(after("QVFK"), page(json!([row, older]), None))
        .await;
    likes(&vendor).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["2", "1"]);
    assert_eq!(counters(&batches, "2"), ["likes 5"]);
    assert_eq!(vendor.asked(MEDIA).await.len(), 3);
    assert_eq!(vendor.asked("/v26.0/2/insights").await.len(), 1);
}

#[tokio::test]
async fn a_list_that_is_too_much_is_asked_for_in_smaller_pages_down_to_ten() {
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    let rows = json!([medium("1", "2026-11-20T15:00:00+0000")]);
    vendor
        .on(get(MEDIA).and(query_param("limit", "10")), page(rows, None))
        .await;
    vendor.on(get(MEDIA), too_much()).await;
    likes(&vendor).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["1"]);
    let asked = vendor.asked(MEDIA).await;
    let limits: Vec<&str> = asked.iter().map(|params| params.text("limit")).collect();
    assert_eq!(limits, ["100", "50", "25", "12", "10"]);
}

#[rstest]
#[case::time(json!({ "timestamp": "yesterday" }), "data[0].timestamp")]
#[case::no_time(json!({ "timestamp": null }), "data[0].timestamp")]
#[case::no_id(json!({ "id": null }), "data[0].id")]
#[tokio::test]
async fn a_post_that_is_not_understood_fails_the_snapshot_and_says_where(
    #[case] more: Value,
    #[case] named: &str,
) {
    let row = with(medium("1", "2026-11-20T15:00:00+0000"), &more);
    let vendor = with_media(json!([row])).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["instagram: posts: ", named]);
}

#[tokio::test]
async fn stories_that_cannot_be_listed_fail_the_snapshot_instead_of_being_left_out() {
    let vendor = vendor().await;
    let limited = failure(400, 80_002, None, "There have been too many calls");
    vendor.on(get(STORIES), limited).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
}

#[tokio::test]
async fn a_profile_that_never_posted_has_no_posts() {
    let vendor = with_media(json!([])).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), NONE);
}

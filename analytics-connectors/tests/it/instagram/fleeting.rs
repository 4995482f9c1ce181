//! Stories, read before they are gone.

use analytics_connectors::{ErrorKind, FetchRequest};
use analytics_core::model::FeedId;
use rstest::rstest;
use serde_json::json;

use super::{
    MEDIA, STORIES, Vendor,
    media::{medium, with, with_media},
    vendor,
};
use crate::graph::{NONE, USER_PROOF, assert_says, counters, day, failure, get, ok, page, posts};

fn request(feed: &str) -> FetchRequest {
    FetchRequest::Fleeting {
        feed: FeedId::from(feed),
        date: day("2026-11-22"),
    }
}

/// A stand-in with one story of this morning.
async fn with_story() -> Vendor {
    let vendor = vendor().await;
    let story = json!({ "media_product_type": "STORY" });
    let row = with(medium("1", "2026-11-22T16:30:00+0000"), &story);
    vendor.on(get(STORIES), page(json!([row]), None)).await;
    let views = json!({ "name": "views", "period": "lifetime", "values": [{ "value": 9 }] });
    let figures = ok(json!({ "data": [views] }));
    vendor.on(get("/v26.0/1/insights"), figures).await;
    vendor
}

#[tokio::test]
async fn only_stories_are_asked_for_and_those_of_the_running_day_are_counted() {
    let vendor = with_story().await;
    let batches = vendor.fetch(request("posts")).await.unwrap();
    assert_eq!(posts(&batches), ["1"]);
    assert_eq!(counters(&batches, "1"), ["views 9"]);
    assert!(vendor.asked(MEDIA).await.is_empty());
    let asked = vendor.asked(STORIES).await;
    assert_eq!(asked.len(), 1);
    let names: Vec<&str> = asked[0].all().iter().map(|(name, _)| *name).collect();
    assert_eq!(names, ["appsecret_proof", "fields", "limit"]);
    assert_eq!(asked[0].text("appsecret_proof"), USER_PROOF);
}

#[tokio::test]
async fn a_story_says_when_it_is_gone_and_what_stays_says_nothing() {
    let vendor = with_story().await;
    let batches = vendor.fetch(request("posts")).await.unwrap();
    let details = batches[0].entities[0].post.as_ref().unwrap();
    let ends_at = details.ends_at.unwrap();
    assert_eq!(ends_at.to_rfc3339(), "2026-11-23T16:30:00+00:00");

    let stays = with_media(json!([medium("2", "2026-11-22T16:30:00+0000")])).await;
    let batches = stays.fetch(super::media::request()).await.unwrap();
    let entity = batches.iter().flat_map(|batch| &batch.entities).next();
    assert_eq!(entity.unwrap().post.as_ref().unwrap().ends_at, None);
}

#[tokio::test]
async fn a_story_that_is_refused_says_nothing_of_the_profile() {
    let vendor = vendor().await;
    let story = json!({ "media_product_type": "STORY" });
    let row = with(medium("1", "2026-11-22T16:30:00+0000"), &story);
    vendor.on(get(STORIES), page(json!([row]), None)).await;
    let refused = "(#10) Application does not have permission for this action";
    vendor
        .on(get("/v26.0/1/insights"), failure(400, 10, None, refused))
        .await;
    let batches = vendor.fetch(request("posts")).await.unwrap();
    assert_eq!(posts(&batches), ["1"]);
    assert_eq!(counters(&batches, "1"), NONE);
}

#[tokio::test]
async fn stories_that_cannot_be_listed_are_an_error() {
    let vendor = vendor().await;
    let limited = failure(400, 80_002, None, "There have been too many calls");
    vendor.on(get(STORIES), limited).await;
    let error = vendor.fetch(request("posts")).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited { until: None });
}

#[rstest]
#[case::followers("profile")]
#[case::days("insights")]
#[case::nothing("stories")]
#[tokio::test]
async fn other_feeds_have_nothing_that_soon_is_gone(#[case] feed: &str) {
    let vendor = vendor().await;
    let error = vendor.fetch(request(feed)).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::InvalidRequest);
    assert_says(&error, &["instagram", &format!("`{feed}`")]);
    assert!(vendor.requests().await.is_empty());
}

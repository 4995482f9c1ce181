//! Lifetime totals of posts, reels and stories.

use analytics_connectors::ErrorKind;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    Mock, Request, Respond, ResponseTemplate,
    matchers::{method, path_regex},
};

use super::{
    MEDIA, STORIES, Vendor,
    media::{likes, medium, request, with, with_media},
    vendor,
};
use crate::graph::{
    NONE, Params, USER_PROOF, assert_says, counters, failure, fixture, get, ok, page, posts,
};

const PUBLISHED: &str = "2026-11-20T15:00:00+0000";
const FEED: &str =
    "views,reach,likes,comments,saved,shares,total_interactions,reposts,profile_visits,follows";
const REELS: &str = "views,reach,likes,comments,saved,shares,total_interactions,reposts,\
    ig_reels_video_view_total_time";
const STORY: &str =
    "views,reach,replies,shares,total_interactions,profile_visits,follows,link_clicks";

fn of_kind(id: &str, product: &str, kind: &str) -> Value {
    let more = json!({ "media_product_type": product, "media_type": kind });
    with(medium(id, PUBLISHED), &more)
}

fn at(id: &str) -> String {
    format!("/v26.0/{id}/insights")
}

/// A stand-in with these media, of which `1` is answered about with `response`.
async fn with_figures(rows: Value, response: ResponseTemplate) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    vendor.on(get(MEDIA), page(rows, None)).await;
    vendor.on(get(&at("1")), response).await;
    likes(&vendor).await;
    vendor
}

#[rstest]
#[case::picture("FEED", "IMAGE", FEED)]
#[case::album("FEED", "CAROUSEL_ALBUM", FEED)]
#[case::video("FEED", "VIDEO", FEED)]
#[case::boosted("AD", "IMAGE", FEED)]
#[case::reel("REELS", "VIDEO", REELS)]
#[case::story("STORY", "IMAGE", STORY)]
#[case::story_in_moving_pictures("STORY", "VIDEO", STORY)]
#[case::of_a_kind_yet_to_come("CAPSULE", "IMAGE", FEED)]
#[tokio::test]
async fn each_kind_is_asked_for_the_figures_it_has_and_for_nothing_else(
    #[case] product: &str,
    #[case] kind: &str,
    #[case] metrics: &str,
) {
    let vendor = with_media(json!([of_kind("1", product, kind)])).await;
    vendor.fetch(request()).await.unwrap();
    let asked = vendor.asked(&at("1")).await;
    assert_eq!(asked.len(), 1);
    assert_eq!(
        asked[0].all(),
        [("appsecret_proof", USER_PROOF), ("metric", metrics)]
    );
}

#[rstest]
#[case::picture("1790003", "media_insights_feed", &[
    "comments 4", "engagements 61", "follows 2", "likes 41", "profile_views 8", "reach 300",
    "reposts 0", "saves 9", "shares 7", "views 410",
])]
#[case::reel("1790006", "media_insights_reels", &[
    "comments 11", "engagements 265", "likes 214", "reach 1804", "reposts 3", "saves 25",
    "shares 12", "video_watch_time 9876.543", "views 2650",
])]
#[case::story("1790001", "media_insights_story", &[
    "engagements 5", "follows 1", "link_clicks 6", "profile_views 3", "reach 88", "replies 4",
    "shares 1", "views 97",
])]
#[tokio::test]
async fn a_post_has_its_exact_totals(
    #[case] id: &str,
    #[case] recorded: &str,
    #[case] expected: &[&str],
) {
    let vendor = vendor().await;
    for (edge, name) in [(STORIES, "stories"), (MEDIA, "media")] {
        vendor.on(get(edge), fixture("instagram", name)).await;
    }
    vendor
        .on(get(&at(id)), fixture("instagram", recorded))
        .await;
    likes(&vendor).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(counters(&batches, id), expected);
}

#[rstest]
#[case::as_the_only_value(json!({ "values": [{ "value": 12 }] }), &["likes 12"])]
#[case::as_a_total(json!({ "total_value": { "value": 12 } }), &["likes 12"])]
#[case::as_text(json!({ "values": [{ "value": "12" }] }), &["likes 12"])]
#[case::nobody(json!({ "values": [{ "value": 0 }] }), &["likes 0"])]
#[case::not_told(json!({ "values": [] }), &[])]
#[case::null(json!({ "values": [{ "value": null }] }), &[])]
#[tokio::test]
async fn a_total_is_read_wherever_it_stands_and_zero_is_one(
    #[case] told: Value,
    #[case] expected: &[&str],
) {
    let item = with(json!({ "name": "likes", "period": "lifetime" }), &told);
    let rows = json!([medium("1", PUBLISHED)]);
    let vendor = with_figures(rows, ok(json!({ "data": [item] }))).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(counters(&batches, "1"), expected);
}

#[rstest]
#[case::a_story_that_few_saw(10, None, "(#10) Not enough viewers for the media to show insights")]
#[case::too_few_people(10, Some(2_874_010), "(#10) Data is not available")]
#[case::too_few_people_as_code_100(100, Some(2_874_010), "(#100) Data is not available")]
#[case::not_there_or_not_seen(100, Some(33), "Unsupported get request")]
#[case::from_before_the_profile_was_professional(
    100,
    Some(2_108_006),
    "Media posted before business account conversion"
)]
#[tokio::test]
async fn a_post_that_has_no_figures_is_told_without_and_the_others_are_counted(
    #[case] code: i64,
    #[case] subcode: Option<i64>,
    #[case] message: &str,
) {
    let rows = json!([medium("1", PUBLISHED), medium("2", PUBLISHED)]);
    let vendor = with_figures(rows, failure(400, code, subcode, message)).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["1", "2"]);
    assert_eq!(counters(&batches, "1"), NONE);
    assert_eq!(counters(&batches, "2"), ["likes 5"]);
    assert_eq!(vendor.asked(&at("1")).await.len(), 1);
}

#[rstest]
#[case::permission(
    10,
    "(#10) Application does not have permission for this action",
    ErrorKind::PermissionDenied
)]
#[case::budget(80_002, "There have been too many calls", ErrorKind::RateLimited { until: None })]
#[case::parameter(100, "(#100) Invalid parameter", ErrorKind::InvalidRequest)]
#[case::token(190, "Error validating access token", ErrorKind::AuthExpired)]
#[tokio::test]
async fn any_other_error_fails_the_snapshot(
    #[case] code: i64,
    #[case] message: &str,
    #[case] kind: ErrorKind,
) {
    let rows = json!([medium("1", PUBLISHED)]);
    let vendor = with_figures(rows, failure(400, code, None, message)).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, kind);
    assert_says(
        &error,
        &["instagram: post insights: ", &format!("code {code}")],
    );
}

#[rstest]
#[case::permission(10, "(#10) Application does not have permission for this action")]
#[case::parameter(100, "(#100) Invalid parameter")]
#[tokio::test]
async fn a_single_post_that_is_refused_does_not_take_the_others_with_it(
    #[case] code: i64,
    #[case] message: &str,
) {
    let rows = json!([medium("1", PUBLISHED), medium("2", PUBLISHED)]);
    let vendor = with_figures(rows, failure(400, code, None, message)).await;
    let batches = vendor.fetch(request()).await.unwrap();
    assert_eq!(posts(&batches), ["1", "2"]);
    assert_eq!(counters(&batches, "1"), NONE);
    assert_eq!(counters(&batches, "2"), ["likes 5"]);
}

#[rstest]
#[case::budget(80_002, "There have been too many calls")]
#[case::token(190, "Error validating access token")]
#[tokio::test]
async fn a_post_that_is_refused_for_now_fails_the_snapshot_whatever_others_have(
    #[case] code: i64,
    #[case] message: &str,
) {
    let rows = json!([medium("2", PUBLISHED), medium("1", PUBLISHED)]);
    let vendor = with_figures(rows, failure(400, code, None, message)).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_says(&error, &["post insights", &format!("code {code}")]);
}

#[rstest]
#[case::no_number("likes", json!("many"), "many")]
#[case::finer_than_a_millionth("views", json!(0.0000001), "0.0000001")]
#[tokio::test]
async fn a_total_that_is_not_understood_fails_the_snapshot_and_names_post_and_field(
    #[case] field: &str,
    #[case] value: Value,
    #[case] named: &str,
) {
    let item = json!({ "name": field, "values": [{ "value": value }] });
    let rows = json!([medium("1", PUBLISHED)]);
    let vendor = with_figures(rows, ok(json!({ "data": [item] }))).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(
        &error,
        &[
            "instagram: post insights: ",
            &format!("`{field}` of 1 "),
            named,
        ],
    );
}

#[tokio::test]
async fn a_watch_time_finer_than_a_microsecond_fails_the_snapshot() {
    let item = json!({ "name": "ig_reels_video_view_total_time", "values": [{ "value": 0.0005 }] });
    let rows = json!([of_kind("1", "REELS", "VIDEO")]);
    let vendor = with_figures(rows, ok(json!({ "data": [item] }))).await;
    let error = vendor.fetch(request()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Decode);
    assert_says(&error, &["`ig_reels_video_view_total_time` of 1", "digits"]);
}

/// A vendor that refuses figures as Meta does for kinds of media that lack them.
struct Lacks {
    names: &'static [&'static str],
    words: fn(&[&str]) -> String,
}

impl Respond for Lacks {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let params = Params::of(request);
        let asked: Vec<&str> = params.text("metric").split(',').collect();
        if asked.iter().any(|name| self.names.contains(name)) {
            return failure(400, 100, None, &(self.words)(&asked));
        }
        ok(json!({ "data": [{ "name": "likes", "values": [{ "value": 5 }] }] }))
    }
}

async fn lacking(rows: Value, lacks: Lacks) -> Vendor {
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    vendor.on(get(MEDIA), page(rows, None)).await;
    Mock::given(method("GET"))
        .and(path_regex(r"^/v26\.0/\d+/insights$"))
        .respond_with(lacks)
        .mount(&vendor.server)
        .await;
    vendor
}

/// The metrics that were asked for of a post, call by call.
async fn asked_of(vendor: &Vendor, id: &str) -> Vec<String> {
    let asked = vendor.asked(&at(id)).await;
    asked
        .iter()
        .map(|params| params.text("metric").to_owned())
        .collect()
}

fn no_reposts(_: &[&str]) -> String {
    "(#100) The Media Insights API does not support the reposts metric for this media product type"
        .to_owned()
}

fn neither_visits_nor_follows(_: &[&str]) -> String {
    "(#100) The Media Insights API does not support the profile_visits, follows metric for this \
     media product type"
        .to_owned()
}

fn the_place_of_follows(asked: &[&str]) -> String {
    let at = asked.iter().position(|name| *name == "follows").unwrap();
    format!("(#100) metric[{at}] must be one of the following values: views, reach")
}

#[rstest]
#[case::one(
    "REELS",
    &["reposts"],
    no_reposts,
    "views,reach,likes,comments,saved,shares,total_interactions,ig_reels_video_view_total_time"
)]
#[case::two_at_once(
    "FEED",
    &["profile_visits", "follows"],
    neither_visits_nor_follows,
    "views,reach,likes,comments,saved,shares,total_interactions,reposts"
)]
#[case::by_its_place(
    "FEED",
    &["follows"],
    the_place_of_follows,
    "views,reach,likes,comments,saved,shares,total_interactions,reposts,profile_visits"
)]
#[tokio::test]
async fn a_figure_that_a_kind_lacks_is_left_out_from_then_on(
    #[case] product: &str,
    #[case] names: &'static [&'static str],
    #[case] words: fn(&[&str]) -> String,
    #[case] left: &str,
) {
    let rows = json!([
        of_kind("1", product, "VIDEO"),
        of_kind("2", product, "VIDEO")
    ]);
    let vendor = lacking(rows, Lacks { names, words }).await;
    for _ in 0..2 {
        let batches = vendor.fetch(request()).await.unwrap();
        assert_eq!(counters(&batches, "1"), ["likes 5"]);
        assert_eq!(counters(&batches, "2"), ["likes 5"]);
    }
    let first = asked_of(&vendor, "1").await;
    assert_eq!(first.len(), 3, "once in full, then twice without");
    assert_eq!(first[1..], [left, left]);
    assert_eq!(asked_of(&vendor, "2").await, [left, left]);
}

#[rstest]
#[case::counted_otherwise("REELS", "VIDEO")]
#[case::counted_alike("AD", "IMAGE")]
#[tokio::test]
async fn a_figure_that_one_kind_lacks_is_still_asked_for_of_another(
    #[case] product: &str,
    #[case] kind: &str,
) {
    let rows = json!([of_kind("1", product, kind), of_kind("2", "FEED", "IMAGE")]);
    let vendor = vendor().await;
    vendor.on(get(STORIES), page(json!([]), None)).await;
    vendor.on(get(MEDIA), page(rows, None)).await;
    let lacks = "(#100) The Media Insights API does not support the reposts metric for this media \
        product type";
    vendor
        .once(get(&at("1")), failure(400, 100, None, lacks))
        .await;
    likes(&vendor).await;
    vendor.fetch(request()).await.unwrap();
    assert_eq!(asked_of(&vendor, "1").await.len(), 2);
    assert_eq!(asked_of(&vendor, "2").await, [FEED]);
}

//! Figures that only the author sees, for a month.

use analytics_connectors::{Batch, ErrorKind};
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use super::{
    DATE, NONE, PRIVATE_FIELDS, Vendor, at, counters, gaps, map, merged, ok, own, own_as, page,
    private_pass, problem, public_pass, seen, seen_as, snapshot, totals,
};

/// In Tokyo on 20 November.
const NOON: &str = "2026-11-20T03:15:00.000Z";

const PRIVATE: [&str; 7] = [
    "engagements",
    "link_clicks",
    "x.profile_clicks",
    "x.impressions_organic",
    "x.likes_organic",
    "x.replies_organic",
    "x.reposts_organic",
];

/// What there is to tell where the platform tells nothing private.
fn all_gaps() -> Vec<String> {
    PRIVATE
        .iter()
        .map(|metric| format!("{metric} 2026-11-22..2026-11-22 not_supported"))
        .collect()
}

async fn answering(private: ResponseTemplate) -> Vendor {
    let vendor = Vendor::start().await;
    vendor
        .on(public_pass(), page(vec![seen("1", NOON)], None))
        .await;
    vendor.on(private_pass(), private).await;
    vendor
}

/// Only what everybody sees is known, and the rest is said to be missing.
fn has_only_public(batches: &[Batch]) {
    assert_eq!(totals(batches, "1").len(), 6);
    assert_eq!(counters(batches, "likes"), ["1 31"]);
    assert_eq!(gaps(batches), all_gaps());
}

#[tokio::test]
async fn the_author_sees_more() {
    let vendor = answering(page(vec![own("1", NOON)], None)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(
        totals(&batches, "1"),
        [
            "engagements 88",
            "impressions 2140",
            "likes 31",
            "link_clicks 19",
            "replies 2",
            "reposts 4",
            "saves 6",
            "x.impressions_organic 1640",
            "x.likes_organic 25",
            "x.profile_clicks 7",
            "x.quotes 1",
            "x.replies_organic 2",
            "x.reposts_organic 3",
        ]
    );
    assert_eq!(gaps(&batches), NONE);
}

#[rstest]
// 29 days before the 23rd in Tokyo, which is younger than 30 days less an hour.
#[case::evening("2026-11-23T12:00:00Z", "2026-10-24T15:00:00Z")]
#[case::just_in_time("2026-11-23T14:00:00Z", "2026-10-24T15:00:00Z")]
// Late at night the first of these days is older than the platform tells.
#[case::night("2026-11-23T14:59:00Z", "2026-10-24T15:59:00Z")]
#[case::late_by_days("2026-11-26T01:02:03Z", "2026-10-27T02:02:03Z")]
#[tokio::test]
async fn the_second_question_reaches_no_further_than_the_platform_tells(
    #[case] now: &str,
    #[case] start: &str,
) {
    let vendor = answering(page(vec![own("1", NOON)], None)).await;
    vendor.clock.set(at(now));
    vendor.snapshot().await.unwrap();
    let asked = vendor.questions().await;
    assert_eq!(asked.len(), 2);
    assert_eq!(
        asked[1],
        map(&[
            ("max_results", "100"),
            ("exclude", "retweets"),
            ("tweet.fields", PRIVATE_FIELDS),
            ("start_time", start),
        ])
    );
}

#[tokio::test]
async fn nobody_pays_for_posts_that_were_not_asked_about() {
    let vendor = answering(page(vec![own("1", NOON)], None)).await;
    let request = snapshot("posts", DATE, "2026-11-16");
    vendor.fetch(request).await.unwrap();
    let starts: Vec<String> = vendor
        .questions()
        .await
        .into_iter()
        .map(|question| question["start_time"].clone())
        .collect();
    assert_eq!(starts, ["2026-11-15T15:00:00Z", "2026-11-15T15:00:00Z"]);
}

#[tokio::test]
async fn a_post_is_told_about_for_four_weeks_and_not_a_day_longer() {
    // The first moment of 25 October in Tokyo, and the last of the 24th.
    let (young, old) = ("2026-10-24T15:00:00.000Z", "2026-10-24T14:59:59.000Z");
    let vendor = Vendor::with_posts(
        vec![seen("2", young), seen("1", old)],
        vec![own("2", young), own("1", old)],
    )
    .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "likes"), ["2 31", "1 31"]);
    assert_eq!(counters(&batches, "engagements"), ["2 88"]);
    assert_eq!(counters(&batches, "x.likes_organic"), ["2 25"]);
    assert_eq!(gaps(&batches), NONE);
}

#[rstest]
#[case::too_old("2026-10-24T14:59:59.000Z")]
#[case::of_today("2026-11-22T15:00:00.000Z")]
#[tokio::test]
async fn without_a_post_of_the_right_age_there_is_no_second_question(#[case] created_at: &str) {
    let vendor = Vendor::with_posts(vec![seen("1", created_at)], Vec::new()).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(vendor.calls().await, 1);
    assert_eq!(gaps(&batches), NONE);
}

#[tokio::test]
async fn a_post_of_today_has_no_private_totals_yet_either() {
    let today = "2026-11-22T15:00:00.000Z";
    let vendor = Vendor::with_posts(
        vec![seen("2", today), seen("1", NOON)],
        vec![own("2", today), own("1", NOON)],
    )
    .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "engagements"), ["1 88"]);
}

#[tokio::test]
async fn a_post_without_a_link_has_no_clicks_on_one_and_not_zero() {
    let without = json!({ "non_public_metrics": { "impression_count": 5, "engagements": 0,
        "user_profile_clicks": 0 } });
    let zero = json!({ "non_public_metrics": { "engagements": 0, "url_link_clicks": 0,
        "user_profile_clicks": 0 } });
    let vendor = Vendor::with_posts(
        vec![seen("2", NOON), seen("1", NOON)],
        vec![own_as("2", NOON, &without), own_as("1", NOON, &zero)],
    )
    .await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "engagements"), ["2 0", "1 0"]);
    assert_eq!(counters(&batches, "link_clicks"), ["1 0"]);
    assert_eq!(gaps(&batches), NONE);
}

#[tokio::test]
async fn the_new_names_are_understood_here_too() {
    let new = json!({ "id": "12", "created_at": NOON, "edit_history_post_ids": ["11", "12"],
        "organic_metrics": { "impression_count": 9, "like_count": 8, "reply_count": 7,
            "repost_count": 6 } });
    let edited = seen_as(
        "12",
        NOON,
        &json!({ "edit_history_tweet_ids": ["11", "12"] }),
    );
    let vendor = Vendor::with_posts(vec![edited], vec![new]).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "x.reposts_organic"), ["11 6"]);
    assert_eq!(counters(&batches, "x.impressions_organic"), ["11 9"]);
    assert_eq!(counters(&batches, "engagements"), NONE);
}

#[rstest]
#[case::not_enrolled(problem(403, "client-forbidden", &json!({ "reason": "client-not-enrolled" })))]
#[case::of_another_kind(problem(403, "client-forbidden", &json!({ "reason": "official-client-forbidden" })))]
#[case::field(problem(403, "not-authorized-for-field", &json!({})))]
#[case::resource(problem(403, "not-authorized-for-resource", &json!({})))]
#[case::login(problem(403, "unsupported-authentication", &json!({})))]
#[tokio::test]
async fn an_app_that_may_not_see_them_keeps_what_everybody_sees(#[case] refused: ResponseTemplate) {
    let vendor = answering(refused).await;
    let batches = vendor.snapshot().await.unwrap();
    has_only_public(&batches);
    assert!(batches[0].all_texts);
}

fn not_for_this_field(id: &str) -> Value {
    json!({
        "resource_id": id, "resource_type": "tweet", "parameter": "non_public_metrics",
        "field": "non_public_metrics", "section": "data", "title": "Field Authorization Error",
        "detail": "not allowed to read this field",
        "type": "https://api.twitter.com/2/problems/not-authorized-for-field",
    })
}

#[tokio::test]
async fn a_field_that_is_withheld_of_one_post_is_told_of_the_others() {
    let withheld = json!({ "id": "1", "created_at": NOON, "edit_history_tweet_ids": ["1"] });
    let body = json!({ "data": [own("2", NOON), withheld], "errors": [not_for_this_field("1")],
        "meta": { "result_count": 2 } });
    let vendor = Vendor::start().await;
    let posts = vec![seen("2", NOON), seen("1", NOON)];
    vendor.on(public_pass(), page(posts, None)).await;
    vendor.on(private_pass(), ok(body)).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(counters(&batches, "engagements"), ["2 88"]);
    assert_eq!(counters(&batches, "likes"), ["2 31", "1 31"]);
    assert_eq!(gaps(&batches), NONE);
}

#[rstest]
#[case::of_every_post(json!({
    "data": [{ "id": "1", "created_at": NOON, "edit_history_tweet_ids": ["1"] }],
    "errors": [not_for_this_field("1")], "meta": { "result_count": 1 },
}))]
#[case::with_the_posts_left_out(json!({
    "errors": [not_for_this_field("1")], "meta": { "result_count": 0 },
}))]
#[case::with_nothing_else(json!({ "errors": [not_for_this_field("1")] }))]
#[case::without_a_word(json!({ "meta": { "result_count": 0 } }))]
#[tokio::test]
async fn fields_that_are_withheld_altogether_are_gaps(#[case] body: Value) {
    let vendor = answering(ok(body)).await;
    has_only_public(&vendor.snapshot().await.unwrap());
}

#[rstest]
#[case::credits(
    problem(402, "credits", &json!({ "title": "CreditsDepleted" })),
    ErrorKind::Unavailable
)]
#[case::cap(
    problem(403, "credits", &json!({ "title": "SpendCapReached" })),
    ErrorKind::Unavailable
)]
#[case::quota(
    problem(429, "usage-capped", &json!({ "period": "Monthly" })),
    ErrorKind::Unavailable
)]
#[case::failure(problem(500, "internal-error", &json!({})), ErrorKind::Transient)]
#[case::token(problem(401, "about", &json!({})), ErrorKind::AuthExpired)]
#[case::nonsense(ResponseTemplate::new(200).set_body_raw("<html>", "text/html"), ErrorKind::Decode)]
#[tokio::test]
async fn any_other_failure_fails_the_whole_and_makes_no_gap(
    #[case] answer: ResponseTemplate,
    #[case] kind: ErrorKind,
) {
    let vendor = answering(answer).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, kind);
    super::says(&error, &["x: private figures of posts: "]);
}

#[tokio::test]
async fn a_missing_plan_for_posts_themselves_is_the_operators_matter() {
    let vendor = Vendor::start().await;
    let refused = problem(
        403,
        "client-forbidden",
        &json!({ "reason": "client-not-enrolled" }),
    );
    vendor.on(public_pass(), refused).await;
    let error = vendor.snapshot().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    super::says(&error, &["[client-not-enrolled]", "developer console"]);
}

#[tokio::test]
async fn a_post_that_only_its_author_sees_is_none() {
    let more = merged(own("9", NOON), &json!({ "text": "A moment later" }));
    let vendor = Vendor::with_posts(vec![seen("1", NOON)], vec![more, own("1", NOON)]).await;
    let batches = vendor.snapshot().await.unwrap();
    assert_eq!(totals(&batches, "9"), NONE);
    assert_eq!(counters(&batches, "engagements"), ["1 88"]);
}

//! What reading is billed.

use analytics_connectors::Connector;
use analytics_core::model::Millionths;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::{
    ResponseTemplate,
    matchers::{query_param, query_param_is_missing},
};

use super::{
    DATE, ME_PATH, SINCE, USER, USER_PATH, Vendor, at, counting_pass, day, get, merged, ok, own,
    page, private_pass, problem, profile, profile_with_posts, public_pass, seen, snapshot, user,
};

/// In Tokyo on 20 November.
const NOON: &str = "2026-11-20T03:15:00.000Z";

/// What was billed since this was last asked: `day kind count amount`, sorted.
fn billed(connector: &dyn Connector, account: &str) -> Vec<String> {
    let charges = connector.ledger().unwrap().take(account);
    let mut billed: Vec<String> = charges
        .iter()
        .map(|one| format!("{} {} {} {}", one.day, one.kind, one.count, one.amount))
        .collect();
    billed.sort();
    billed
}

fn of(vendor: &Vendor) -> Vec<String> {
    billed(vendor.connector.as_ref(), USER)
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn a_post_is_billed_once_however_often_it_is_read_on_a_day() {
    let vendor = Vendor::with_posts(
        vec![seen("3", NOON), seen("2", NOON), seen("1", NOON)],
        vec![own("3", NOON), own("2", NOON), own("1", NOON)],
    )
    .await;
    vendor.snapshot().await.unwrap();
    assert_eq!(of(&vendor), ["2026-11-23 post 3 0.015"]);
    assert_eq!(of(&vendor), NOTHING, "what was told is not told again");
    // The other feed of the same day: one post more, and the profile.
    let counted = |id: &str| json!({ "id": id, "text": "Text", "created_at": NOON });
    let listed = vec![counted("4"), counted("3"), counted("2")];
    vendor.on(counting_pass(), page(listed, None)).await;
    vendor.on(get(USER_PATH), profile_with_posts(3)).await;
    vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        of(&vendor),
        ["2026-11-23 post 1 0.005", "2026-11-23 user 1 0.01"]
    );
    vendor.snapshot().await.unwrap();
    assert_eq!(of(&vendor), NOTHING);
}

#[tokio::test]
async fn days_of_the_bill_are_in_utc() {
    let vendor = Vendor::with_posts(vec![seen("1", NOON)], vec![own("1", NOON)]).await;
    // In Tokyo a day later already.
    vendor.clock.set(at("2026-11-22T23:59:59Z"));
    vendor.snapshot().await.unwrap();
    vendor.clock.set(at("2026-11-23T00:00:00Z"));
    vendor.snapshot().await.unwrap();
    vendor.snapshot().await.unwrap();
    assert_eq!(
        of(&vendor),
        ["2026-11-22 post 1 0.005", "2026-11-23 post 1 0.005"]
    );
}

#[tokio::test]
async fn whatever_is_returned_is_billed_though_it_be_of_no_use() {
    let repost = merged(
        seen("2", NOON),
        &json!({ "referenced_tweets": [{ "type": "retweeted", "id": "9" }] }),
    );
    let today = seen("3", "2026-11-23T03:00:00.000Z");
    let vendor = Vendor::with_posts(vec![today, repost], Vec::new()).await;
    vendor.snapshot().await.unwrap();
    assert_eq!(of(&vendor), ["2026-11-23 post 2 0.01"]);
}

#[tokio::test]
async fn versions_of_a_post_are_billed_by_the_id_they_came_with() {
    let newest = merged(
        seen("12", NOON),
        &json!({ "edit_history_tweet_ids": ["11", "12"] }),
    );
    let vendor = Vendor::with_posts(vec![newest, seen("11", NOON)], Vec::new()).await;
    vendor.snapshot().await.unwrap();
    assert_eq!(of(&vendor), ["2026-11-23 post 2 0.01"]);
}

#[rstest]
#[case::broken(ResponseTemplate::new(500))]
#[case::limited(problem(429, "rate-limit-exceeded", &json!({})))]
#[case::no_credits(problem(402, "credits", &json!({})))]
#[case::refused(problem(403, "not-authorized-for-resource", &json!({})))]
#[tokio::test]
async fn what_failed_costs_nothing(#[case] answer: ResponseTemplate) {
    let vendor = Vendor::start().await;
    vendor.on(public_pass(), answer.clone()).await;
    vendor.on(get(USER_PATH), answer).await;
    vendor.snapshot().await.unwrap_err();
    vendor
        .fetch(snapshot("profile", DATE, SINCE))
        .await
        .unwrap_err();
    assert_eq!(of(&vendor), NOTHING);
    assert_eq!(billed(vendor.connector.as_ref(), ""), NOTHING);
}

#[tokio::test]
async fn a_user_who_is_not_there_costs_nothing() {
    let vendor = Vendor::start().await;
    let body = json!({ "errors": [{ "title": "Not Found Error",
        "type": "https://api.x.com/2/problems/resource-not-found" }] });
    vendor.on(get(ME_PATH), ok(body)).await;
    vendor.connector.list_accounts(&user()).await.unwrap_err();
    assert_eq!(of(&vendor), NOTHING);
    assert_eq!(billed(vendor.connector.as_ref(), ""), NOTHING);
}

#[tokio::test]
async fn what_was_read_before_a_failure_is_billed() {
    let vendor = Vendor::start().await;
    let first = public_pass().and(query_param_is_missing("pagination_token"));
    let posts = vec![seen("2", NOON), seen("1", NOON)];
    vendor.on(first, page(posts, Some("a"))).await;
    let second = public_pass().and(query_param("pagination_token", "a"));
    vendor.on(second, ResponseTemplate::new(503)).await;
    vendor.snapshot().await.unwrap_err();
    assert_eq!(of(&vendor), ["2026-11-23 post 2 0.01"]);
}

#[tokio::test]
async fn a_profile_is_billed_once_a_day_to_the_account_it_is_of() {
    let vendor = Vendor::start().await;
    vendor.on(get(ME_PATH), ok(profile(&json!({})))).await;
    vendor.on(get(USER_PATH), ok(profile(&json!({})))).await;
    vendor.connector.list_accounts(&user()).await.unwrap();
    let request = || snapshot("profile", DATE, SINCE);
    vendor.fetch(request()).await.unwrap();
    vendor.fetch(request()).await.unwrap();
    assert_eq!(of(&vendor), ["2026-11-23 user 1 0.01"]);
    assert_eq!(billed(vendor.connector.as_ref(), ""), NOTHING);
}

#[tokio::test]
async fn prices_are_the_operators() {
    let vendor = Vendor::with(|config| {
        config.post_price = Millionths(1_000);
        config.user_price = Millionths(0);
    })
    .await;
    vendor.lists(vec![seen("1", NOON)], Vec::new()).await;
    vendor.on(get(USER_PATH), ok(profile(&json!({})))).await;
    vendor.snapshot().await.unwrap();
    vendor
        .fetch(snapshot("profile", DATE, SINCE))
        .await
        .unwrap();
    assert_eq!(
        of(&vendor),
        ["2026-11-23 post 1 0.001", "2026-11-23 user 1 0"]
    );
}

#[tokio::test]
async fn a_month_is_expected_to_cost_what_its_posts_need() {
    let vendor = Vendor::start().await;
    let today = day("2026-11-23");
    let expected = |published: &[&str]| {
        let published: Vec<_> = published.iter().map(|date| day(date)).collect();
        vendor
            .connector
            .expected_month(&published, today)
            .to_string()
    };
    assert_eq!(expected(&[]), "0.3", "the profile, every day");
    // Every day for a month, every week for three, every four weeks for a year, then no more.
    assert_eq!(expected(&["2026-11-22"]), "0.45");
    assert_eq!(expected(&["2026-10-24"]), "0.45");
    assert_eq!(expected(&["2026-10-23"]), "0.321428");
    assert_eq!(expected(&["2026-08-25"]), "0.321428");
    assert_eq!(expected(&["2026-08-24"]), "0.305357");
    assert_eq!(expected(&["2025-11-23"]), "0.305357");
    assert_eq!(expected(&["2025-11-22"]), "0.3");
    assert_eq!(expected(&["2026-11-22", "2026-11-22"]), "0.6");
    // Posts that are not out yet cost nothing.
    assert_eq!(expected(&["2026-11-24"]), "0.3");
}

#[tokio::test]
async fn the_cap_of_the_operator_is_told() {
    let cap = |vendor: &Vendor| {
        let pricing = vendor.connector.descriptor().pricing;
        pricing.unwrap().monthly_cap
    };
    assert_eq!(cap(&Vendor::start().await), None);
    let vendor = Vendor::with(|config| config.monthly_cap = Some(Millionths(5_000_000))).await;
    assert_eq!(cap(&vendor), Some(Millionths(5_000_000)));
}

#[tokio::test]
async fn the_last_look_for_older_posts_costs_no_more_than_it_shows() {
    let vendor = Vendor::start().await;
    let counted = |id: &str| -> Value { json!({ "id": id, "text": "Text", "created_at": NOON }) };
    let range = counting_pass().and(query_param("max_results", "100"));
    vendor.on(range, page(vec![counted("9")], None)).await;
    let look = counting_pass().and(query_param("max_results", "5"));
    let shown = ["5", "4", "3", "2", "1"].map(counted).to_vec();
    vendor.on(look, page(shown, Some("more"))).await;
    vendor.on(get(USER_PATH), profile_with_posts(10_000)).await;
    vendor.on(private_pass(), page(Vec::new(), None)).await;
    vendor.count("2026-11-18", "2026-11-20").await.unwrap();
    assert_eq!(
        of(&vendor),
        ["2026-11-23 post 6 0.03", "2026-11-23 user 1 0.01"]
    );
}

use chrono::Duration;
use rstest::rstest;
use serde_json::{Value, json};

use super::{X, seconds, tail};

#[rstest]
#[case("max_results", "4")]
#[case("max_results", "101")]
#[case("max_results", "many")]
#[case("start_time", "2026-11-01")]
#[case("start_time", "2026-11-01T00:00:00+09:00")]
#[case("end_time", "2026-11-01T00:00:00.000Z")]
#[case("end_time", "2026-02-30T00:00:00Z")]
#[case("since_id", "-1")]
#[case("until_id", "12x")]
#[case("exclude", "quotes")]
#[case("pagination_token", "7140dibdnow0011")]
#[case("pagination_token", "next")]
#[case("ids", "1")]
#[case("granularity", "daily")]
#[case("tweet.fields", "")]
#[tokio::test]
async fn wrong_parameters_are_named(#[case] name: &str, #[case] value: &str) {
    let x = X::start().await;
    let refused = x.page(0, &[(name, value)]).await;
    assert_eq!(
        (refused.status, tail(&refused.body)),
        (400, "invalid-request")
    );
    let error = &refused.body["errors"][0];
    assert_eq!(error["parameters"], json!({ name: [value] }));
    assert!(refused.headers.contains_key("x-rate-limit-reset"));
}

#[tokio::test]
async fn a_range_does_not_end_before_it_starts() {
    let x = X::start().await;
    let (early, late) = (seconds(x.now() - Duration::days(3)), seconds(x.now()));
    let backwards = [("start_time", &*late), ("end_time", &*early)];
    assert_eq!(x.page(0, &backwards).await.status, 400);
    let forwards = [("start_time", &*early), ("end_time", &*late)];
    assert_eq!(x.page(0, &forwards).await.status, 200);
}

#[tokio::test]
async fn a_cursor_is_good_for_one_user() {
    let x = X::start().await;
    let next = x.page(0, &[]).await.body["meta"]["next_token"].clone();
    let next = [("pagination_token", next.as_str().unwrap())];
    assert_eq!(x.page(0, &next).await.status, 200);
    assert_eq!(x.page(1, &next).await.status, 400);
}

#[tokio::test]
async fn lookups_take_one_to_a_hundred_ids() {
    let x = X::start().await;
    let hundred = vec!["1"; 100].join(",");
    assert_eq!(x.get("tweets", &[("ids", &hundred)]).await.status, 200);
    for wrong in [format!("{hundred},1"), "a".to_owned(), "1,,2".to_owned()] {
        let refused = x.get("tweets", &[("ids", &wrong)]).await;
        assert_eq!(
            (refused.status, tail(&refused.body)),
            (400, "invalid-request")
        );
    }
    assert_eq!(x.get("tweets", &[]).await.status, 400);
}

#[rstest]
#[case("tweets/analytics")]
#[case("users/by")]
#[case("insights/28hr")]
#[case("users/me/tweets/x")]
#[tokio::test]
async fn there_is_nothing_else(#[case] path: &str) {
    let x = X::start().await;
    let missing = x.get(path, &[]).await;
    let expected = if path == "users/by" { 400 } else { 404 };
    assert_eq!(missing.status, expected);
}

#[tokio::test]
async fn nothing_can_be_written_and_nobody_is_unknown() {
    let x = X::start().await;
    let url = format!("{}/2/tweets", x.caller.env("ANALYTICS_X_BASE_URL"));
    let post = x.caller.http.post(url).bearer_auth(&x.users[0].token);
    assert_eq!(post.send().await.unwrap().status(), 404);
    for path in ["users/999", "users/999/tweets"] {
        let missing = x.get(path, &[]).await;
        assert_eq!(
            (missing.status, tail(&missing.body)),
            (404, "resource-not-found")
        );
    }
}

#[tokio::test]
async fn without_a_token_nothing_is_told() {
    let x = X::start().await;
    let expected = json!({
        "title": "Unauthorized", "type": "about:blank", "status": 401, "detail": "Unauthorized",
    });
    // A token of another platform opens nothing either.
    let others = x.caller.simulator.accounts();
    for token in ["", "unknown", &others[0].token] {
        let refused = x.get_as(token, "users/me", &[]).await;
        assert_eq!((refused.status, &refused.body), (401, &expected));
        assert_eq!(refused.headers["x-rate-limit-limit"], "75");
    }
    assert_ne!(x.get("users/me", &[]).await.body, Value::Null);
}

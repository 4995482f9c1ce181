use serde_json::{Value, json};

use super::Caller;

impl Caller {
    async fn control(&self, path: &str) -> Value {
        let text = self
            .http
            .get(self.url(path))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

#[tokio::test]
async fn the_clock_can_be_read_and_set() {
    let caller = Caller::start().await;
    assert_eq!(
        caller.control("/_clock").await["now"],
        "2026-11-23T03:00:00Z"
    );
    let set = caller
        .http
        .post(caller.url("/_clock"))
        .body(json!({"now": "2026-12-01T00:00:00Z"}).to_string());
    assert_eq!(set.send().await.unwrap().status(), 200);
    assert_eq!(
        caller.control("/_clock").await["now"],
        "2026-12-01T00:00:00Z"
    );
    let bad = caller
        .http
        .post(caller.url("/_clock"))
        .body("{\"now\": \"tomorrow\"}");
    assert_eq!(bad.send().await.unwrap().status(), 422);
}

#[tokio::test]
async fn time_brings_new_days() {
    let caller = Caller::start().await;
    let range = [
        (
            "time_range",
            r#"{"since":"2026-11-20","until":"2026-12-31"}"#,
        ),
        ("time_increment", "1"),
        ("limit", "100"),
    ];
    let before = caller.insights(&range).await.rows().len();
    caller
        .simulator
        .clock()
        .set("2026-12-11T03:00:00Z".parse().unwrap());
    let after = caller.insights(&range).await.rows().len();
    assert_eq!(before, 4, "three whole days and a part of today");
    assert!(after > before + 12, "{after} days");
}

#[tokio::test]
async fn accounts_settings_calls_and_truth_are_told() {
    let caller = Caller::start().await;
    let accounts = caller.control("/_accounts").await;
    let of = |platform: &str| {
        let accounts = accounts.as_array().unwrap().iter();
        accounts
            .filter(|account| account["platform"] == platform)
            .count()
    };
    // One page, and so its profile, is not the user's to read.
    assert_eq!(
        (of("facebook_ads"), of("facebook_page"), of("instagram")),
        (3, 2, 2)
    );
    let first = &accounts[0];
    assert_eq!(first["platform"], "facebook_ads");
    assert!(first["via"].is_null() && first["token_secret"].is_null());
    let env = caller.control("/_env").await;
    let base = env["ANALYTICS_FACEBOOK_ADS_BASE_URL"].as_str().unwrap();
    assert!(base.starts_with("http://localhost:"), "{base}");
    let url = format!("{base}/v26.0/me/adaccounts");
    let token = first["token"].as_str().unwrap();
    assert_eq!(
        caller
            .http
            .get(url)
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .status(),
        200
    );
    let calls = caller.control("/_calls").await;
    assert_eq!(calls[0]["route"], "GET /meta/{version}/me/adaccounts");
    assert_eq!(
        (calls[0]["status"].as_i64(), calls[0]["count"].as_i64()),
        (Some(200), Some(1))
    );
    let account = first["account"].as_str().unwrap();
    let truth = async |query: &str| {
        let url = caller.url(&format!("/_truth/facebook_ads/{account}?{query}"));
        caller
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    };
    let lines = truth("level=account&metric=spend&start=2026-10-01&end=2026-10-03").await;
    let rows: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0]["date"], "2026-10-01");
    assert_eq!(rows[0]["entity"], account);
    assert!(rows[0]["value"].is_string());
    let window = truth("level=account&metric=reach&window=2026-10-01..2026-10-31").await;
    assert_eq!(window.lines().count(), 1);
    assert_eq!(
        window,
        truth("level=account&metric=reach&start=2026-10-01&end=2026-10-31&window=true").await
    );
    assert!(truth("level=planet").await.contains("unknown level"));
    let early = truth("level=account&metric=conversions&start=2026-10-01&end=2026-10-01&as_of=2026-10-02T03:00:00Z").await;
    assert_ne!(
        early,
        truth("level=account&metric=conversions&start=2026-10-01&end=2026-10-01").await
    );
    let missing = caller
        .http
        .get(caller.url("/_truth/facebook_ads/1"))
        .send()
        .await
        .unwrap();
    assert_eq!(missing.status(), 404);
}

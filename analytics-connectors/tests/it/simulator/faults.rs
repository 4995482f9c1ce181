use analytics_connectors::simulator::Fault;
use serde_json::{Value, json};

use super::{Answer, Caller};

impl Caller {
    async fn inject(&self, fault: Value) -> u16 {
        let request = self.http.post(self.url("/_faults")).body(fault.to_string());
        request.send().await.unwrap().status().as_u16()
    }

    async fn ask(&self) -> Answer {
        self.insights(&[("date_preset", "yesterday")]).await
    }
}

#[tokio::test]
async fn a_fault_hits_as_often_as_told_after_as_many_calls_as_told() {
    let caller = Caller::start().await;
    let fault =
        json!({"fault": "server_error", "platform": "facebook_ads", "times": 2, "after": 1});
    assert_eq!(caller.inject(fault).await, 200);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(caller.ask().await.status);
    }
    assert_eq!(statuses, [200, 503, 503, 200]);
    assert_eq!(
        caller
            .inject(json!({"fault": "server_error", "platform": "x", "times": 0}))
            .await,
        200
    );
    assert_eq!(caller.ask().await.status, 200, "another platform's fault");
    let pending = caller
        .http
        .get(caller.url("/_faults"))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(pending.contains("\"platform\":\"x\""), "{pending}");
    caller.simulator.faults().clear();
    assert!(caller.simulator.faults().pending().is_empty());
    assert_eq!(caller.inject(json!({"fault": "earthquake"})).await, 422);
}

#[tokio::test]
async fn every_flavour_of_too_many_calls_speaks_its_code() {
    let caller = Caller::start().await;
    for (detail, status, expected) in [
        (None, 429, (80_000, 2_446_079)),
        (Some("80000"), 400, (80_000, 2_446_079)),
        (Some("80004"), 400, (80_004, 2_446_079)),
        (Some("17"), 400, (17, 2_446_079)),
        (Some("613"), 400, (613, 1_487_742)),
        (Some("613/1996"), 400, (613, 1_996)),
        (Some("4"), 403, (4, 0)),
        (Some("4/1504022"), 403, (4, 1_504_022)),
        (Some("32"), 403, (32, 0)),
    ] {
        caller
            .simulator
            .faults()
            .inject_flavour(Fault::RateLimited, "facebook_ads", 1, 0, detail);
        let answer = caller.ask().await;
        assert_eq!(
            (answer.status, answer.error()),
            (status, expected),
            "{detail:?}"
        );
        let usage: Value = serde_json::from_str(
            answer.headers["x-business-use-case-usage"]
                .to_str()
                .unwrap(),
        )
        .unwrap();
        assert_eq!(
            usage[caller.account(0)][0]["estimated_time_to_regain_access"],
            1
        );
    }
    assert_eq!(caller.ask().await.status, 200);
}

#[tokio::test]
async fn headers_can_say_that_the_limit_is_near() {
    let caller = Caller::start().await;
    caller.simulator.faults().inject_flavour(
        Fault::ThrottleHeaders,
        "facebook_ads",
        1,
        0,
        Some("118"),
    );
    let answer = caller.ask().await;
    assert_eq!(answer.status, 200);
    let throttle: Value = serde_json::from_str(
        answer.headers["x-fb-ads-insights-throttle"]
            .to_str()
            .unwrap(),
    )
    .unwrap();
    assert_eq!(throttle["acc_id_util_pct"], 118.0);
    let calm = caller.ask().await;
    let throttle: Value =
        serde_json::from_str(calm.headers["x-fb-ads-insights-throttle"].to_str().unwrap()).unwrap();
    assert!(throttle["acc_id_util_pct"].as_f64().unwrap() < 75.0);
}

#[tokio::test]
async fn answers_can_be_broken_in_three_ways() {
    let caller = Caller::start().await;
    caller
        .simulator
        .faults()
        .inject(Fault::MalformedJson, "facebook_ads", 1, 0);
    let malformed = caller.ask().await;
    assert_eq!((malformed.status, malformed.body), (200, Value::Null));
    for fault in [Fault::TruncatedBody, Fault::ConnectionReset] {
        caller
            .simulator
            .faults()
            .inject(fault, "facebook_ads", 1, 0);
        let url = caller.url(&format!("/meta/v26.0/act_{}/insights", caller.account(0)));
        let result = match caller.http.get(url).bearer_auth(&caller.token).send().await {
            Ok(response) => response.bytes().await.map(|_| ()),
            Err(error) => Err(error),
        };
        assert!(result.is_err(), "{fault:?} was a whole answer");
    }
    assert_eq!(caller.ask().await.status, 200);
}

#[tokio::test]
async fn the_vendor_can_ask_for_less_in_several_ways() {
    let caller = Caller::start().await;
    for (detail, expected) in [
        (None, (1, 0)),
        (Some("100/1504018"), (100, 1_504_018)),
        (Some("2/1504038"), (2, 1_504_038)),
        (Some("100/1487534"), (100, 1_487_534)),
        (Some("500"), (1, 99)),
    ] {
        caller
            .simulator
            .faults()
            .inject_flavour(Fault::ReduceData, "facebook_ads", 1, 0, detail);
        assert_eq!(caller.ask().await.error(), expected, "{detail:?}");
    }
}

#[tokio::test]
async fn a_revoked_token_stays_dead_and_a_new_one_works() {
    let caller = Caller::start().await;
    assert_eq!(
        caller
            .inject(json!({"fault": "revoke_token", "platform": "facebook_ads"}))
            .await,
        200
    );
    assert_eq!(caller.ask().await.error(), (190, 460));
    assert_eq!(caller.ask().await.error(), (190, 460));
    assert!(caller.simulator.faults().pending().is_empty());
    let fresh = caller.simulator.accounts()[0].token.clone();
    assert_eq!(caller.get_with(&fresh, "me", &[]).await.status, 200);
    caller
        .simulator
        .faults()
        .inject(Fault::RevokeToken, "meta", 1, 2);
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(caller.get_with(&fresh, "me", &[]).await.status);
    }
    assert_eq!(statuses, [200, 200, 400, 400]);
}

#[tokio::test]
async fn permission_can_be_lost_for_one_account() {
    let caller = Caller::start().await;
    let (first, second) = (caller.account(0), caller.account(1));
    caller.simulator.faults().inject_flavour(
        Fault::PermissionLost,
        "facebook_ads",
        0,
        0,
        Some(&first),
    );
    let ask = async |account: &str| caller.get(&format!("act_{account}/insights"), &[]).await;
    for _ in 0..2 {
        assert_eq!(ask(&first).await.error().0, 200);
        assert_eq!(ask(&second).await.status, 200);
    }
    assert_eq!(
        caller.get("me/adaccounts", &[]).await.rows().len(),
        3,
        "it is still listed"
    );
    caller.simulator.faults().clear();
    assert_eq!(ask(&first).await.status, 200);
}

use chrono::Duration;
use rstest::rstest;

use super::{X, answer, code, word};

#[tokio::test]
async fn only_calls_that_are_signed_anew_are_answered() {
    let x = X::start().await;
    let path = format!("accounts/{}/campaigns", x.id(0));
    // A comma in the query is signed as it is decoded.
    let params = [("campaign_ids", "abc,def"), ("with_deleted", "true")];
    let ask = async |signer: &super::Signer| {
        let asked = answer(x.request(signer, "GET", &path, &params)).await;
        if asked.status == 200 {
            (200, String::new())
        } else {
            code(&asked)
        }
    };
    let denied = (401, "32".to_owned());
    let good = x.signer();
    assert_eq!(ask(&good).await, (200, String::new()));
    assert_eq!(ask(&good).await, denied, "the nonce was used");
    let mut wrong = x.signer();
    wrong.secret.push('x');
    assert_eq!(ask(&wrong).await, denied);
    let mut wrong = x.signer();
    wrong.key = "nobody".to_owned();
    assert_eq!(ask(&wrong).await, denied);
    let mut wrong = x.signer();
    wrong.token = Some((wrong.token.unwrap().0, "x".to_owned()));
    assert_eq!(ask(&wrong).await, denied);
    let mut unknown = x.signer();
    unknown.token = Some(("1-x".to_owned(), "x".to_owned()));
    assert_eq!(ask(&unknown).await, (401, "89".to_owned()));
    let mut late = x.signer();
    late.timestamp -= Duration::minutes(6).num_seconds();
    assert_eq!(ask(&late).await, denied);
    // The time of this machine is as good as that of the simulator.
    late.timestamp = chrono::Utc::now().timestamp();
    assert_eq!(ask(&late).await, (200, String::new()));
}

#[tokio::test]
async fn another_question_needs_another_signature() {
    let x = X::start().await;
    let address = x.address("accounts");
    let header = x.signer().header("GET", &address, &[("count", "1")], &[]);
    let url = format!("{address}?count=2");
    let asked = answer(x.caller.http.get(&url).header("authorization", header)).await;
    assert_eq!(code(&asked), (401, "32".to_owned()));
    assert!(asked.body.get("request").is_none());
    for bad in [
        "Bearer abc",
        "OAuth",
        "OAuth oauth_nonce=1",
        "OAuth a=\"1\", a=\"2\"",
        "OAuth a=\"1\"",
    ] {
        let asked = answer(x.caller.http.get(&url).header("authorization", bad)).await;
        assert_eq!(code(&asked), (400, "215".to_owned()), "{bad}");
    }
    let asked = answer(x.caller.http.get(&url)).await;
    assert_eq!(code(&asked), (401, "UNAUTHORIZED_ACCESS".to_owned()));
}

#[tokio::test]
async fn there_are_no_other_routes_versions_methods_and_accounts() {
    let x = X::start().await;
    let no_route = (404, "ROUTE_NOT_FOUND".to_owned());
    for path in ["accounts/1/coupons", "stats", "stats/accounts"] {
        assert_eq!(code(&x.get(path, &[]).await), no_route, "{path}");
    }
    let old = x.caller.url("/x_ads/11/accounts");
    assert_eq!(code(&answer(x.caller.http.get(old)).await), no_route);
    let posted = x.call("POST", "accounts", &[]).await;
    assert_eq!(code(&posted), (405, "METHOD_NOT_ALLOWED".to_owned()));
    let foreign = x.get("accounts/18ce5exampl/campaigns", &[]).await;
    assert_eq!(code(&foreign), (403, "ACCOUNT_NOT_FOUND".to_owned()));
    assert_eq!(
        foreign.body["request"]["params"]["account_id"],
        "18ce5exampl"
    );
}

#[rstest]
#[case::unknown(&[("metrics", "x")], "INVALID_PARAMETER", "metrics")]
#[case::level(&[("entity", "AD")], "INVALID_PARAMETER", "entity")]
#[case::places(&[("placement", "ALL_ON_TWITTER,SPOTLIGHT")], "INVALID_PLACEMENT_TYPE", "placement")]
#[case::network(&[("placement", "PUBLISHER_NETWORK")], "INVALID_PLACEMENT_TYPE", "placement")]
#[case::hours(&[("granularity", "HOUR")], "FEATURE_NOT_AVAILABLE", "granularity")]
#[case::mixed(&[("metric_groups", "ENGAGEMENT,WEB_CONVERSION")], "INVALID_PARAMETER", "metric_groups")]
#[case::group(&[("metric_groups", "MEDIA")], "INVALID_PARAMETER", "metric_groups")]
#[case::time(&[("start_time", "yesterday")], "INVALID_PARAMETER", "start_time")]
#[case::plus(&[("start_time", "2026-11-10T00:00:00 09:00")], "INVALID_PARAMETER", "start_time")]
#[case::minutes(&[("start_time", "2026-11-10T00:30:00+09:00")], "INVALID_TIME_WINDOW", "start_time")]
#[case::utc(&[("start_time", "2026-11-11T00:00:00Z")], "INVALID_TIME_WINDOW", "start_time")]
#[case::noon(&[("end_time", "2026-11-16T12:00:00+09:00")], "INVALID_TIME_WINDOW", "end_time")]
#[case::backwards(&[("end_time", "2026-11-10T00:00:00+09:00")], "INVALID_TIME_WINDOW", "end_time")]
#[case::long(&[("end_time", "2026-11-18T00:00:00+09:00")], "INVALID_TIME_WINDOW", "end_time")]
#[case::old(
    &[("start_time", "2026-08-20"), ("end_time", "2026-08-22")],
    "INVALID_TIME_WINDOW",
    "start_time"
)]
#[tokio::test]
async fn questions_that_cannot_be_answered(
    #[case] more: &[(&str, &str)],
    #[case] name: &str,
    #[case] parameter: &str,
) {
    let x = X::start().await;
    let campaigns = x.all(&format!("accounts/{}/campaigns", x.id(0)), &[]).await;
    let id = word(&campaigns[0], "id");
    let mut asked = vec![("entity_ids", id.as_str())];
    let good = x.stats(0, &asked).await;
    assert_eq!(good.status, 200, "{good:?}");
    asked.extend_from_slice(more);
    let refused = x.stats(0, &asked).await;
    assert_eq!(code(&refused), (400, name.to_owned()), "{refused:?}");
    assert_eq!(refused.body["errors"][0]["parameter"], parameter);
}

#[tokio::test]
async fn ids_are_twenty_at_most_and_all_of_them_known() {
    let x = X::start().await;
    let missing = x.stats(0, &[]).await;
    assert_eq!(code(&missing), (400, "MISSING_PARAMETER".to_owned()));
    let ids = vec!["zz"; 21].join(",");
    let many = x.stats(0, &[("entity_ids", &ids)]).await;
    assert_eq!(code(&many), (400, "INVALID_PARAMETER".to_owned()));
    let campaign = {
        let campaigns = x.all(&format!("accounts/{}/campaigns", x.id(0)), &[]).await;
        word(&campaigns[0], "id")
    };
    let ids = format!("{campaign},zzzz");
    let unknown = x.stats(0, &[("entity_ids", &ids)]).await;
    assert_eq!(code(&unknown), (404, "CAMPAIGN_NOT_FOUND".to_owned()));
    assert_eq!(unknown.body["errors"][0]["value"], "zzzz");
    for (entity, name) in [
        ("LINE_ITEM", "LINE_ITEM_NOT_FOUND"),
        ("PROMOTED_TWEET", "PROMOTED_TWEET_NOT_FOUND"),
    ] {
        let asked = x
            .stats(0, &[("entity", entity), ("entity_ids", &campaign)])
            .await;
        assert_eq!(code(&asked), (404, name.to_owned()));
    }
}

/// New York put its clocks back on 2026-11-01.
#[tokio::test]
async fn midnights_have_the_offset_of_their_own_date() {
    let x = X::start().await;
    let campaigns = x.all(&format!("accounts/{}/campaigns", x.id(1)), &[]).await;
    let id = word(&campaigns[0], "id");
    let ask = async |start: &str, end: &str| {
        let asked = [
            ("entity_ids", id.as_str()),
            ("start_time", start),
            ("end_time", end),
        ];
        let asked = x.stats(1, &asked).await;
        (asked.status, asked.body["time_series_length"].as_i64())
    };
    let refused = (400, None);
    let (day, night) = ("2026-10-30T00:00:00-04:00", "2026-11-04T00:00:00-05:00");
    assert_eq!(ask(day, night).await, (200, Some(5)));
    assert_eq!(
        ask("2026-10-30T04:00:00Z", "2026-11-04T05:00Z").await,
        (200, Some(5))
    );
    assert_eq!(
        ask("2026-10-30T00:00:00-0400", "2026-11-04T00:00:00-05").await,
        (200, Some(5))
    );
    assert_eq!(ask("2026-10-30", "2026-11-04").await, (200, Some(5)));
    assert_eq!(
        ask("2026-10-30T00:00:00-05:00", night).await,
        refused,
        "today's offset"
    );
    assert_eq!(ask(day, "2026-11-04T00:00:00-04:00").await, refused);
    // Seven days, one of them with 25 hours.
    assert_eq!(ask(day, "2026-11-06T00:00:00-05:00").await, refused);
    assert_eq!(ask(day, "2026-11-05T00:00:00-05:00").await, (200, Some(6)));
}

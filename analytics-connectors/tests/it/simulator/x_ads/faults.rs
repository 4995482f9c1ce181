use analytics_connectors::simulator::Fault;
use rstest::rstest;
use serde_json::Value;

use super::{X, code, word};

impl X {
    fn fault(&self, fault: Fault, detail: Option<&str>) {
        let faults = self.caller.simulator.faults();
        faults.inject_flavour(fault, "x_ads", 1, 0, detail);
    }

    async fn campaigns(&self, n: usize) -> super::Answer {
        self.get(&format!("accounts/{}/campaigns", self.id(n)), &[])
            .await
    }
}

#[rstest]
#[case(Fault::RateLimited, None, 429, "TOO_MANY_REQUESTS")]
#[case(Fault::ServerError, None, 503, "SERVICE_UNAVAILABLE")]
#[case(Fault::ServerError, Some("retry-after"), 503, "SERVICE_UNAVAILABLE")]
#[case(Fault::ServerError, Some("overloaded"), 500, "INTERNAL_ERROR")]
#[case(Fault::PermissionLost, None, 403, "ACCOUNT_NOT_FOUND")]
#[case(
    Fault::PermissionLost,
    Some("app"),
    403,
    "UNAUTHORIZED_CLIENT_APPLICATION"
)]
#[tokio::test]
async fn the_weather_has_codes(
    #[case] fault: Fault,
    #[case] detail: Option<&str>,
    #[case] status: u16,
    #[case] name: &str,
) {
    let x = X::start().await;
    x.fault(fault, detail);
    let refused = x.campaigns(0).await;
    assert_eq!(code(&refused), (status, name.to_owned()));
    let wait = refused.headers.get("retry-after");
    assert_eq!(wait.is_some(), detail == Some("retry-after"));
    if fault == Fault::RateLimited {
        let reset = x.caller.simulator.world().now().timestamp() + 60;
        assert_eq!(
            refused.headers["x-rate-limit-reset"],
            reset.to_string().as_str()
        );
    }
    assert_eq!(x.campaigns(0).await.status, 200);
}

#[tokio::test]
async fn jobs_are_refused_slow_or_fail_and_questions_are_too_complex() {
    let x = X::start().await;
    let id = x.campaign(0).await;
    let more = [("entity_ids", id.as_str())];
    x.fault(Fault::RateLimited, Some("jobs"));
    assert_eq!(x.campaigns(0).await.status, 200, "no job");
    assert_eq!(
        code(&x.order(0, &more).await),
        (400, "TOO_MANY_JOBS".to_owned())
    );
    x.fault(Fault::SlowReport, Some("12"));
    let job = word(&x.order(0, &more).await.body["data"], "id_str");
    assert!(x.states(0, &job).await.len() > 12);
    x.fault(Fault::FailedReport, None);
    let job = word(&x.order(0, &more).await.body["data"], "id_str");
    let last = x.states(0, &job).await.pop().unwrap();
    assert_eq!(last, ("FAILED".to_owned(), Value::Null));
    x.fault(Fault::ReduceData, None);
    let complex = (400, "REQUEST_TOO_COMPLEX".to_owned());
    assert_eq!(code(&x.order(0, &more).await), complex);
    x.fault(Fault::ReduceData, None);
    assert_eq!(code(&x.stats(0, &more).await), complex);
}

/// What became of an order, and the jobs there are then.
async fn ordered_and_lost(x: &X, fault: Fault) -> (Option<u16>, Vec<Value>) {
    let id = x.campaign(0).await;
    let jobs = format!("stats/jobs/accounts/{}", x.id(0));
    let wanted = super::question(&[("entity_ids", id.as_str())]);
    x.fault(fault, Some("lost-order"));
    assert_eq!(x.campaigns(0).await.status, 200, "no order");
    let sent = x.request(&x.signer(), "POST", &jobs, &wanted).send().await;
    let status = sent
        .as_ref()
        .ok()
        .map(|response| response.status().as_u16());
    let read = match sent {
        Ok(response) => response.bytes().await.is_ok(),
        Err(_) => false,
    };
    (status.filter(|_| read), x.all(&jobs, &[]).await)
}

#[rstest]
#[case(Fault::ServerError, Some(503))]
#[case(Fault::ConnectionReset, None)]
#[tokio::test]
async fn orders_are_taken_though_their_answers_get_lost(
    #[case] fault: Fault,
    #[case] status: Option<u16>,
) {
    let x = X::start().await;
    let (told, jobs) = ordered_and_lost(&x, fault).await;
    assert_eq!((told, jobs.len()), (status, 1), "{jobs:?}");
    let id = x.campaign(0).await;
    let next = x.order(0, &[("entity_ids", id.as_str())]).await;
    assert_eq!(next.status, 200, "once");
    // All that is needed to know the job again.
    for name in [
        "entity",
        "entity_ids",
        "granularity",
        "placement",
        "metric_groups",
        "start_time",
        "end_time",
        "account_id",
        "created_at",
        "segmentation_type",
    ] {
        assert_eq!(jobs[0][name], next.body["data"][name], "{name}");
    }
}

#[tokio::test]
async fn tokens_die_with_the_consent() {
    let x = X::start().await;
    x.fault(Fault::RevokeToken, None);
    assert_eq!(code(&x.campaigns(0).await), (401, "89".to_owned()));
    assert_eq!(code(&x.campaigns(0).await), (401, "89".to_owned()));
}

#[tokio::test]
async fn a_permission_is_lost_for_one_account() {
    let x = X::start().await;
    let faults = x.caller.simulator.faults();
    faults.inject_flavour(Fault::PermissionLost, "x_ads", 0, 0, Some(x.id(0)));
    assert_eq!(
        code(&x.campaigns(0).await),
        (403, "ACCOUNT_NOT_FOUND".to_owned())
    );
    assert_eq!(x.campaigns(1).await.status, 200);
}

#[tokio::test]
async fn answers_and_files_break() {
    let x = X::start().await;
    x.fault(Fault::MalformedJson, None);
    let broken = x.campaigns(0).await;
    assert_eq!((broken.status, broken.body), (200, Value::Null));
    let id = x.campaign(0).await;
    let job = x.order(0, &[("entity_ids", &id)]).await;
    let job = word(&job.body["data"], "id_str");
    x.states(0, &job).await;
    let load = || {
        let url = x.caller.url(&format!("/x_ads/files/{job}.json.gz"));
        x.caller.http.get(url).send()
    };
    x.fault(Fault::MalformedJson, None);
    assert!(
        load()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
            .ends_with("</html>")
    );
    for fault in [Fault::TruncatedBody, Fault::ConnectionReset] {
        x.fault(fault, None);
        let whole = match load().await {
            Ok(response) => response.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!whole, "{fault:?}");
    }
    assert_eq!(
        load().await.unwrap().headers()["content-type"],
        "application/gzip"
    );
}

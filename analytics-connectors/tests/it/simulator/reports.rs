use analytics_connectors::simulator::Fault;
use serde_json::Value;

use super::{Answer, Caller};

const FIELDS: &str = "id,account_id,async_status,async_percent_completion,date_start,date_stop,time_ref,\
                      time_completed,error_code,error_subcode,error_message,error_user_title,error_user_msg";
const QUESTION: [(&str, &str); 4] = [
    ("level", "ad"),
    ("fields", "ad_id,impressions,actions"),
    (
        "time_range",
        r#"{"since":"2026-10-01","until":"2026-10-31"}"#,
    ),
    ("time_increment", "1"),
];

impl Caller {
    async fn order(&self) -> String {
        let answer = self
            .post(&format!("act_{}/insights", self.account(0)), &QUESTION)
            .await;
        answer.body["report_run_id"].as_str().unwrap().to_owned()
    }

    async fn poll(&self, run: &str) -> Answer {
        self.get(run, &[("fields", FIELDS)]).await
    }

    /// Polls until the run ends; the states it went through.
    async fn wait(&self, run: &str) -> Vec<Value> {
        let mut states = Vec::new();
        for _ in 0..100 {
            let answer = self.poll(run).await;
            if answer.error() == (100, 33) {
                assert!(
                    states.is_empty(),
                    "a run is unknown only right after its creation"
                );
                continue;
            }
            states.push(answer.body.clone());
            let status = answer.body["async_status"].as_str().unwrap();
            let done = status == "Job Completed" && answer.body["async_percent_completion"] == 100;
            if done || status == "Job Failed" {
                return states;
            }
        }
        panic!("the run never ended: {states:?}");
    }
}

#[tokio::test]
async fn a_run_is_ordered_polled_and_read_page_by_page() {
    let caller = Caller::start().await;
    let run = caller.order().await;
    assert_eq!(
        caller.get(&format!("{run}/insights"), &[]).await.error(),
        (2601, 1_815_107)
    );
    let states = caller.wait(&run).await;
    assert!(
        states
            .iter()
            .all(|state| state["async_percent_completion"].is_number())
    );
    assert!(
        states
            .iter()
            .any(|state| state["async_status"] == "Job Running")
    );
    assert_eq!(states[0]["date_start"], "2026-10-01");
    let mut rows = Vec::new();
    let mut after = String::new();
    loop {
        let page = caller
            .get(
                &format!("{run}/insights"),
                &[("limit", "100"), ("after", &after)],
            )
            .await;
        rows.extend_from_slice(page.rows());
        if page.body["paging"].get("next").is_none() {
            break;
        }
        after = page.body["paging"]["cursors"]["after"]
            .as_str()
            .unwrap()
            .to_owned();
    }
    let mut direct = QUESTION.to_vec();
    direct.push(("limit", "2000"));
    assert_eq!(rows, caller.insights(&direct).await.rows());
}

#[tokio::test]
async fn some_runs_are_unknown_at_first_and_some_say_too_early_that_they_are_done() {
    let caller = Caller::start().await;
    let (mut unknown, mut early) = (0, 0);
    for _ in 0..40 {
        let run = caller.order().await;
        unknown += usize::from(caller.poll(&run).await.error() == (100, 33));
        let states = caller.wait(&run).await;
        early += usize::from(states.iter().any(|state| {
            state["async_status"] == "Job Completed" && state["async_percent_completion"] != 100
        }));
    }
    assert!(unknown > 0 && early > 0, "{unknown} unknown, {early} early");
}

#[tokio::test]
async fn runs_can_be_slow_or_fail_with_a_reason() {
    let caller = Caller::start().await;
    let faults = caller.simulator.faults();
    faults.inject_flavour(Fault::SlowReport, "facebook_ads", 1, 0, Some("30"));
    let run = caller.order().await;
    assert!(caller.wait(&run).await.len() >= 30);
    faults.inject(Fault::FailedReport, "facebook_ads", 1, 0);
    let run = caller.order().await;
    let states = caller.wait(&run).await;
    let last = states.last().unwrap();
    assert_eq!(
        (last["error_code"].as_i64(), last["error_subcode"].as_i64()),
        (Some(-2), Some(2_490_547))
    );
    assert_eq!(
        caller.get(&format!("{run}/insights"), &[]).await.error().0,
        2601
    );
    let run = caller.order().await;
    assert_eq!(
        caller.wait(&run).await.last().unwrap()["async_status"],
        "Job Completed"
    );
}

#[tokio::test]
async fn an_old_run_must_be_ordered_again() {
    let caller = Caller::start().await;
    let run = caller.order().await;
    caller.wait(&run).await;
    let now = caller.simulator.world().now();
    caller
        .simulator
        .clock()
        .set(now + chrono::Duration::days(31));
    assert_eq!(caller.poll(&run).await.body["async_status"], "Job Skipped");
    assert_eq!(
        caller.get(&format!("{run}/insights"), &[]).await.error(),
        (100, 33)
    );
}

#[tokio::test]
async fn a_wrong_question_is_refused_when_the_run_is_ordered() {
    let caller = Caller::start().await;
    let path = format!("act_{}/insights", caller.account(0));
    assert_eq!(
        caller
            .post(&path, &[("fields", "nonsense")])
            .await
            .error()
            .0,
        100
    );
}

use std::{collections::BTreeSet, io::Read as _};

use analytics_core::model::Level;
use chrono::{Duration, NaiveDate};
use flate2::read::GzDecoder;
use serde_json::Value;

use super::{Answer, X, code, question, stats, word};

impl X {
    pub(super) async fn order(&self, n: usize, more: &[(&str, &str)]) -> Answer {
        let path = format!("stats/jobs/accounts/{}", self.id(n));
        self.call("POST", &path, &question(more)).await
    }

    pub(super) async fn poll(&self, n: usize, id: &str) -> Value {
        let path = format!("stats/jobs/accounts/{}", self.id(n));
        let polled = self.get(&path, &[("job_ids", id)]).await;
        polled.rows()[0].clone()
    }

    /// What polls tell until there is a file or will never be one.
    pub(super) async fn states(&self, n: usize, id: &str) -> Vec<(String, Value)> {
        let mut states = Vec::new();
        loop {
            let job = self.poll(n, id).await;
            let status = word(&job, "status");
            let is_open = status == "QUEUED" || status == "PROCESSING";
            let is_late = status == "SUCCESS" && job["url"].is_null();
            states.push((status, job["url"].clone()));
            if !is_open && !is_late {
                return states;
            }
        }
    }

    /// A campaign of an account.
    pub(super) async fn campaign(&self, n: usize) -> String {
        let active = self.active(n, "CAMPAIGN", "2026-11-10", "2026-11-17").await;
        word(&active[0], "entity_id")
    }
}

fn unzipped(bytes: &[u8]) -> Value {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn jobs_are_polled_and_their_files_hold_the_truth() {
    let x = X::start().await;
    // Berlin put its clocks back within these days.
    let (first, last): (NaiveDate, NaiveDate) =
        ("2026-09-01".parse().unwrap(), "2026-11-15".parse().unwrap());
    let window = [
        ("start_time", "2026-09-01T00:00:00+02:00"),
        ("end_time", "2026-11-16T00:00:00+01:00"),
    ];
    let active = x.active(2, "CAMPAIGN", "2026-09-01", "2026-11-16").await;
    let ids: Vec<String> = active.iter().map(|row| word(row, "entity_id")).collect();
    let (mut sums, mut lengths, mut spellings) =
        (stats::Sums::new(), BTreeSet::new(), BTreeSet::new());
    for ids in ids.chunks(6) {
        let ids = ids.join(",");
        for placement in stats::PLACES {
            for groups in ["ENGAGEMENT", "BILLING,VIDEO", "WEB_CONVERSION"] {
                let mut more = vec![
                    ("entity_ids", ids.as_str()),
                    ("placement", placement),
                    ("metric_groups", groups),
                ];
                more.extend_from_slice(&window);
                let ordered = x.order(2, &more).await;
                assert_eq!(ordered.status, 200, "{ordered:?}");
                let job = &ordered.body["data"];
                assert_eq!(job["status"], "QUEUED");
                assert!(job["id"].as_u64().unwrap() > 1 << 53);
                assert_eq!(job["start_time"], "2026-08-31T22:00:00Z");
                let states = x.states(2, &word(job, "id_str")).await;
                lengths.insert(
                    states
                        .iter()
                        .filter(|(state, _)| state != "SUCCESS")
                        .count(),
                );
                assert!(states[0].1.is_null() || states.len() == 1);
                let url = states.last().unwrap().1.as_str().unwrap().to_owned();
                let at = url.rfind("http://").unwrap();
                spellings.insert((
                    at > 0,
                    states
                        .iter()
                        .filter(|(state, _)| state == "SUCCESS")
                        .count(),
                ));
                let file = x.caller.http.get(&url[at..]).send().await.unwrap();
                assert_eq!(file.status(), 200);
                let body = unzipped(&file.bytes().await.unwrap());
                assert_eq!(body["time_series_length"], 76);
                stats::read(&mut sums, &body, first);
            }
        }
    }
    assert_eq!(sums, stats::truth(&x, 2, Level::Campaign, first, last));
    assert_eq!(lengths, BTreeSet::from([0, 1, 2]));
    assert!(
        spellings.iter().any(|(glued, _)| *glued) && spellings.iter().any(|(_, polls)| *polls == 2)
    );
}

#[tokio::test]
async fn files_are_read_without_a_signature_for_two_days() {
    let x = X::start().await;
    let id = x.campaign(0).await;
    let job = x.order(0, &[("entity_ids", &id)]).await;
    let job = word(&job.body["data"], "id_str");
    let url = x.caller.url(&format!("/x_ads/files/{job}.json.gz"));
    let load = async |header: Option<&str>| {
        let mut request = x.caller.http.get(&url);
        if let Some(value) = header {
            request = request.header("authorization", value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(load(None).await, 404, "it is not written yet");
    x.states(0, &job).await;
    assert_eq!(load(None).await, 200);
    assert_eq!(load(Some("OAuth a=\"1\"")).await, 400);
    let end: chrono::DateTime<chrono::Utc> =
        word(&x.poll(0, &job).await, "expires_at").parse().unwrap();
    let now = x.caller.simulator.world().now();
    assert_eq!(end, now + Duration::hours(48));
    x.caller.simulator.clock().set(end);
    assert_eq!(load(None).await, 404);
}

#[tokio::test]
async fn a_hundred_jobs_are_enough_and_time_ends_them() {
    let x = X::start().await;
    let id = x.campaign(0).await;
    let more = [("entity_ids", id.as_str())];
    let mut jobs = Vec::new();
    for left in (0..100).rev() {
        let ordered = x.order(0, &more).await;
        let told = ordered.headers["x-concurrent-job-limit-remaining"].to_str();
        assert_eq!(told.unwrap(), left.to_string());
        jobs.push(word(&ordered.body["data"], "id_str"));
    }
    let refused = x.order(0, &more).await;
    assert_eq!(code(&refused), (400, "TOO_MANY_JOBS".to_owned()));
    assert_eq!(refused.headers["x-concurrent-job-limit"], "100");
    let path = format!("stats/jobs/accounts/{}/{}", x.id(0), jobs[7]);
    let cancelled = x.call("DELETE", &path, &[]).await;
    assert_eq!(cancelled.body["data"]["status"], "CANCELLED");
    assert_eq!(
        x.order(0, &more).await.status,
        200,
        "another may take its place"
    );
    let now = x.caller.simulator.world().now();
    x.caller.simulator.clock().set(now + Duration::hours(1));
    assert_eq!(x.states(0, &jobs[3]).await.len(), 1);
    assert_eq!(x.poll(0, &jobs[7]).await["status"], "CANCELLED");
    assert_eq!(x.order(0, &more).await.status, 200);
    let path = format!("stats/jobs/accounts/{}", x.id(0));
    assert_eq!(x.all(&path, &[("count", "50")]).await.len(), 102);
    let ids = vec!["1"; 201].join(",");
    assert_eq!(x.get(&path, &[("job_ids", &ids)]).await.status, 400);
    let elsewhere = format!("stats/jobs/accounts/{}", x.id(1));
    let elsewhere = x.get(&elsewhere, &[("job_ids", &jobs[0])]).await;
    assert!(elsewhere.rows().is_empty());
}

#[tokio::test]
async fn jobs_are_of_ninety_days_at_most_and_whole() {
    let x = X::start().await;
    let id = x.campaign(0).await;
    let ask = async |more: &[(&str, &str)]| {
        let mut all = vec![("entity_ids", id.as_str())];
        all.extend_from_slice(more);
        x.order(0, &all).await
    };
    let days = |end| [("start_time", "2025-01-01"), ("end_time", end)];
    assert_eq!(ask(&days("2025-04-01")).await.status, 200);
    let long = ask(&days("2025-04-02")).await;
    assert_eq!(code(&long), (400, "INVALID_TIME_WINDOW".to_owned()));
    let split = ask(&[("segmentation_type", "AGE")]).await;
    assert_eq!(code(&split), (400, "FEATURE_NOT_AVAILABLE".to_owned()));
}

//! Questions that are too much.

use std::collections::BTreeSet;

use analytics_connectors::ErrorKind;
use analytics_core::model::Level;
use serde_json::json;
use wiremock::{Mock, Request, Respond, ResponseTemplate, matchers::any};

use super::{INSIGHTS, Params, Vendor, facts, failure};

/// A vendor that finds a question too much by its size, and else answers with one row a day and
/// campaign.
struct Fussy {
    campaigns: Vec<&'static str>,
    most_direct_days: i64,
    most_run_days: i64,
    most_run_campaigns: usize,
}

fn too_much() -> ResponseTemplate {
    failure(
        400,
        1,
        None,
        "Please reduce the amount of data you're asking for",
    )
}

impl Fussy {
    fn rows(&self, params: &Params) -> serde_json::Value {
        let (since, until) = super::since_until(params);
        let days = super::range(&since, &until);
        let wanted = self.wanted(params);
        let mut rows = Vec::new();
        for campaign in &wanted {
            for date in days.iter() {
                rows.push(json!({ "campaign_id": campaign, "campaign_name": campaign,
                    "adset_id": format!("{campaign}1"), "adset_name": "s",
                    "ad_id": format!("{campaign}11"), "ad_name": "a",
                    "impressions": "1", "date_start": date, "date_stop": date }));
            }
        }
        json!({ "data": rows })
    }

    fn wanted(&self, params: &Params) -> Vec<String> {
        match params.get("filtering") {
            Some(_) => params.json("filtering")[0]["value"]
                .as_array()
                .unwrap()
                .iter()
                .map(|id| id.as_str().unwrap().to_owned())
                .collect(),
            None => self.campaigns.iter().map(ToString::to_string).collect(),
        }
    }

    fn days(params: &Params) -> i64 {
        let (since, until) = super::since_until(params);
        super::range(&since, &until).days()
    }
}

impl Respond for Fussy {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let params = Params::of(request);
        let path = request.url.path();
        if request.method.as_str() == "POST" {
            let fits = Self::days(&params) <= self.most_run_days
                && self.wanted(&params).len() <= self.most_run_campaigns;
            if !fits {
                return too_much();
            }
            // The run's id carries the question, so that its results can be made from it.
            let (since, until) = super::since_until(&params);
            let id = format!("run~{since}~{until}~{}", self.wanted(&params).join("~"));
            return ResponseTemplate::new(200).set_body_json(json!({ "report_run_id": id }));
        }
        if let Some(run) = path.strip_prefix("/v26.0/run~") {
            let Some(question) = run.strip_suffix("/insights") else {
                return super::reports::state_with("Job Completed", 100, json!({}));
            };
            let mut parts = question.split('~');
            let time_range =
                json!({ "since": parts.next().unwrap(), "until": parts.next().unwrap() });
            let campaigns: Vec<&str> = parts.collect();
            let filter = json!([{ "value": campaigns }]);
            let params = Params(vec![
                ("time_range".to_owned(), time_range.to_string()),
                ("filtering".to_owned(), filter.to_string()),
            ]);
            return ResponseTemplate::new(200).set_body_json(self.rows(&params));
        }
        if params.get("time_increment").is_none() {
            // Which campaigns delivered.
            let rows: Vec<_> = self
                .campaigns
                .iter()
                .map(|id| json!({ "campaign_id": id }))
                .collect();
            return ResponseTemplate::new(200).set_body_json(json!({ "data": rows }));
        }
        if Self::days(&params) > self.most_direct_days {
            return too_much();
        }
        ResponseTemplate::new(200).set_body_json(self.rows(&params))
    }
}

async fn vendor(fussy: Fussy) -> Vendor {
    let vendor = Vendor::start().await;
    Mock::given(any())
        .respond_with(fussy)
        .mount(&vendor.server)
        .await;
    vendor
}

/// Every day of every campaign exactly once.
fn assert_complete(batches: &[analytics_connectors::Batch], entities: &[&str], days: usize) {
    let all: Vec<_> = facts(batches)
        .iter()
        .map(|fact| (fact.entity.to_string(), fact.date))
        .collect();
    let distinct: BTreeSet<_> = all.iter().cloned().collect();
    assert_eq!(all.len(), distinct.len(), "something came twice");
    assert_eq!(distinct.len(), entities.len() * days);
    for entity in entities {
        assert_eq!(distinct.iter().filter(|(id, _)| id == entity).count(), days);
    }
}

#[tokio::test]
async fn a_smaller_page_comes_first() {
    let vendor = Vendor::start().await;
    vendor.once(super::get(INSIGHTS), too_much()).await;
    vendor
        .on(super::get(INSIGHTS), super::answer("insights_empty"))
        .await;
    vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    let limits: Vec<_> = vendor
        .asked(INSIGHTS)
        .await
        .iter()
        .map(|params| params.get("limit").unwrap().to_owned())
        .collect();
    assert_eq!(limits, ["500", "250"]);
}

#[tokio::test]
async fn a_range_too_long_to_answer_directly_is_halved_until_it_fits() {
    let vendor = vendor(Fussy {
        campaigns: vec!["1", "2"],
        most_direct_days: 8,
        most_run_days: 0,
        most_run_campaigns: 0,
    })
    .await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    assert_complete(&batches, &["1", "2"], 31);
    assert!(
        vendor
            .requests()
            .await
            .iter()
            .all(|request| request.method.as_str() == "GET")
    );
}

#[tokio::test]
async fn what_never_fits_directly_is_asked_by_report_run() {
    let vendor = vendor(Fussy {
        campaigns: vec!["1", "2"],
        most_direct_days: 0,
        most_run_days: 31,
        most_run_campaigns: 100,
    })
    .await;
    let batches = vendor
        .daily(Level::Campaign, "2026-10-01", "2026-10-31")
        .await
        .unwrap();
    assert_complete(&batches, &["1", "2"], 31);
}

#[tokio::test]
async fn a_report_too_large_is_divided_by_days_and_then_by_campaign() {
    let vendor = vendor(Fussy {
        campaigns: vec!["1", "2", "3", "4", "5"],
        most_direct_days: 0,
        most_run_days: 1,
        most_run_campaigns: 2,
    })
    .await;
    let batches = vendor
        .daily(Level::Ad, "2026-10-01", "2026-10-04")
        .await
        .unwrap();
    assert_complete(&batches, &["111", "211", "311", "411", "511"], 4);
}

#[tokio::test]
async fn what_is_too_much_even_for_one_campaign_and_day_is_the_callers_to_decide() {
    let vendor = vendor(Fussy {
        campaigns: vec!["1", "2"],
        most_direct_days: 0,
        most_run_days: 0,
        most_run_campaigns: 0,
    })
    .await;
    let error = vendor
        .daily(Level::Ad, "2026-10-01", "2026-10-04")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
    // 4 days → 2 → 1 → campaigns → 1 campaign: one try each, and one question for the campaigns.
    assert!(vendor.requests().await.len() < 12);
}

#[tokio::test]
async fn dividing_is_bounded() {
    let vendor = Vendor::with(|config| config.max_splits = 3).await;
    Mock::given(any())
        .respond_with(Fussy {
            campaigns: vec!["1"],
            most_direct_days: 0,
            most_run_days: 1,
            most_run_campaigns: 100,
        })
        .mount(&vendor.server)
        .await;
    let error = vendor
        .daily(Level::Ad, "2026-10-01", "2026-10-31")
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooMuchData);
}

//! Meta's usage headers. Percentages are floats or integers and may exceed 100; unknown keys and
//! malformed headers are passed over: they are hints, not answers.

use std::time::Duration;

use http::HeaderMap;
use serde_json::Value;

use crate::http::{Usage, UsageScope};

const INSIGHTS: &str = "x-fb-ads-insights-throttle";
const INSIGHTS_REACH: &str = "x-fb-ads-insights-reach-throttle";
const BUSINESS: &str = "x-business-use-case-usage";
const AD_ACCOUNT: &str = "x-ad-account-usage";
const APP: &str = "x-app-usage";
const PAGE: &str = "x-page-usage";

/// Every usage figure in `headers`.
pub(crate) fn usage(headers: &HeaderMap) -> Vec<Usage> {
    let mut found = Vec::new();
    for name in [INSIGHTS, INSIGHTS_REACH] {
        if let Some(json) = parse(headers, name) {
            push(
                &mut found,
                UsageScope::Platform,
                &json["app_id_util_pct"],
                None,
            );
            push(
                &mut found,
                UsageScope::Account,
                &json["acc_id_util_pct"],
                None,
            );
        }
    }
    if let Some(json) = parse(headers, AD_ACCOUNT) {
        // Counts down all the time; it says when to come back only once the budget is used up.
        let reset = json["reset_time_duration"].as_f64().map(seconds);
        let used_up = json["acc_id_util_pct"].as_f64() >= Some(95.0);
        push(
            &mut found,
            UsageScope::Account,
            &json["acc_id_util_pct"],
            reset.filter(|_| used_up),
        );
    }
    if let Some(Value::Object(by_object)) = parse(headers, BUSINESS) {
        for use_case in by_object.values().filter_map(Value::as_array).flatten() {
            let regain = use_case["estimated_time_to_regain_access"]
                .as_f64()
                .map(|minutes| seconds(minutes * 60.0));
            for key in ["call_count", "total_cputime", "total_time"] {
                push(&mut found, UsageScope::Account, &use_case[key], regain);
            }
        }
    }
    for (name, scope) in [(APP, UsageScope::Platform), (PAGE, UsageScope::Account)] {
        if let Some(json) = parse(headers, name) {
            for key in ["call_count", "total_cputime", "total_time"] {
                push(&mut found, scope, &json[key], None);
            }
        }
    }
    found
}

fn parse(headers: &HeaderMap, name: &str) -> Option<Value> {
    serde_json::from_str(headers.get(name)?.to_str().ok()?).ok()
}

fn push(found: &mut Vec<Usage>, scope: UsageScope, percent: &Value, regain: Option<Duration>) {
    if let Some(percent) = percent.as_f64() {
        found.push(Usage {
            scope,
            percent,
            regain: regain.filter(|regain| !regain.is_zero()),
        });
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO)
}

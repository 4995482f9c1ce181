//! Budgets, as headers tell them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde_json::json;

use super::Reply;
use crate::simulator::Inner;

/// Calls an hour and account in the full tier.
const INSIGHTS_BUDGET: f64 = 190_000.0;
const MANAGEMENT_BUDGET: f64 = 100_000.0;
const TIER: &str = "standard_access";

type Headers = Vec<(&'static str, String)>;

/// An hour since 1970 and its calls, by account and whether they were for insights.
type Hour = (i64, BTreeMap<(String, bool), u32>);

/// Calls of the current hour.
#[derive(Debug, Default)]
pub(super) struct Usage {
    calls: Mutex<Hour>,
}

impl Usage {
    /// Headers of a good answer. `strain`: the per cent of every budget to claim.
    pub(super) fn headers(&self, sim: &Inner, reply: &Reply, strain: Option<f64>) -> Headers {
        let account = reply.account.clone().unwrap_or_default();
        let calls = {
            let hour = sim.now().timestamp() / 3_600;
            let mut usage = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            if usage.0 != hour {
                *usage = (hour, BTreeMap::new());
            }
            let calls = usage
                .1
                .entry((account.clone(), reply.insights))
                .or_default();
            *calls += 1;
            *calls
        };
        let budget = if reply.insights {
            INSIGHTS_BUDGET
        } else {
            MANAGEMENT_BUDGET
        };
        let percent = strain.unwrap_or((f64::from(calls) / budget * 10_000.0).round() / 100.0);
        let wait = if percent >= 100.0 { 5 } else { 0 };
        describe(&account, reply.insights, percent, calls, wait)
    }

    /// Headers of a refusal because a budget is used up.
    #[expect(
        clippy::unused_self,
        reason = "the budgets belong to it, even where a refusal claims its own"
    )]
    pub(super) fn exhausted(&self, account: Option<&str>) -> Headers {
        describe(account.unwrap_or_default(), true, 100.0, 190_000, 1)
    }
}

fn describe(account: &str, insights: bool, percent: f64, calls: u32, wait_minutes: u32) -> Headers {
    let app = json!({
        "call_count": percent.round() as i64, "total_cputime": 1, "total_time": 1,
    });
    let mut headers = vec![("x-app-usage", app.to_string())];
    if account.is_empty() {
        return headers;
    }
    let business = json!({ account: [{
        "type": if insights { "ads_insights" } else { "ads_management" },
        "call_count": percent.ceil() as i64,
        "total_cputime": (calls / 100).min(100),
        "total_time": (calls / 80).min(100),
        "estimated_time_to_regain_access": wait_minutes,
        "ads_api_access_tier": TIER,
    }]});
    headers.push(("x-business-use-case-usage", business.to_string()));
    let ad_account = json!({
        "acc_id_util_pct": percent, "reset_time_duration": 100, "ads_api_access_tier": TIER,
    });
    headers.push(("x-ad-account-usage", ad_account.to_string()));
    if insights {
        let throttle = json!({
            "app_id_util_pct": percent, "acc_id_util_pct": percent, "ads_api_access_tier": TIER,
        });
        headers.push(("x-fb-ads-insights-throttle", throttle.to_string()));
    }
    headers
}

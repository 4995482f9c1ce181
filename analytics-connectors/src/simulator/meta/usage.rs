//! Budgets of pages and profiles, as headers tell them.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde_json::json;

use super::gate::{Headers, Reply};
use crate::simulator::Inner;

/// Calls a day and account.
const BUDGET: f64 = 48_000.0;

/// A day since 1970 and its calls, by account.
type Day = (i64, BTreeMap<String, u32>);

/// Calls of the current day to one kind of accounts.
#[derive(Debug)]
pub(crate) struct Usage {
    /// What the vendor calls the use.
    kind: &'static str,
    calls: Mutex<Day>,
}

impl Usage {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self {
            kind,
            calls: Mutex::default(),
        }
    }

    /// Headers of a good answer. `strain`: the per cent of the budget to claim.
    pub(crate) fn headers(&self, sim: &Inner, reply: &Reply, strain: Option<f64>) -> Headers {
        let Some(account) = &reply.account else {
            return vec![(
                "x-app-usage",
                json!({ "call_count": strain.unwrap_or(1.0).round() as i64, "total_cputime": 1, "total_time": 1 })
                    .to_string(),
            )];
        };
        let calls = {
            let day = sim.now().timestamp() / 86_400;
            let mut usage = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
            if usage.0 != day {
                *usage = (day, BTreeMap::new());
            }
            let calls = usage.1.entry(account.clone()).or_default();
            *calls += 1;
            *calls
        };
        let percent = strain.unwrap_or(f64::from(calls) / BUDGET * 100.0);
        self.describe(account, percent, if percent >= 100.0 { 5 } else { 0 })
    }

    /// Headers of a refusal because the budget is used up.
    pub(crate) fn exhausted(&self, account: &str) -> Headers {
        self.describe(account, 100.0, 1)
    }

    fn describe(&self, account: &str, percent: f64, wait_minutes: u32) -> Headers {
        let business = json!({ account: [{
            "type": self.kind,
            "call_count": percent.ceil() as i64,
            "total_cputime": 1,
            "total_time": 2,
            "estimated_time_to_regain_access": wait_minutes,
        }]});
        vec![("x-business-use-case-usage", business.to_string())]
    }
}

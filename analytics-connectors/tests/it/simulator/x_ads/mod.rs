//! X Ads, asked as its API is asked.

mod billing;
mod faults;
mod jobs;
mod lists;
mod login;
mod refusals;
mod signer;
mod stats;

use std::sync::atomic::{AtomicU64, Ordering};

use analytics_connectors::simulator::{KnownAccount, SimulatorSettings};
use serde_json::Value;

use super::{Answer, Caller, answer};
use signer::Signer;

/// A caller of the API.
struct X {
    caller: Caller,
    accounts: Vec<KnownAccount>,
    calls: AtomicU64,
}

impl X {
    async fn start() -> Self {
        let settings = SimulatorSettings {
            accounts: 6,
            ..SimulatorSettings::default()
        };
        let caller = Caller::with(settings).await;
        let accounts = caller.simulator.accounts().into_iter();
        let accounts = accounts.filter(|known| known.platform == "x_ads");
        Self {
            accounts: accounts.collect(),
            caller,
            calls: AtomicU64::new(0),
        }
    }

    /// The id of the `n`th account.
    fn id(&self, n: usize) -> &str {
        &self.accounts[n].account
    }

    /// A signer with another nonce each time.
    fn signer_with(&self, token: Option<(String, String)>) -> Signer {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        Signer {
            key: self.caller.env("ANALYTICS_X_ADS_CLIENT_ID"),
            secret: self.caller.env("ANALYTICS_X_ADS_CLIENT_SECRET"),
            token,
            timestamp: self.caller.simulator.world().now().timestamp(),
            nonce: format!("nonce{call}"),
        }
    }

    fn signer(&self) -> Signer {
        let known = &self.accounts[0];
        let secret = known.token_secret.clone().unwrap();
        self.signer_with(Some((known.token.clone(), secret)))
    }

    fn address(&self, path: &str) -> String {
        let base = self.caller.env("ANALYTICS_X_ADS_BASE_URL");
        format!("{base}/12/{path}")
    }

    fn request(
        &self,
        signer: &Signer,
        method: &str,
        path: &str,
        params: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let address = self.address(path);
        let header = signer.header(method, &address, params, &[]);
        let url = format!("{address}?{}", signer::query(params));
        self.caller
            .http
            .request(method.parse().unwrap(), url)
            .header("authorization", header)
    }

    async fn call(&self, method: &str, path: &str, params: &[(&str, &str)]) -> Answer {
        answer(self.request(&self.signer(), method, path, params)).await
    }

    async fn get(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.call("GET", path, params).await
    }

    /// Every row of a list.
    async fn all(&self, path: &str, params: &[(&str, &str)]) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut cursor = String::new();
        loop {
            let mut params = params.to_vec();
            if !cursor.is_empty() {
                params.push(("cursor", &cursor));
            }
            let page = self.get(path, &params).await;
            assert_eq!(page.status, 200, "{page:?}");
            rows.extend_from_slice(page.rows());
            match &page.body["next_cursor"] {
                Value::String(next) => next.clone_into(&mut cursor),
                _ => return rows,
            }
        }
    }

    /// The ids of the campaigns of the first account that moved within a window.
    async fn active(&self, n: usize, entity: &str, start: &str, end: &str) -> Vec<Value> {
        let path = format!("stats/accounts/{}/active_entities", self.id(n));
        let params = [("entity", entity), ("start_time", start), ("end_time", end)];
        let found = self.get(&path, &params).await;
        assert_eq!(found.status, 200, "{found:?}");
        found.rows().to_vec()
    }

    /// A question about the first account's figures, with what is asked for instead.
    async fn stats(&self, n: usize, more: &[(&str, &str)]) -> Answer {
        let path = format!("stats/accounts/{}", self.id(n));
        self.get(&path, &question(more)).await
    }
}

/// A week of Tokyo.
fn question<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![
        ("entity", "CAMPAIGN"),
        ("granularity", "DAY"),
        ("placement", "ALL_ON_TWITTER"),
        ("metric_groups", "ENGAGEMENT,BILLING"),
        ("start_time", "2026-11-10T00:00:00+09:00"),
        ("end_time", "2026-11-17T00:00:00+09:00"),
    ];
    all.retain(|(name, _)| more.iter().all(|(given, _)| given != name));
    all.extend_from_slice(more);
    all
}

/// The status and code of an error.
fn code(answer: &Answer) -> (u16, String) {
    let code = &answer.body["errors"][0]["code"];
    let code = code
        .as_str()
        .map_or_else(|| code.to_string(), str::to_owned);
    (answer.status, code)
}

fn word(row: &Value, name: &str) -> String {
    row[name].as_str().unwrap().to_owned()
}

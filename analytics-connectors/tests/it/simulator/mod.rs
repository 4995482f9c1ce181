//! The simulator, asked as the platforms are asked: over HTTP.

mod clock;
mod faults;
mod insights;
mod login;
mod refusals;
mod reports;
mod structure;
mod truth;
mod x;
mod x_ads;
mod yahoo;

use analytics_connectors::simulator::{RunningSimulator, Simulator, SimulatorSettings};
use serde_json::Value;

/// A running simulator and a client that follows no redirect.
struct Caller {
    simulator: RunningSimulator,
    http: reqwest::Client,
    token: String,
}

/// An answer.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Answer {
    /// The vendor's code and subcode.
    fn error(&self) -> (i64, i64) {
        let error = &self.body["error"];
        (
            error["code"].as_i64().unwrap_or(0),
            error["error_subcode"].as_i64().unwrap_or(0),
        )
    }

    fn rows(&self) -> &[Value] {
        self.body["data"].as_array().map_or(&[], Vec::as_slice)
    }
}

impl Caller {
    async fn start() -> Self {
        Self::with(SimulatorSettings::default()).await
    }

    async fn with(settings: SimulatorSettings) -> Self {
        // Another test may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let simulator = Simulator::start(settings, None).await.unwrap();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let token = simulator.accounts()[0].token.clone();
        Self {
            simulator,
            http,
            token,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.base_url())
    }

    fn env(&self, name: &str) -> String {
        let env = self.simulator.env();
        env.into_iter().find(|(known, _)| known == name).unwrap().1
    }

    /// The id of the `n`th account.
    fn account(&self, n: usize) -> String {
        self.simulator.accounts()[n].account.clone()
    }

    /// A Graph call with the token.
    async fn get(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        self.get_with(&self.token, path, params).await
    }

    async fn get_with(&self, token: &str, path: &str, params: &[(&str, &str)]) -> Answer {
        let request = self
            .http
            .get(self.url(&format!("/meta/v26.0/{path}")))
            .query(params)
            .bearer_auth(token);
        answer(request).await
    }

    async fn post(&self, path: &str, params: &[(&str, &str)]) -> Answer {
        let request = self
            .http
            .post(self.url(&format!("/meta/v26.0/{path}")))
            .form(params)
            .bearer_auth(&self.token);
        answer(request).await
    }

    /// The insights of the first account.
    async fn insights(&self, params: &[(&str, &str)]) -> Answer {
        self.get(&format!("act_{}/insights", self.account(0)), params)
            .await
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::Null),
    }
}

//! The login with a Business ID: one consent for both products.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use analytics_core::model::Platform;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use chrono::Duration;

use super::{Product, jobs::Jobs};
use crate::simulator::{
    Inner,
    code_login::{self, CodeLogin, Granted, Provider},
    page,
    tokens::hmac_sha256,
    world::Dice,
};

static LOGIN: Provider = Provider {
    scopes: &[("yahooads", "広告アカウントの参照と管理", true)],
    token_prefix: "yja-",
    code_prefix: "",
    code_life: code_login::CODE_LIFE,
    access_life: Duration::seconds(3600),
    pkce: false,
    rotates: false,
    bad_code: code_login::BAD_CODE,
    bad_refresh: code_login::BAD_REFRESH,
    offline: |_| true,
    takes_state: |state| {
        let known =
            |letter: char| letter.is_ascii_alphanumeric() || "!#%&+-./:;=?@_~".contains(letter);
        state.len() <= 512 && state.chars().all(known)
    },
};

/// What Yahoo! JAPAN remembers.
#[derive(Debug)]
pub(crate) struct Yahoo {
    pub(super) login: CodeLogin,
    /// Number of the next answer.
    answers: AtomicU64,
    search: Jobs,
    display: Jobs,
}

impl Yahoo {
    pub(crate) fn new(seed: u64) -> Self {
        let hex = |what: &[u8]| {
            data_encoding::HEXLOWER.encode(&hmac_sha256(&seed.to_be_bytes(), what)[..16])
        };
        let (id, secret) = (hex(b"yahoo client"), hex(b"yahoo secret"));
        Self {
            login: CodeLogin::new(&LOGIN, seed, id, secret),
            answers: AtomicU64::new(0),
            search: Jobs::new(7_000_000_123),
            display: Jobs::new(8_100_456),
        }
    }

    pub(super) fn jobs(&self, product: Product) -> &Jobs {
        match product {
            Product::Search => &self.search,
            Product::Display => &self.display,
        }
    }

    /// The id of an answer.
    pub(super) fn rid(&self) -> String {
        let dice = Dice::new(self.answers.fetch_add(1, Ordering::Relaxed));
        format!("{:016x}{:016x}", dice.at(0).bits(), dice.at(1).bits())
    }

    /// The variables that point the connectors at a simulator.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        let base = format!("{base_url}/yahoo");
        let login = &self.login;
        let mut env = vec![
            (
                "ANALYTICS_YAHOO_CLIENT_ID".to_owned(),
                login.client_id.clone(),
            ),
            (
                "ANALYTICS_YAHOO_CLIENT_SECRET".to_owned(),
                login.client_secret.clone(),
            ),
            (
                "ANALYTICS_YAHOO_AUTH_URL".to_owned(),
                format!("{base}/oauth/v1/authorize"),
            ),
            (
                "ANALYTICS_YAHOO_TOKEN_URL".to_owned(),
                format!("{base}/oauth/v1/token"),
            ),
        ];
        for product in Product::ALL {
            let prefix = format!("ANALYTICS_{}", product.platform().to_uppercase());
            let path = product.path();
            for (name, value) in [
                ("BASE_URL", format!("{base}/{path}/api")),
                ("API_VERSION", "v20".to_owned()),
                // Nobody shares the simulated platform: no need to spare it.
                ("REQUESTS_PER_SECOND", "5000".to_owned()),
                ("POLL_INTERVAL", "10ms".to_owned()),
                ("POLL_MAX_INTERVAL", "50ms".to_owned()),
            ] {
                env.push((format!("{prefix}_{name}"), value));
            }
        }
        env
    }
}

/// The consent page.
pub(super) async fn show(State(sim): State<Arc<Inner>>, RawQuery(query): RawQuery) -> Response {
    let names = |product: Product| {
        let platform = Platform::from(product.platform());
        let accounts = sim.world.ad_accounts(&platform);
        accounts
            .map(|account| page::escape(&account.name))
            .collect()
    };
    let lists = [
        ("検索広告", names(Product::Search)),
        ("ディスプレイ広告", names(Product::Display)),
    ];
    let query = query.unwrap_or_default();
    sim.yahoo.login.show(&query, &lists)
}

/// The answer to it.
pub(super) async fn decide(
    State(sim): State<Arc<Inner>>,
    RawQuery(query): RawQuery,
    body: String,
) -> Response {
    let query = query.unwrap_or_default();
    sim.yahoo.login.decide(&query, &body, sim.now())
}

/// `POST …/token`.
pub(super) async fn token(State(sim): State<Arc<Inner>>, body: String) -> Response {
    let granted = sim.yahoo.login.exchange(&body, sim.now());
    code_login::answer(granted.map(|granted: Granted| granted.body()))
}

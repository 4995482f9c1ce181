//! A stand-in for Google Ads that answers for any number of accounts at once: one campaign with one
//! group and one ad each, every day two figures that follow from account and day. What is measured
//! is then the service, not the simulated world.

use std::{sync::Arc, time::Duration};

use analytics_core::{
    Store,
    model::{
        Account, Currency, DateRange, FoundAccount, GrantTokens, NewAccount, NewGrant, Platform,
        WorkspaceId,
    },
};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::post,
};
use chrono::{DateTime, Duration as Days, Utc};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    Failure,
    platform::{Door, serve},
};

/// Facts a day of an account has: two figures at four levels.
pub(crate) const FACTS_A_DAY: u64 = 8;

/// The stand-in.
pub(crate) struct StandIn {
    pub(crate) door: Arc<Door>,
    base_url: String,
}

impl StandIn {
    pub(crate) async fn start(latency: Duration) -> Result<Self, Failure> {
        let door = Arc::new(Door::default());
        let router = Router::new()
            .route("/google/{version}/customers/{id}/{method}", post(answer))
            .with_state(latency);
        // The token holds for all of the run: nobody asks for another one.
        let base_url = serve(door.before(router)).await?;
        Ok(Self { door, base_url })
    }

    pub(crate) fn env(&self) -> Vec<(String, String)> {
        let base = format!("{}/google", self.base_url);
        [
            ("ANALYTICS_GOOGLE_CLIENT_ID", "load"),
            ("ANALYTICS_GOOGLE_CLIENT_SECRET", "load"),
            ("ANALYTICS_GOOGLE_TOKEN_URL", &format!("{base}/token")),
            ("ANALYTICS_GOOGLE_ADS_BASE_URL", &base),
            ("ANALYTICS_GOOGLE_ADS_ACCESS_LEVEL", "standard"),
            ("ANALYTICS_GOOGLE_ADS_REQUESTS_PER_SECOND", "5000"),
            ("ANALYTICS_SYNC_WINDOW_MONTHS", "0"),
            ("ANALYTICS_SYNC_WINDOW_WEEKS", "0"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }
}

/// Links so many accounts, in a zone whose day is far from its end.
pub(crate) async fn link(
    store: &dyn Store,
    workspace: WorkspaceId,
    accounts: usize,
    linked_at: DateTime<Utc>,
) -> Result<Vec<Account>, Failure> {
    let grant = NewGrant {
        provider: "google".to_owned(),
        subject: "load".to_owned(),
        subject_name: None,
        scopes: vec!["https://www.googleapis.com/auth/adwords".to_owned()],
        tokens: GrantTokens {
            access_token: SecretString::from("load"),
            refresh_token: None,
            expires_at: Some(Utc::now() + Days::days(365)),
        },
        granted_at: linked_at,
    };
    let grant = store.save_grant(workspace, &grant).await?;
    let mut linked = Vec::with_capacity(accounts);
    for number in 0..accounts {
        let account = NewAccount {
            found: FoundAccount {
                platform: Platform::from("google_ads"),
                external_id: (1_000_000_000 + number).to_string(),
                name: format!("Account {number}"),
                currency: Some(Currency::new("JPY")?),
                time_zone: Some(quiet_zone()),
                picture_url: None,
                status: "active".to_owned(),
                access: Value::Null,
            },
            grant: grant.id,
            linked_at,
        };
        linked.push(store.link_account(workspace, &account).await?);
    }
    Ok(linked)
}

/// Where it is about noon now.
fn quiet_zone() -> chrono_tz::Tz {
    use chrono::Timelike;
    match Utc::now().hour() {
        0..=3 => chrono_tz::Asia::Tokyo,
        4..=9 => chrono_tz::Asia::Dubai,
        10..=15 => chrono_tz::UTC,
        16..=19 => chrono_tz::America::New_York,
        _ => chrono_tz::Pacific::Honolulu,
    }
}

async fn answer(
    State(latency): State<Duration>,
    Path((_, id, method)): Path<(String, String, String)>,
    body: Bytes,
) -> Response {
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let query = body["query"].as_str().unwrap_or_default();
    match rows(&id, query) {
        Some(rows) if method == "googleAds:searchStream" => {
            axum::Json(json!([{ "results": rows }])).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// A row a day; of whole ranges nothing.
fn rows(id: &str, query: &str) -> Option<Vec<Value>> {
    let (fields, rest) = query.split_once(" FROM ")?;
    let resource = rest.split(' ').next()?;
    let mut dates = rest.split('\'').skip(1).step_by(2);
    let range = DateRange::new(dates.next()?.parse().ok()?, dates.next()?.parse().ok()?).ok()?;
    if !fields.contains("segments.date") {
        return Some(Vec::new());
    }
    let depth = ["customer", "campaign", "ad_group", "ad_group_ad"];
    let depth = depth.iter().position(|one| *one == resource)?;
    let named = |name: &str| json!({ "id": "1", "name": name, "status": "ENABLED" });
    let rows = range.iter().map(|day| {
        let mut row = json!({
            "segments": { "date": day },
            "metrics": { "impressions": "1000", "costMicros": "5000000" },
        });
        if depth == 0 {
            row["customer"] = json!({ "id": id });
        }
        if depth >= 1 {
            row["campaign"] = named("Campaign");
        }
        if depth >= 2 {
            row["adGroup"] = named("Group");
        }
        if depth >= 3 {
            row["adGroupAd"] = json!({ "ad": { "id": "1", "name": "Ad" }, "status": "ENABLED" });
        }
        row
    });
    Some(rows.collect())
}

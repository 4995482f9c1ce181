//! Google: its login and the Google Ads API.

mod accounts;
mod blueprints;
mod error;
mod gaql;
mod gate;
mod login;
mod render;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
    routing::{get, post},
};

use super::{
    Inner, KnownAccount,
    world::{
        ads::{CountedMetric, Goal, Rules, Unit},
        counts::Measure,
    },
};
use analytics_core::model::Level;

pub(crate) use blueprints::accounts;
pub(crate) use login::Google;

/// The platform's id.
pub(crate) const PLATFORM: &str = "google_ads";

/// What the platform's answers amount to in normalized metrics.
#[rustfmt::skip]
static RULES: Rules = Rules {
    metrics: &[
        CountedMetric { id: "impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] },
        CountedMetric { id: "clicks", unit: Unit::Whole, value: |c| c[Measure::LinkClicks] },
        CountedMetric { id: "spend", unit: Unit::Money, value: |c| c[Measure::Spend] },
        CountedMetric { id: "conversions", unit: Unit::Millionths, value: |c| c.attributed() },
        CountedMetric { id: "conversion_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "conversions_all", unit: Unit::Millionths, value: |c| c.attributed_all() },
        CountedMetric { id: "conversion_value_all", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "view_through_conversions", unit: Unit::Whole, value: |c| c[Measure::PurchasesByView] },
        CountedMetric { id: "engagements", unit: Unit::Whole, value: |c| c.engagements() },
        CountedMetric { id: "video_views", unit: Unit::Whole, value: |c| c[Measure::VideoViews] },
        CountedMetric { id: "video_watch_time", unit: Unit::Whole, value: |c| c[Measure::WatchSeconds] },
        CountedMetric { id: "viewable_impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] * 7 / 10 },
        CountedMetric { id: "measurable_impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] * 9 / 10 },
    ],
    corrects_spend: false,
    reach: |level, of_range| of_range && matches!(level, Level::Account | Level::Campaign),
    ads_by_group: true,
    spell_id: |id| id.to_string(),
    // What was removed keeps its figures.
    shows: |_, _| true,
    // Performance Max has neither ad groups nor ads in reports.
    breaks_down: |campaign| campaign.goal != Goal::Leads,
};

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route(
            "/google/o/oauth2/v2/auth",
            get(login::show).post(login::decide),
        )
        .route("/google/token", post(login::token))
        .route(
            "/google/{version}/customers:listAccessibleCustomers",
            get(accessible),
        )
        .route("/google/{version}/customers/{id}/{method}", post(search))
}

/// Every account, with a token that never expires and the manager it is reached through.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    let accounts = sim.world.all_ad_accounts().iter();
    let accounts = accounts.filter(|account| account.platform.as_str() == PLATFORM);
    accounts
        .enumerate()
        .map(|(number, account)| KnownAccount {
            platform: PLATFORM.to_owned(),
            account: account.id.clone(),
            name: account.name.clone(),
            via: (!accounts::is_direct(number)).then(|| accounts::manager(sim)),
            token: sim.google.login.lasting_token(sim.now()),
            token_secret: None,
        })
        .collect()
}

async fn accessible(
    State(sim): State<Arc<Inner>>,
    Path(version): Path<String>,
    headers: HeaderMap,
) -> Response {
    let answer = gate::open(&sim, &version, &headers).map(|()| accounts::accessible(&sim));
    gate::answer(&sim, answer, false)
}

async fn search(
    State(sim): State<Arc<Inner>>,
    Path((version, customer, method)): Path<(String, String, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let answer = gate::open(&sim, &version, &headers)
        .and_then(|()| render::search(&sim, &customer, &method, &headers, &body));
    gate::answer(&sim, answer, true)
}

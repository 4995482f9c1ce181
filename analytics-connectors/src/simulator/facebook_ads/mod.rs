//! The Marketing API: accounts, structure, insights and report runs.

mod accounts;
mod actions;
mod blueprints;
mod fields;
mod filter;
mod insights;
mod params;
mod ranges;
mod render;
mod reports;
mod structure;
mod usage;

use analytics_core::model::{Level, Platform};
use axum::{http::Method, response::Response};

use super::{
    Inner, KnownAccount,
    meta::{
        error::GraphError,
        gate::{self, Gate, Reply},
        login::{TokenKind, require_scope},
        request::GraphRequest,
        scopes::Scopes,
    },
    tokens::Claims,
    world::{
        ads::{AdAccount, CountedMetric, Rules, Status, Unit},
        counts::Measure,
    },
};

pub(crate) use blueprints::accounts;

/// The platform's id.
pub(crate) const PLATFORM: &str = "facebook_ads";

/// What the platform's answers amount to in normalized metrics.
#[rustfmt::skip]
static RULES: Rules = Rules {
    metrics: &[
        CountedMetric { id: "impressions", unit: Unit::Whole, value: |c| c[Measure::Impressions] },
        CountedMetric { id: "spend", unit: Unit::Money, value: |c| c[Measure::Spend] },
        CountedMetric { id: "clicks", unit: Unit::Whole, value: |c| c[Measure::LinkClicks] },
        CountedMetric { id: "clicks_all", unit: Unit::Whole, value: |c| c[Measure::Clicks] },
        CountedMetric { id: "conversions", unit: Unit::Whole, value: |c| c[Measure::Purchases] + c[Measure::Leads] },
        CountedMetric { id: "conversion_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "purchases", unit: Unit::Whole, value: |c| c[Measure::Purchases] },
        CountedMetric { id: "purchase_value", unit: Unit::Money, value: |c| c[Measure::PurchaseValue] },
        CountedMetric { id: "leads", unit: Unit::Whole, value: |c| c[Measure::Leads] },
        CountedMetric { id: "video_views", unit: Unit::Whole, value: |c| c[Measure::VideoViews] },
        CountedMetric { id: "video_views_p25", unit: Unit::Whole, value: |c| c[Measure::VideoP25] },
        CountedMetric { id: "video_views_p50", unit: Unit::Whole, value: |c| c[Measure::VideoP50] },
        CountedMetric { id: "video_views_p75", unit: Unit::Whole, value: |c| c[Measure::VideoP75] },
        CountedMetric { id: "video_views_p100", unit: Unit::Whole, value: |c| c[Measure::VideoP100] },
        CountedMetric { id: "engagements", unit: Unit::Whole, value: |c| c.engagements() },
        CountedMetric { id: "reactions", unit: Unit::Whole, value: |c| c[Measure::Reactions] },
        CountedMetric { id: "comments", unit: Unit::Whole, value: |c| c[Measure::Comments] },
        CountedMetric { id: "shares", unit: Unit::Whole, value: |c| c[Measure::Shares] },
        CountedMetric { id: "saves", unit: Unit::Whole, value: |c| c[Measure::Saves] },
    ],
    corrects_spend: false,
    reach: |_, _| true,
    ads_by_group: false,
    spell_id: |id| id.to_string(),
    // Deleted ads vanish from lists of ads; what they did stays in everything above.
    shows: |level, status| level != Level::Ad || status != Status::Deleted,
    breaks_down: |_| true,
};

/// What the Marketing API remembers.
#[derive(Debug, Default)]
pub(crate) struct FacebookAds {
    reports: reports::Reports,
    usage: usage::Usage,
}

/// The variables that point the connector at a simulator.
pub(crate) fn env(base_url: &str) -> Vec<(String, String)> {
    [
        (
            "ANALYTICS_FACEBOOK_ADS_BASE_URL",
            format!("{base_url}/meta"),
        ),
        ("ANALYTICS_FACEBOOK_ADS_API_VERSION", "v26.0".to_owned()),
        // Nobody shares the simulated platform: no need to spare it.
        ("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "10ms".to_owned()),
        (
            "ANALYTICS_FACEBOOK_ADS_POLL_MAX_INTERVAL",
            "40ms".to_owned(),
        ),
        (
            "ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND",
            "5000".to_owned(),
        ),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// Every account, with a token that never expires.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    super::meta::login::revoke_if_due(sim, PLATFORM);
    let accounts = sim.world.all_ad_accounts().iter();
    accounts
        .filter(|account| account.platform.as_str() == PLATFORM)
        .map(|account| KnownAccount {
            platform: PLATFORM.to_owned(),
            account: account.id.clone(),
            name: account.name.clone(),
            via: None,
            token: sim
                .meta
                .token(TokenKind::System, Scopes::ALL, Scopes::default(), sim.now()),
            token_secret: None,
        })
        .collect()
}

const GATE: Gate = Gate {
    platform: PLATFORM,
    limit: 80_000,
    caller: "ad-account",
};

/// Answers a request that has been authenticated. `user`: the node is the user.
pub(crate) fn handle(sim: &Inner, request: &GraphRequest, claims: &Claims, user: bool) -> Response {
    let answer = require_scope(claims, &["ads_read", "ads_management"])
        .and_then(|()| GATE.before(sim))
        .and_then(|()| reply(sim, request, claims, user));
    let usage = &sim.facebook_ads.usage;
    match answer {
        Ok(reply) => GATE.after(sim, &reply, |strain| usage.headers(sim, &reply, strain)),
        Err(error) => gate::refuse(error, || usage.exhausted(request.node.strip_prefix("act_"))),
    }
}

/// The account behind `act_…`, unless the user may no longer read it.
fn account<'a>(
    sim: &'a Inner,
    request: &GraphRequest,
    id: &str,
) -> Result<&'a AdAccount, GraphError> {
    let found = sim
        .world
        .ad_account(&Platform::from(PLATFORM), id)
        .ok_or_else(|| no_object(request))?;
    GATE.permission(sim, &found.id)?;
    Ok(found)
}

fn no_object(request: &GraphRequest) -> GraphError {
    GraphError::no_object(&request.method.as_str().to_lowercase(), &request.node)
}

/// The campaign, ad set or ad with this id.
fn entity<'a>(
    sim: &'a Inner,
    request: &GraphRequest,
) -> Result<(&'a AdAccount, Level, usize), GraphError> {
    let id: u64 = request.node.parse().map_err(|_| no_object(request))?;
    let (account, level, index) = sim
        .world
        .all_ad_accounts()
        .iter()
        .find_map(|account| {
            account
                .find(id)
                .map(|(level, index)| (account, level, index))
        })
        .ok_or_else(|| no_object(request))?;
    GATE.permission(sim, &account.id)?;
    if account.started(level, index) > account.as_of(sim.now()).today {
        return Err(no_object(request));
    }
    Ok((account, level, index))
}

fn reply(
    sim: &Inner,
    request: &GraphRequest,
    claims: &Claims,
    user: bool,
) -> Result<Reply, GraphError> {
    let edge = request.edge.as_deref();
    let get = request.method == Method::GET;
    if user {
        return match edge {
            Some("adaccounts") if get => accounts::list(sim, request, claims),
            _ => Err(no_edge(request)),
        };
    }
    if let Some(id) = request.node.strip_prefix("act_") {
        let account = account(sim, request, id)?;
        return match (edge, get) {
            (None, true) => accounts::one(sim, request, account),
            (Some("insights"), true) => insights::get(sim, request, account, (Level::Account, 0)),
            (Some("insights"), false) if request.method == Method::POST => {
                reports::create(sim, request, account, (Level::Account, 0))
            }
            (Some("campaigns"), true) => structure::list(sim, request, account, Level::Campaign),
            (Some("adsets"), true) => structure::list(sim, request, account, Level::AdGroup),
            (Some("ads"), true) => structure::list(sim, request, account, Level::Ad),
            _ => Err(no_edge(request)),
        };
    }
    if sim.facebook_ads.reports.knows(&request.node) {
        return match (edge, get) {
            (None, true) => reports::poll(sim, request),
            (Some("insights"), true) => reports::results(sim, request),
            _ => Err(no_edge(request)),
        };
    }
    let (account, level, index) = entity(sim, request)?;
    match (edge, get) {
        (None, true) => structure::one(sim, request, account, level, index),
        (Some("insights"), true) => insights::get(sim, request, account, (level, index)),
        (Some("insights"), false) if request.method == Method::POST => {
            reports::create(sim, request, account, (level, index))
        }
        _ => Err(no_edge(request)),
    }
}

fn no_edge(request: &GraphRequest) -> GraphError {
    let edge = request.edge.as_deref().unwrap_or_default();
    GraphError::new(2500, format!("Unknown path components: /{edge}"))
}

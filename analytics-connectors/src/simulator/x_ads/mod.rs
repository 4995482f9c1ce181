//! X Ads: its login, and the API whose figures are arrays of days.

mod accounts;
mod activity;
mod blueprints;
mod entity;
mod error;
mod gate;
mod ids;
mod jobs;
mod limits;
mod listing;
mod login;
mod metrics;
mod orders;
mod params;
mod placement;
mod request;
mod route;
mod rules;
mod series;
mod signature;
mod stats;
mod time;
mod tweets;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    http::Method,
    response::Response,
    routing::{any, get, post},
};
use serde_json::json;

use super::{Inner, KnownAccount, calls::RouteName};
use error::ApiError;
use gate::Reply;
use limits::Class;
use params::Params;
use request::Call;
use route::Route;

pub(crate) use blueprints::accounts;
pub(crate) use login::XAds;

/// The platform's id.
const PLATFORM: &str = "x_ads";
/// The version that is served.
const VERSION: &str = "12";
/// Who logs in.
const USER: &str = "1700000000424242";

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route("/x_ads/oauth/request_token", post(login::request_token))
        .route(
            "/x_ads/oauth/authorize",
            get(login::show).post(login::decide),
        )
        .route("/x_ads/oauth/access_token", post(login::access_token))
        .route(
            "/x_ads/1.1/oauth/invalidate_token.json",
            post(login::invalidate),
        )
        .route("/x_ads/files/{name}", get(orders::file))
        .route("/x_ads/{version}/{*path}", any(answer))
}

/// Every account, with a token that reads it.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    let accounts = sim.world.all_ad_accounts().iter();
    let accounts = accounts.filter(|account| account.platform.as_str() == PLATFORM);
    accounts
        .map(|account| {
            let token = sim.x_ads.lasting_token(sim.now());
            KnownAccount {
                platform: PLATFORM.to_owned(),
                account: account.id.clone(),
                name: account.name.clone(),
                via: None,
                token_secret: Some(sim.x_ads.secret_of(&token)),
                token,
            }
        })
        .collect()
}

async fn answer(
    State(sim): State<Arc<Inner>>,
    Path((version, path)): Path<(String, String)>,
    call: Call,
) -> Response {
    let route = match Route::named(&path) {
        Ok(route) if version == VERSION => route,
        _ => return gate::answer(&sim, &json!({}), Err(ApiError::no_route())),
    };
    let reply = reply(&sim, route, &call);
    let params = match route.account() {
        Some(id) => json!({ "account_id": id }),
        None => json!({}),
    };
    let mut response = gate::answer(&sim, &params, reply);
    // Otherwise all of them would be counted as one.
    response.extensions_mut().insert(RouteName(route.name()));
    response
}

fn reply(sim: &Inner, route: Route<'_>, call: &Call) -> Result<Reply, ApiError> {
    let user = gate::open(sim, call)?;
    route.takes(&call.method)?;
    let count = |class| sim.x_ads.limits.count(class, &user, sim.now());
    let address = || route.name();
    let headers = match route {
        Route::Accounts => count(Class::Accounts)?,
        Route::Stats(_) | Route::ActiveEntities(_) | Route::Reach(_) => count(Class::Analytics)?,
        Route::List(id, _) => count(Class::Listing(id.to_owned(), address()))?,
        Route::Account(id) | Route::Access(id) | Route::Tweets(id) => {
            count(Class::Reading(id.to_owned(), address()))?
        }
        Route::Jobs(id) if call.method == Method::GET => {
            count(Class::Reading(id.to_owned(), address()))?
        }
        Route::Jobs(id) | Route::Job(id, _) => count(Class::Writing(id.to_owned()))?,
    };
    let params = Params::parse(route, call)?;
    let account = |id: &str| accounts::target(sim, id);
    let reply: Reply = match route {
        Route::Accounts => accounts::list(sim, &params)?.into(),
        Route::Account(id) => accounts::one(sim, account(id)?, &params).into(),
        Route::Access(id) => accounts::access(sim, account(id)?, &params).into(),
        Route::List(id, entity) => listing::list(sim, account(id)?, entity, &params)?.into(),
        Route::Tweets(id) => tweets::list(sim, account(id)?, &params)?.into(),
        Route::Stats(id) => stats::at_once(sim, account(id)?, &params)?.into(),
        Route::ActiveEntities(id) => activity::active(sim, account(id)?, &params)?.into(),
        Route::Reach(id) => activity::reach(sim, account(id)?, &params)?.into(),
        Route::Jobs(id) if call.method == Method::POST => {
            orders::order(sim, account(id)?, &params, call)?
        }
        Route::Jobs(id) => orders::poll(sim, account(id)?, &params, call)?.into(),
        Route::Job(id, job) => orders::cancel(sim, account(id)?, &params, job, call)?.into(),
    };
    Ok(reply.with_headers(headers))
}

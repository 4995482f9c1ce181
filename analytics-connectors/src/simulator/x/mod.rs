//! X: its login with refresh tokens that work once, and the posts of its users, whose figures are
//! counters as of now. Counters move at midnight in Tokyo.

mod billing;
mod blueprints;
mod cursor;
mod dress;
mod error;
mod gate;
mod ids;
mod limits;
mod login;
mod lookup;
mod metrics;
mod page;
mod params;
mod render;
mod shape;
mod timeline;
mod users;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method},
    response::Response,
    routing::{any, get, post},
};
use chrono_tz::Tz;

use super::{Inner, KnownAccount, calls::RouteName};
use error::Problem;
use limits::{Class, Headers};

pub use billing::Billed;
pub(crate) use blueprints::accounts;
pub(crate) use login::X;

/// The platform's id.
const PLATFORM: &str = "x";
/// Whose midnights move the counters.
const ZONE: Tz = Tz::Asia__Tokyo;

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route(
            "/x/i/oauth2/authorize",
            get(login::show).post(login::decide),
        )
        .route("/x/2/oauth2/token", post(login::token))
        .route("/x/2/oauth2/revoke", post(login::revoke))
        .route("/x/2/{*path}", any(answer))
}

/// Every user, with a token that never expires.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    let users = sim.world.media_accounts(PLATFORM);
    users
        .map(|user| KnownAccount {
            platform: PLATFORM.to_owned(),
            account: user.id.clone(),
            name: user.name.clone(),
            via: None,
            token: sim
                .x
                .login
                .lasting_token_of(user.id.parse().unwrap_or_default(), sim.now()),
            token_secret: None,
        })
        .collect()
}

/// What is asked for.
#[derive(Debug, Clone, Copy)]
enum Route<'a> {
    Me,
    User(&'a str),
    Timeline(&'a str),
    Lookup,
}

impl<'a> Route<'a> {
    fn named(path: &'a str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').collect();
        Some(match parts[..] {
            ["users", "me"] => Self::Me,
            ["users", id] => Self::User(id),
            ["users", id, "tweets"] => Self::Timeline(id),
            ["tweets"] => Self::Lookup,
            _ => return None,
        })
    }

    fn class(self) -> Class {
        match self {
            Self::Me => Class::Me,
            Self::User(_) => Class::User,
            Self::Timeline(_) => Class::Timeline,
            Self::Lookup => Class::Lookup,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Me => "/x/2/users/me",
            Self::User(_) => "/x/2/users/{id}",
            Self::Timeline(_) => "/x/2/users/{id}/tweets",
            Self::Lookup => "/x/2/tweets",
        }
    }
}

async fn answer(
    State(sim): State<Arc<Inner>>,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let Some(route) = Route::named(&path).filter(|_| method == Method::GET) else {
        return Problem::not_found().answer();
    };
    let query = query.unwrap_or_default();
    let (response, headers) = match reply(&sim, route, &query, &headers) {
        Ok(told) => told,
        Err((problem, headers)) => (problem.answer(), headers),
    };
    let mut response = gate::told(response, headers);
    // Otherwise all of them would be counted as one.
    let name = RouteName(route.name().to_owned());
    response.extensions_mut().insert(name);
    response
}

fn reply(
    sim: &Inner,
    route: Route<'_>,
    query: &str,
    headers: &HeaderMap,
) -> Result<(Response, Headers), (Problem, Headers)> {
    let (caller, headers) = gate::open(sim, route.class(), headers)?;
    let reply = match route {
        Route::Me => users::get(sim, &caller, None, query),
        Route::User(id) => users::get(sim, &caller, Some(id), query),
        Route::Timeline(id) => timeline::get(sim, &caller, id, query),
        Route::Lookup => lookup::get(sim, &caller, query),
    };
    match reply {
        Ok(reply) => Ok((gate::answer(sim, &caller, reply), headers)),
        Err(problem) => Err((problem, headers)),
    }
}

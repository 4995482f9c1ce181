//! Yahoo! JAPAN Ads: one login, and the APIs of its two products, Search and Display.

mod accounts;
mod blueprints;
mod definition;
mod envelope;
mod fields;
mod format;
mod gate;
mod jobs;
mod login;
mod operation;
mod paging;
mod reports;
mod rules;
mod table;

use std::sync::Arc;

use analytics_core::model::Platform;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{Inner, KnownAccount, calls::RouteName, world::ads::Rules};
use operation::Operation;

pub(crate) use blueprints::accounts;
pub(crate) use login::Yahoo;

/// A product with an API of its own: other accounts, other fields, other habits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Product {
    Search,
    Display,
}

impl Product {
    const ALL: [Self; 2] = [Self::Search, Self::Display];

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|product| product.path() == name)
    }

    /// Its name in addresses.
    fn path(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Display => "display",
        }
    }

    /// The platform's id.
    fn platform(self) -> &'static str {
        match self {
            Self::Search => "yahoo_search_ads",
            Self::Display => "yahoo_display_ads",
        }
    }

    fn rules(self) -> &'static Rules {
        match self {
            Self::Search => &rules::RULES_SEARCH,
            Self::Display => &rules::RULES_DISPLAY,
        }
    }
}

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new()
        .route(
            "/yahoo/oauth/v1/authorize",
            get(login::show).post(login::decide),
        )
        .route("/yahoo/oauth/v1/token", post(login::token))
        .route(
            "/yahoo/{product}/api/{version}/{service}/{method}",
            post(call),
        )
}

/// Every account of both products, with a token that never expires and the base account to go
/// through, where that is another one.
pub(crate) fn known_accounts(sim: &Inner) -> Vec<KnownAccount> {
    let of = |product: Product| {
        let platform = Platform::from(product.platform());
        let accounts: Vec<_> = sim.world.ad_accounts(&platform).collect();
        accounts
            .into_iter()
            .enumerate()
            .map(move |(number, account)| KnownAccount {
                platform: product.platform().to_owned(),
                account: account.id.clone(),
                name: account.name.clone(),
                via: (!accounts::is_direct(number)).then(|| accounts::manager(product).to_string()),
                token: sim.yahoo.login.lasting_token(sim.now()),
                token_secret: None,
            })
    };
    Product::ALL.into_iter().flat_map(of).collect()
}

async fn call(
    State(sim): State<Arc<Inner>>,
    Path((product, version, service, method)): Path<(String, String, String, String)>,
    headers: HeaderMap,
    body: String,
) -> Response {
    let Some(product) = Product::named(&product) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let answer = Operation::named(&version, &service, &method).and_then(|operation| {
        let base = gate::open(&sim, product, operation, &headers)?;
        operation.run(&sim, product, base.as_ref(), &body)
    });
    let mut response = gate::answer(&sim, product, answer);
    // Otherwise all operations would be counted as one.
    let path = product.path();
    let route = format!("/yahoo/{path}/api/{{version}}/{service}/{method}");
    response.extensions_mut().insert(RouteName(route));
    response
}

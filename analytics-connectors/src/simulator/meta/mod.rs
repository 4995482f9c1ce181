//! Meta: Facebook Login and the Graph API's front door.

pub(crate) mod advertiser;
pub(crate) mod days;
mod dialog;
pub(crate) mod error;
mod exchange;
pub(crate) mod gate;
pub(crate) mod login;
mod page;
pub(crate) mod paging;
pub(crate) mod project;
pub(crate) mod request;
pub(crate) mod scopes;
pub(crate) mod usage;

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde_json::Value;

pub(crate) use login::Meta;

use super::{Inner, KnownAccount, calls::RouteName, facebook_ads, facebook_page, instagram};
use error::GraphError;
use request::GraphRequest;

/// Versions that are served; older ones are gone, newer ones are not there yet.
const VERSIONS: std::ops::RangeInclusive<u32> = 25..=26;

pub(crate) fn router() -> Router<Arc<Inner>> {
    let dialog = || get(dialog::show).post(dialog::decide);
    Router::new()
        .route("/meta/dialog/oauth", dialog())
        .route("/meta/{version}/dialog/oauth", dialog())
        .route("/meta/pictures/{id}", get(picture))
        .route("/meta/oauth/access_token", any(unversioned_token))
        .route("/meta/{version}/{node}", any(node))
        .route("/meta/{version}/{node}/{edge}", any(edge))
}

fn json(body: impl Into<String>) -> Response {
    ([(header::CONTENT_TYPE, super::JSON)], body.into()).into_response()
}

fn answer(result: Result<Value, GraphError>) -> Response {
    match result {
        Ok(value) => json(value.to_string()),
        Err(error) => error.into_response(),
    }
}

async fn unversioned_token(
    State(sim): State<Arc<Inner>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = (
        "v26.0".to_owned(),
        "oauth".to_owned(),
        Some("access_token".to_owned()),
    );
    let request = GraphRequest::new(method, path, &headers, query.as_deref(), &body);
    answer(exchange::access_token(&sim, &request))
}

async fn node(
    State(sim): State<Arc<Inner>>,
    Path((version, node)): Path<(String, String)>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    dispatch(
        &sim,
        &GraphRequest::new(
            method,
            (version, node, None),
            &headers,
            query.as_deref(),
            &body,
        ),
    )
}

async fn edge(
    State(sim): State<Arc<Inner>>,
    Path((version, node, edge)): Path<(String, String, String)>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let path = (version, node, Some(edge));
    dispatch(
        &sim,
        &GraphRequest::new(method, path, &headers, query.as_deref(), &body),
    )
}

/// Name of the route for the call log: ids of every kind are one.
fn route_name(request: &GraphRequest) -> String {
    let node = request.node.as_str();
    let node = if node.starts_with("act_") {
        "act_{id}"
    } else if node
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'_')
    {
        "{id}"
    } else {
        node
    };
    let edge = request
        .edge
        .as_ref()
        .map(|edge| format!("/{edge}"))
        .unwrap_or_default();
    format!("/meta/{{version}}/{node}{edge}")
}

fn dispatch(sim: &Inner, request: &GraphRequest) -> Response {
    let mut response = route(sim, request).unwrap_or_else(IntoResponse::into_response);
    response
        .extensions_mut()
        .insert(RouteName(route_name(request)));
    response
}

fn route(sim: &Inner, request: &GraphRequest) -> Result<Response, GraphError> {
    check_version(&request.version)?;
    let edge = request.edge.as_deref();
    match (request.node.as_str(), edge) {
        ("oauth", Some("access_token")) => return Ok(answer(exchange::access_token(sim, request))),
        ("debug_token", None) => return Ok(answer(exchange::debug_token(sim, request))),
        _ => {}
    }
    let user = request.node == "me" || request.node == sim.meta.user_id;
    let owner = Owner::of(sim, request, user);
    login::revoke_if_due(sim, owner.platform());
    let claims = login::authenticate(sim, request)?;
    match (user, edge, &request.method) {
        (true, None, &Method::GET) => Ok(answer(exchange::me(sim, request))),
        (true, Some("permissions"), &Method::GET) => {
            Ok(json(exchange::permissions(&claims).to_string()))
        }
        (true, Some("permissions"), &Method::DELETE) => {
            Ok(json(exchange::remove_app(sim).to_string()))
        }
        _ => Ok(match owner {
            Owner::Ads => facebook_ads::handle(sim, request, &claims, user),
            Owner::Pages => facebook_page::discover(sim, request, &claims),
            Owner::Page => facebook_page::handle(sim, request, &claims),
            Owner::Profile => instagram::handle(sim, request, &claims),
        }),
    }
}

/// Which platform's API a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Ads,
    /// Lists of pages, which lead to profiles too.
    Pages,
    Page,
    Profile,
}

impl Owner {
    fn of(sim: &Inner, request: &GraphRequest, user: bool) -> Self {
        match (user, request.edge.as_deref()) {
            (true, Some("accounts" | "businesses")) => return Self::Pages,
            (true, _) => return Self::Ads,
            (false, Some("owned_pages" | "client_pages"))
                if facebook_page::is_business(sim, &request.node) =>
            {
                return Self::Pages;
            }
            _ => {}
        }
        if facebook_page::page(sim, &request.node).is_some() {
            Self::Page
        } else if instagram::owner(sim, &request.node).is_some() {
            Self::Profile
        } else {
            Self::Ads
        }
    }

    fn platform(self) -> &'static str {
        match self {
            Self::Ads => facebook_ads::PLATFORM,
            Self::Pages | Self::Page => facebook_page::PLATFORM,
            Self::Profile => instagram::PLATFORM,
        }
    }
}

/// Pages or profiles that the user may read, with a token of the user that never expires.
pub(crate) fn known_media(sim: &Inner, platform: &'static str) -> Vec<KnownAccount> {
    login::revoke_if_due(sim, platform);
    sim.world
        .media_accounts(platform)
        .filter(|account| account.readable)
        .map(|account| KnownAccount {
            platform: platform.to_owned(),
            account: account.id.clone(),
            name: account
                .username
                .clone()
                .unwrap_or_else(|| account.name.clone()),
            via: None,
            token: sim.meta.token(
                login::TokenKind::System,
                scopes::Scopes::ALL,
                scopes::Scopes::default(),
                sim.now(),
            ),
            token_secret: None,
        })
        .collect()
}

fn check_version(version: &str) -> Result<(), GraphError> {
    let major = version
        .strip_prefix('v')
        .and_then(|rest| rest.strip_suffix(".0"))
        .and_then(|n| n.parse::<u32>().ok());
    match major {
        Some(major) if VERSIONS.contains(&major) => Ok(()),
        Some(major) if major < *VERSIONS.start() => Err(GraphError::new(
            2635,
            format!(
                "(#2635) You are calling a deprecated version of the Ads API. Please update to the \
                 latest version: v{}.0.",
                VERSIONS.end()
            ),
        )),
        _ => Err(GraphError::new(
            2500,
            format!("Unknown path components: /{version}"),
        )),
    }
}

/// A drawn picture of a business or an ad.
async fn picture(Path(id): Path<String>) -> Response {
    let hue = id
        .bytes()
        .fold(7_u32, |hue, byte| (hue * 31 + u32::from(byte)) % 360);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 64 64\"><rect width=\"64\" height=\"64\" \
         fill=\"hsl({hue} 55% 62%)\"/><circle cx=\"44\" cy=\"22\" r=\"9\" fill=\"hsl({hue} 70% 88%)\"/>\
         <path d=\"M0 64 22 30l16 20 8-9 18 23z\" fill=\"hsl({hue} 45% 38%)\"/></svg>"
    );
    ([(header::CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

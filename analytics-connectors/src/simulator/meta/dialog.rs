//! The consent dialog: a page that a person can click.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use url::Url;

use super::{
    login,
    page::{self, escape},
    request::Params,
    scopes::Scopes,
};
use crate::simulator::{Inner, facebook_ads, facebook_page, instagram};

type Sim = State<Arc<Inner>>;

/// What the dialog was opened with.
struct Dialog {
    redirect_uri: Url,
    /// As it was spelt: the exchange must spell it alike.
    spelt: String,
    state: Option<String>,
    asked: Scopes,
}

impl Dialog {
    fn parse(sim: &Inner, params: &Params) -> Result<Self, String> {
        if params.get("client_id") != Some(sim.meta.app_id.as_str()) {
            return Err(
                "Invalid App ID: The provided app ID does not look like a valid app ID.".to_owned(),
            );
        }
        let redirect_uri = params
            .get("redirect_uri")
            .and_then(|uri| Url::parse(uri).ok())
            .filter(|uri| matches!(uri.scheme(), "http" | "https") && uri.has_host())
            .ok_or(
                "Invalid redirect_uri: Given URL is not allowed by the Application configuration.",
            )?;
        match params.get("response_type") {
            None | Some("code") => {}
            Some(other) => return Err(format!("Unsupported response_type: {other}")),
        }
        let asked = Scopes::parse(params.get("scope").unwrap_or_default()).map_err(|scope| {
            format!("Invalid Scopes: {scope}. This message is only shown to developers.")
        })?;
        // What was declined once is asked again on request only.
        let asked = match params.get("auth_type") {
            Some("rerequest") => asked,
            _ => asked.without(sim.meta.declined()),
        };
        Ok(Self {
            spelt: params.get("redirect_uri").unwrap_or_default().to_owned(),
            redirect_uri,
            state: params.get("state").map(str::to_owned),
            asked: asked.or(Scopes::ALWAYS),
        })
    }

    /// Back to the app with these parameters and its state.
    fn back(&self, parameters: &[(&str, &str)]) -> Response {
        let mut target = self.redirect_uri.clone();
        target.query_pairs_mut().extend_pairs(parameters);
        if let Some(state) = &self.state {
            target.query_pairs_mut().append_pair("state", state);
        }
        let location = format!("{target}#_=_");
        (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
    }
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(page::error(message))).into_response()
}

/// `GET /dialog/oauth`: the page.
pub(super) async fn show(State(sim): Sim, RawQuery(query): RawQuery) -> Response {
    login::revoke_if_due(&sim, facebook_ads::PLATFORM);
    let params = Params::new(query.as_deref(), b"");
    match Dialog::parse(&sim, &params) {
        Ok(dialog) => {
            let ad_accounts = sim
                .world
                .all_ad_accounts()
                .iter()
                .filter(|account| account.platform.as_str() == facebook_ads::PLATFORM)
                .map(|account| escape(&account.name))
                .collect();
            let pages = facebook_page::pages(&sim)
                .map(|page| escape(&page.name))
                .collect();
            let profiles = sim
                .world
                .media_accounts(instagram::PLATFORM)
                .filter_map(|profile| profile.username.as_deref())
                .map(escape)
                .collect();
            let lists = [
                ("Ad accounts", "ads_read", ad_accounts),
                ("Pages", "pages_show_list", pages),
                ("Instagram accounts", "instagram_basic", profiles),
            ];
            Html(page::consent(sim.meta.user_name, dialog.asked, &lists)).into_response()
        }
        Err(message) => refused(&message),
    }
}

/// `POST /dialog/oauth`: the answer, with `decision` `allow` or `deny`. From the page comes one
/// `scope` for each box that is ticked; without `page`, everything that was asked is granted.
pub(super) async fn decide(State(sim): Sim, RawQuery(query): RawQuery, body: String) -> Response {
    let dialog = match Dialog::parse(&sim, &Params::new(query.as_deref(), b"")) {
        Ok(dialog) => dialog,
        Err(message) => return refused(&message),
    };
    login::revoke_if_due(&sim, facebook_ads::PLATFORM);
    let form = Params::new(None, body.as_bytes());
    match form.get("decision") {
        Some("allow") => {}
        Some("deny") => {
            return dialog.back(&[
                ("error", "access_denied"),
                ("error_code", "200"),
                ("error_description", "Permissions error"),
                ("error_reason", "user_denied"),
            ]);
        }
        _ => return refused("The form has no decision: send decision=allow or decision=deny."),
    }
    let ticked: Vec<&str> = form.all("scope").collect();
    let granted = if form.get("page").is_none() && ticked.is_empty() {
        dialog.asked
    } else {
        match Scopes::parse(&ticked.join(",")) {
            Ok(ticked) => ticked.and(dialog.asked).or(Scopes::ALWAYS),
            Err(scope) => return refused(&format!("Invalid Scopes: {scope}")),
        }
    };
    let declined = dialog.asked.without(granted);
    let code = sim
        .meta
        .issue_code(&dialog.spelt, granted, declined, sim.now());
    dialog.back(&[("code", &code)])
}

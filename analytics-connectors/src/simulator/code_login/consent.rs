//! The consent page, and the answer to it.

use axum::{
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use url::{Url, form_urlencoded};

use super::{CODE, Code, CodeLogin, Params, params};
use crate::simulator::page;

/// What a page was opened with.
struct Dialog {
    redirect_uri: Url,
    spelt: String,
    state: String,
    asked: Vec<page::Asked<'static>>,
    challenge: Option<String>,
    offline: bool,
}

fn refused(message: &str) -> Response {
    (StatusCode::BAD_REQUEST, Html(page::error(message))).into_response()
}

impl CodeLogin {
    /// The challenge that a page was opened with, where there has to be one.
    fn challenge(&self, params: &Params) -> Result<Option<String>, String> {
        if !self.provider.pkce {
            return Ok(None);
        }
        let given = params.get("code_challenge");
        let given = given.filter(|text| (43..=128).contains(&text.len()));
        let challenge = given.ok_or("Error 400: invalid_request. code_challenge")?;
        match params.get("code_challenge_method").map(String::as_str) {
            Some("S256") => Ok(Some(challenge.clone())),
            _ => Err("Error 400: invalid_request. code_challenge_method".to_owned()),
        }
    }

    fn dialog(&self, query: &str) -> Result<Dialog, String> {
        let params = params(query);
        let get = |name: &str| params.get(name).map(String::as_str).unwrap_or_default();
        if get("client_id") != self.client_id {
            return Err("Error 401: invalid_client. The OAuth client was not found.".to_owned());
        }
        if get("response_type") != "code" {
            return Err("Error 400: unsupported_response_type".to_owned());
        }
        let redirect_uri = Url::parse(get("redirect_uri"))
            .map_err(|_| "Error 400: redirect_uri_mismatch".to_owned())?;
        if !(self.provider.takes_state)(get("state")) {
            return Err("Error 400: invalid_request. state".to_owned());
        }
        let mut asked = Vec::new();
        for scope in get("scope").split_whitespace() {
            let known = self.provider.scopes.iter().find(|known| known.0 == scope);
            asked.push(*known.ok_or_else(|| format!("Error 400: invalid_scope. {scope}"))?);
        }
        Ok(Dialog {
            redirect_uri,
            spelt: get("redirect_uri").to_owned(),
            state: get("state").to_owned(),
            asked,
            challenge: self.challenge(&params)?,
            offline: (self.provider.offline)(&params),
        })
    }

    /// The consent page, with what can be reached: headings and names as HTML.
    pub(crate) fn show(&self, query: &str, lists: &[page::Reach]) -> Response {
        match self.dialog(query) {
            Ok(dialog) => Html(page::consent("Sample User", &dialog.asked, lists)).into_response(),
            Err(message) => refused(&message),
        }
    }

    /// The consent page of a provider where one of several users signs in.
    pub(crate) fn show_to(&self, query: &str, place: &str, users: &[page::Choice]) -> Response {
        match self.dialog(query) {
            Ok(dialog) => Html(page::consent_of(place, users, &dialog.asked)).into_response(),
            Err(message) => refused(&message),
        }
    }

    /// The answer to it, with `decision` `allow` or `deny`. Without `page` everything is granted.
    pub(crate) fn decide(&self, query: &str, body: &str, now: DateTime<Utc>) -> Response {
        self.decide_as(0, query, body, now)
    }

    /// The same by one of several users.
    pub(crate) fn decide_as(
        &self,
        user: u64,
        query: &str,
        body: &str,
        now: DateTime<Utc>,
    ) -> Response {
        let dialog = match self.dialog(query) {
            Ok(dialog) => dialog,
            Err(message) => return refused(&message),
        };
        let form: Vec<(String, String)> = form_urlencoded::parse(body.as_bytes())
            .into_owned()
            .collect();
        let has = |name: &str, value: Option<&str>| {
            form.iter()
                .any(|(key, given)| key == name && value.is_none_or(|value| value == given))
        };
        let mut target = dialog.redirect_uri.clone();
        if has("decision", Some("deny")) {
            target
                .query_pairs_mut()
                .append_pair("error", "access_denied");
        } else {
            let mut granted = 0;
            for (bit, (scope, _, always)) in self.provider.scopes.iter().enumerate() {
                let asked = dialog.asked.iter().any(|asked| asked.0 == *scope);
                if asked && (*always || !has("page", None) || has("scope", Some(scope))) {
                    granted |= 1 << bit;
                }
            }
            let life = self.provider.code_life;
            let token = self.issue(CODE, (user, granted), Some(life), now);
            let code = format!("{}{token}", self.provider.code_prefix);
            let known = Code {
                user,
                redirect_uri: dialog.spelt,
                challenge: dialog.challenge,
                granted,
                offline: dialog.offline,
                expires: now + life,
            };
            self.remember(code.clone(), known);
            target.query_pairs_mut().append_pair("code", &code);
        }
        target.query_pairs_mut().append_pair("state", &dialog.state);
        (
            StatusCode::SEE_OTHER,
            [(header::LOCATION, target.to_string())],
        )
            .into_response()
    }
}

//! Tokens over HTTP: exchange, inspection, permissions, who am I.

use serde_json::{Map, Value, json};

use super::{
    error::GraphError,
    login::{self, TokenKind},
    project::project,
    request::{GraphRequest, parse_fields},
    scopes::Scopes,
};
use crate::simulator::{Inner, tokens::Claims};

/// `/oauth/access_token`: a code or a live token becomes a token.
pub(super) fn access_token(sim: &Inner, request: &GraphRequest) -> Result<Value, GraphError> {
    let params = &request.params;
    sim.meta
        .check_app(params.get("client_id"), params.get("client_secret"))?;
    let now = sim.now();
    match params.get("grant_type") {
        Some("fb_exchange_token") => {
            let claims = sim.meta.check(params.require("fb_exchange_token")?, now)?;
            let (granted, declined) = (Scopes(claims.granted), Scopes(claims.declined));
            let token = sim.meta.token(TokenKind::Long, granted, declined, now);
            Ok(json!({ "access_token": token, "token_type": "bearer", "expires_in": 5_183_999 }))
        }
        Some("client_credentials") => {
            let token = format!("{}|{}", sim.meta.app_id, sim.meta.app_secret);
            Ok(json!({ "access_token": token, "token_type": "bearer" }))
        }
        None | Some("authorization_code") => {
            let code = params.require("code")?;
            let (granted, declined) =
                sim.meta
                    .redeem(code, params.require("redirect_uri")?, now)?;
            let token = sim.meta.token(TokenKind::Short, granted, declined, now);
            Ok(json!({ "access_token": token, "token_type": "bearer", "expires_in": 7_200 }))
        }
        Some(other) => Err(GraphError::parameter(format!(
            "Unsupported grant_type: {other}"
        ))),
    }
}

/// `/debug_token`: what a token is worth, for the app.
pub(super) fn debug_token(sim: &Inner, request: &GraphRequest) -> Result<Value, GraphError> {
    let app = request
        .token
        .as_deref()
        .and_then(|token| token.split_once('|'));
    if let Some((id, secret)) = app {
        sim.meta.check_app(Some(id), Some(secret))?;
    } else {
        login::authenticate(sim, request)?;
    }
    let input = request.params.require("input_token")?;
    Ok(match sim.meta.check(input, sim.now()) {
        Ok(claims) => {
            let scopes: Vec<&str> = Scopes(claims.granted).names().collect();
            let expires = claims.expires.map_or(0, |at| at.timestamp());
            let data_expires = (claims.issued + chrono::Duration::days(90)).timestamp();
            json!({ "data": {
                "app_id": sim.meta.app_id, "type": match claims.kind {
                    kind if kind == TokenKind::System as u8 => "SYSTEM_USER",
                    kind if kind == TokenKind::Page as u8 => "PAGE",
                    _ => "USER",
                },
                "application": "Analytics", "data_access_expires_at": data_expires, "expires_at": expires,
                "is_valid": true, "issued_at": claims.issued.timestamp(), "scopes": scopes,
                "granular_scopes": scopes.iter().map(|scope| json!({ "scope": scope })).collect::<Vec<_>>(),
                "user_id": sim.meta.user_id,
            }})
        }
        Err(error) => {
            let mut reason = json!({ "code": error.code, "message": error.message });
            if let Some(subcode) = error.subcode {
                reason["subcode"] = subcode.into();
            }
            json!({ "data": { "app_id": sim.meta.app_id, "is_valid": false, "scopes": [], "error": reason } })
        }
    })
}

/// `/me`.
pub(super) fn me(sim: &Inner, request: &GraphRequest) -> Result<Value, GraphError> {
    let fields = parse_fields(request.params.get("fields").unwrap_or("id,name"))?;
    let mut user = Map::new();
    user.insert("id".to_owned(), sim.meta.user_id.clone().into());
    user.insert("name".to_owned(), sim.meta.user_name.into());
    user.insert("email".to_owned(), Value::Null);
    Ok(Value::Object(project("User", &user, &fields)?))
}

/// `/me/permissions`.
pub(super) fn permissions(claims: &Claims) -> Value {
    let entry = |status: &'static str| move |name| json!({ "permission": name, "status": status });
    let granted = Scopes(claims.granted).names().map(entry("granted"));
    let declined = Scopes(claims.declined).names().map(entry("declined"));
    json!({ "data": granted.chain(declined).collect::<Vec<_>>() })
}

/// `DELETE /me/permissions`: the user removes the app.
pub(super) fn remove_app(sim: &Inner) -> Value {
    sim.meta.forget();
    json!({ "success": true })
}

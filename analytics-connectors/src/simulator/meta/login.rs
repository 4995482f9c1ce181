//! Facebook Login: the app, the user, codes and tokens.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;

use super::{error::GraphError, request::GraphRequest, scopes::Scopes};
use crate::simulator::{
    Inner,
    faults::Fault,
    tokens::{Claims, TokenFlaw, TokenMint, hmac_sha256},
    world::Dice,
};

/// Provider name that faults may use in place of a platform.
pub(crate) const PROVIDER: &str = "meta";
const CODE_LIFE: Duration = Duration::minutes(10);
const SHORT_LIFE: Duration = Duration::hours(2);
const LONG_LIFE: Duration = Duration::seconds(5_183_999);

/// What kind of token it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    Short = 1,
    Long = 2,
    System = 3,
    /// Of a page instead of the user.
    Page = 4,
}

#[derive(Debug)]
struct Code {
    redirect_uri: String,
    granted: Scopes,
    declined: Scopes,
    expires: DateTime<Utc>,
    used: bool,
}

/// The registered app and the one user.
#[derive(Debug)]
pub(crate) struct Meta {
    pub(super) app_id: String,
    pub(super) app_secret: String,
    pub(super) user_id: String,
    pub(super) user_name: &'static str,
    pub(super) mint: TokenMint,
    codes: Mutex<HashMap<String, Code>>,
    granted: Mutex<Scopes>,
    declined: Mutex<Scopes>,
}

impl Meta {
    pub(crate) fn new(seed: u64) -> Self {
        let dice = Dice::new(seed).of("meta");
        Self {
            app_id: format!(
                "{}",
                1_200_000_000_000_000 + dice.of("app").below(99_999_999_999_999)
            ),
            app_secret: format!(
                "{:016x}{:016x}",
                dice.of("secret").bits(),
                dice.of("secret").at(1).bits()
            ),
            user_id: format!(
                "{}",
                10_200_000_000_000_000 + dice.of("user").below(999_999_999_999_999)
            ),
            user_name: "Sample User",
            mint: TokenMint::new(seed, "EAAS"),
            codes: Mutex::default(),
            granted: Mutex::default(),
            declined: Mutex::default(),
        }
    }

    /// The variables that point a client at this provider.
    pub(crate) fn env(&self, base_url: &str) -> Vec<(String, String)> {
        [
            ("ANALYTICS_META_CLIENT_ID", self.app_id.clone()),
            ("ANALYTICS_META_CLIENT_SECRET", self.app_secret.clone()),
            (
                "ANALYTICS_META_AUTH_URL",
                format!("{base_url}/meta/v26.0/dialog/oauth"),
            ),
            (
                "ANALYTICS_META_TOKEN_URL",
                format!("{base_url}/meta/v26.0/oauth/access_token"),
            ),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    /// What the user declined.
    pub(super) fn declined(&self) -> Scopes {
        *self.declined.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A code for a user who has just consented.
    pub(super) fn issue_code(
        &self,
        redirect_uri: &str,
        granted: Scopes,
        declined: Scopes,
        now: DateTime<Utc>,
    ) -> String {
        let granted = self.remember(granted, declined);
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        codes.retain(|_, code| code.expires > now);
        // A token's text is as good a code as any: unique and not to be guessed.
        let code = format!(
            "AQ{}",
            &self.token(TokenKind::Short, granted, declined, now)[4..]
        );
        codes.insert(
            code.clone(),
            Code {
                redirect_uri: redirect_uri.to_owned(),
                granted,
                declined,
                expires: now + CODE_LIFE,
                used: false,
            },
        );
        code
    }

    /// The scopes behind a code, once.
    pub(super) fn redeem(
        &self,
        code: &str,
        redirect_uri: &str,
        now: DateTime<Utc>,
    ) -> Result<(Scopes, Scopes), GraphError> {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = codes.get_mut(code.trim_end_matches("#_=_")) else {
            return Err(
                GraphError::parameter("Invalid verification code format.").kind("OAuthException")
            );
        };
        if known.used {
            return Err(
                GraphError::parameter("This authorization code has been used.").subcode(36_009),
            );
        }
        if known.expires <= now {
            return Err(
                GraphError::parameter("This authorization code has expired.").subcode(36_007),
            );
        }
        if known.redirect_uri != redirect_uri {
            return Err(GraphError::parameter(
                "Error validating verification code. Please make sure your redirect_uri is identical \
                 to the one you used in the OAuth dialog request",
            )
            .subcode(36_008));
        }
        known.used = true;
        Ok((known.granted, known.declined))
    }

    /// A new token of the user.
    pub(crate) fn token(
        &self,
        kind: TokenKind,
        granted: Scopes,
        declined: Scopes,
        now: DateTime<Utc>,
    ) -> String {
        let expires = match kind {
            TokenKind::Short => Some(now + SHORT_LIFE),
            TokenKind::Long => Some(now + LONG_LIFE),
            TokenKind::System | TokenKind::Page => None,
        };
        self.mint.issue(&Claims {
            kind: kind as u8,
            issued: now,
            expires,
            granted: granted.0,
            declined: declined.0,
            subject: 0,
        })
    }

    /// A token of a page, made of the user's: it may do what that one may, and does not expire.
    pub(crate) fn page_token(&self, page: &str, user: &Claims, now: DateTime<Utc>) -> String {
        self.mint.issue(&Claims {
            kind: TokenKind::Page as u8,
            issued: now,
            expires: None,
            subject: page.parse().unwrap_or_default(),
            ..*user
        })
    }

    /// Scopes that the user has granted and not taken back: a new consent adds to them.
    fn remember(&self, granted: Scopes, declined: Scopes) -> Scopes {
        let mut refused = self.declined.lock().unwrap_or_else(PoisonError::into_inner);
        *refused = refused.or(declined).without(granted);
        let mut known = self.granted.lock().unwrap_or_else(PoisonError::into_inner);
        *known = known.or(granted).without(declined);
        *known
    }

    /// The user removes the app: nothing is granted any more.
    pub(super) fn forget(&self) {
        *self.granted.lock().unwrap_or_else(PoisonError::into_inner) = Scopes::default();
        self.mint.revoke_all();
    }

    /// What Meta sends when the user removes the app or asks for deletion: proof and payload in
    /// one text.
    pub(crate) fn signed_request(&self, now: DateTime<Utc>) -> String {
        let payload = serde_json::json!({
            "user_id": self.user_id,
            "algorithm": "HMAC-SHA256",
            "issued_at": now.timestamp(),
        });
        let payload = BASE64URL_NOPAD.encode(payload.to_string().as_bytes());
        let proof = hmac_sha256(self.app_secret.as_bytes(), payload.as_bytes());
        format!("{}.{payload}", BASE64URL_NOPAD.encode(&proof))
    }

    /// What a token stands for.
    pub(super) fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, GraphError> {
        self.mint.check(token, now).map_err(|flaw| match flaw {
            TokenFlaw::Unknown => {
                GraphError::token("Invalid OAuth access token - Cannot parse access token", None)
            }
            TokenFlaw::Expired => GraphError::token(
                "Error validating access token: Session has expired. The current time is past its end.",
                Some(463),
            ),
            TokenFlaw::Revoked => GraphError::token(
                "Error validating access token: The session has been invalidated because the user \
                 changed their password or Facebook has changed the session for security reasons.",
                Some(460),
            ),
        })
    }

    /// Whether `secret` belongs to the app `id`.
    pub(super) fn check_app(
        &self,
        id: Option<&str>,
        secret: Option<&str>,
    ) -> Result<(), GraphError> {
        if id != Some(self.app_id.as_str()) {
            return Err(GraphError::new(
                101,
                "Error validating application. Cannot get application info due to a system error.",
            ));
        }
        if secret != Some(self.app_secret.as_str()) {
            return Err(GraphError::new(1, "Error validating client secret."));
        }
        Ok(())
    }
}

/// Ends every token if a [`Fault::RevokeToken`] is due.
pub(crate) fn revoke_if_due(sim: &Inner, platform: &str) {
    for name in [platform, PROVIDER] {
        if sim.faults.take(name, &[Fault::RevokeToken]).is_some() {
            sim.meta.mint.revoke_all();
            return;
        }
    }
}

/// Who calls: the claims of the request's token, whose proof is checked if there is one.
pub(crate) fn authenticate(sim: &Inner, request: &GraphRequest) -> Result<Claims, GraphError> {
    let Some(token) = request.token.as_deref() else {
        return Err(GraphError::token(
            "An active access token must be used to query information about the current user.",
            None,
        ));
    };
    let claims = sim.meta.check(token, sim.now())?;
    if let Some(proof) = request.params.get("appsecret_proof") {
        let expected = hmac_sha256(sim.meta.app_secret.as_bytes(), token.as_bytes());
        if proof != data_encoding::HEXLOWER.encode(&expected) {
            return Err(GraphError::new(
                100,
                "Invalid appsecret_proof provided in the API argument",
            )
            .kind("GraphMethodException"));
        }
    }
    Ok(claims)
}

/// Whether the token may do what needs `scope`.
pub(crate) fn require_permission(claims: &Claims, scope: &str) -> Result<(), GraphError> {
    if Scopes(claims.granted).has(scope) {
        return Ok(());
    }
    Err(GraphError::new(
        10,
        format!("(#10) This endpoint requires the '{scope}' permission to be granted"),
    )
    .status(403))
}

/// Whether the token may do what needs one of `scopes`.
pub(crate) fn require_scope(claims: &Claims, scopes: &[&str]) -> Result<(), GraphError> {
    let granted = Scopes(claims.granted);
    if scopes.iter().any(|scope| granted.has(scope)) {
        return Ok(());
    }
    Err(GraphError::new(
        200,
        format!(
            "(#200) Ad account owner has NOT grant {} permission",
            scopes.join(" or ")
        ),
    )
    .status(403))
}

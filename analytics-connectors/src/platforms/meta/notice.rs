//! Signed requests: how Meta tells an app that a user removed it, or wants to be forgotten.

use chrono::DateTime;
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use sha2::Sha256;

use super::login::PROVIDER;
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::Notice,
};

/// What a signed request says.
#[derive(Debug, Deserialize)]
struct Payload {
    algorithm: String,
    user_id: String,
    /// Unix seconds.
    issued_at: Option<i64>,
}

/// What a signed request says, once it is proved to come from Meta.
pub(super) fn read(secret: &SecretString, signed_request: &str) -> Result<Notice> {
    let refused = |what: &str| {
        Error::new(
            ErrorKind::PermissionDenied,
            PROVIDER,
            "verify a signed request",
            what,
        )
    };
    let decode = |text: &str| {
        BASE64URL_NOPAD
            .decode(text.trim_end_matches('=').as_bytes())
            .map_err(|_| refused("it is no base64"))
    };
    let (proof, payload) = signed_request
        .split_once('.')
        .ok_or_else(|| refused("it has no proof"))?;
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of every length");
    mac.update(payload.as_bytes());
    mac.verify_slice(&decode(proof)?)
        .map_err(|_| refused("its proof was not made with the app's secret"))?;
    let payload: Payload = serde_json::from_slice(&decode(payload)?)
        .map_err(|_| refused("it does not say which user it is about"))?;
    if !payload.algorithm.eq_ignore_ascii_case("HMAC-SHA256") {
        return Err(refused("it was signed in another way than HMAC-SHA256"));
    }
    Ok(Notice {
        subject: payload.user_id,
        issued_at: payload
            .issued_at
            .and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(secret: &str, payload: &str) -> String {
        let payload = BASE64URL_NOPAD.encode(payload.as_bytes());
        #[expect(clippy::unwrap_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(payload.as_bytes());
        let proof = BASE64URL_NOPAD.encode(&mac.finalize().into_bytes());
        format!("{proof}.{payload}")
    }

    #[test]
    fn only_what_the_apps_secret_signed_is_believed() {
        let secret = SecretString::from("app secret");
        let good = r#"{"algorithm":"HMAC-SHA256","user_id":"42","issued_at":1}"#;
        let request = signed("app secret", good);
        let notice = Notice {
            subject: "42".to_owned(),
            issued_at: DateTime::from_timestamp(1, 0),
        };
        assert_eq!(read(&secret, &request).ok(), Some(notice));
        let (proof, payload) = request.split_once('.').unwrap_or_default();
        let padded = format!("{proof}=.{payload}==");
        assert!(read(&secret, &padded).is_err(), "padding was not signed");
        let other = signed(
            "app secret",
            r#"{"algorithm":"HMAC-SHA256","user_id":"43"}"#,
        );
        let (_, other_payload) = other.split_once('.').unwrap_or_default();
        for bad in [
            signed("another secret", good),
            format!("{proof}.{other_payload}"),
            signed("app secret", r#"{"algorithm":"none","user_id":"42"}"#),
            signed("app secret", r#"{"algorithm":"HMAC-SHA256"}"#),
            signed("app secret", "no json"),
            payload.to_owned(),
            format!(".{payload}"),
            "!.!".to_owned(),
            String::new(),
        ] {
            let refused = read(&secret, &bad);
            assert!(
                refused.is_err_and(|error| error.kind == ErrorKind::PermissionDenied),
                "{bad}"
            );
        }
    }
}

//! The `state` of the linking flow: signed, expiring, and used once (the caller sees to the last,
//! with the store's `use_once`).

use analytics_core::model::PublicId;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// Keeps signatures of other things under the same key from being taken for states.
const PURPOSE: &[u8] = b"analytics link state v1\0";

/// What must survive the journey through the provider's consent page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkState {
    /// The workspace that links.
    pub workspace: PublicId,
    /// The user who links.
    pub user: i64,
    /// Provider.
    pub provider: String,
    /// Platforms that are asked for.
    pub platforms: Vec<String>,
    /// Makes it unique; what the caller marks as used.
    pub nonce: String,
    /// When it is no longer accepted.
    pub expires_at: DateTime<Utc>,
}

impl LinkState {
    /// A nonce of 128 random bits.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new_nonce() -> Result<String, StateError> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|_| StateError::NoRandomness)?;
        Ok(data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase())
    }
}

/// Why a state is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not made by this service, or changed on the way.
    #[error("the state was not issued by this service")]
    Invalid,
    /// Made here, too long ago.
    #[error("the state has expired; start linking again")]
    Expired,
    /// No new one can be made.
    #[error("the system has no randomness for a new state")]
    NoRandomness,
}

/// Signs and checks states.
#[derive(Clone)]
pub struct StateSigner {
    mac: Hmac<Sha256>,
}

impl std::fmt::Debug for StateSigner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StateSigner")
    }
}

impl StateSigner {
    /// A signer by `key`, which is secret and of any length (32 random bytes are right).
    #[must_use]
    pub fn new(key: &[u8]) -> Self {
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
        mac.update(PURPOSE);
        Self { mac }
    }

    /// The state as text that is safe in a URL.
    #[must_use]
    pub fn sign(&self, state: &LinkState) -> String {
        #[expect(
            clippy::expect_used,
            reason = "a struct of texts and numbers is always JSON"
        )]
        let payload = serde_json::to_vec(state).expect("a struct of texts and numbers is JSON");
        let payload = URL_SAFE_NO_PAD.encode(payload);
        let mut mac = self.mac.clone();
        mac.update(payload.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        format!("{payload}.{signature}")
    }

    /// The state behind `text`, if it was signed here and has not expired at `now`.
    ///
    /// # Errors
    /// [`StateError::Invalid`] or [`StateError::Expired`].
    pub fn verify(&self, text: &str, now: DateTime<Utc>) -> Result<LinkState, StateError> {
        let (payload, signature) = text.split_once('.').ok_or(StateError::Invalid)?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| StateError::Invalid)?;
        let mut mac = self.mac.clone();
        mac.update(payload.as_bytes());
        // Constant time.
        mac.verify_slice(&signature)
            .map_err(|_| StateError::Invalid)?;
        let state: LinkState = URL_SAFE_NO_PAD
            .decode(payload)
            .ok()
            .and_then(|json| serde_json::from_slice(&json).ok())
            .ok_or(StateError::Invalid)?;
        if state.expires_at <= now {
            return Err(StateError::Expired);
        }
        Ok(state)
    }
}

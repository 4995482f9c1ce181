//! Opaque tokens that the simulator recognizes without remembering them: it signs what they stand
//! for. So a token still works after a restart with the same seed, as in life.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU32, Ordering},
};

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SIGNATURE: usize = 16;

/// HMAC-SHA256.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(crate) fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).expect("any length will do");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Claims {
    /// The provider's own kind of token.
    pub(crate) kind: u8,
    /// When it was issued.
    pub(crate) issued: DateTime<Utc>,
    /// When it expires; none: never.
    pub(crate) expires: Option<DateTime<Utc>>,
    /// Scopes granted, a bit each.
    pub(crate) granted: u16,
    /// Scopes asked for and declined, a bit each.
    pub(crate) declined: u16,
    /// What else it stands for, for example the page it belongs to; 0: nothing.
    pub(crate) subject: u64,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenFlaw {
    /// Not one of ours.
    Unknown,
    /// Too old.
    Expired,
    /// No longer wanted by its user.
    Revoked,
}

#[derive(Debug, Default)]
struct Revoked {
    /// Tokens of this process up to this serial number.
    through: u32,
    /// Tokens of every earlier process.
    earlier: bool,
}

/// Issues and checks the tokens of one provider.
#[derive(Debug)]
pub(crate) struct TokenMint {
    key: Vec<u8>,
    prefix: &'static str,
    process: u32,
    serial: AtomicU32,
    revoked: Mutex<Revoked>,
}

impl TokenMint {
    /// A mint whose tokens start with `prefix`.
    pub(crate) fn new(seed: u64, prefix: &'static str) -> Self {
        Self {
            key: hmac_sha256(&seed.to_be_bytes(), prefix.as_bytes()),
            prefix,
            process: getrandom::u32().unwrap_or_else(|_| std::process::id()),
            serial: AtomicU32::new(0),
            revoked: Mutex::default(),
        }
    }

    /// A new token.
    pub(crate) fn issue(&self, claims: &Claims) -> String {
        let serial = self.serial.fetch_add(1, Ordering::SeqCst) + 1;
        let mut bytes = vec![claims.kind];
        bytes.extend(claims.issued.timestamp().to_be_bytes());
        bytes.extend(claims.expires.map_or(0, |at| at.timestamp()).to_be_bytes());
        bytes.extend(claims.granted.to_be_bytes());
        bytes.extend(claims.declined.to_be_bytes());
        bytes.extend(claims.subject.to_be_bytes());
        bytes.extend(self.process.to_be_bytes());
        bytes.extend(serial.to_be_bytes());
        bytes.extend(&hmac_sha256(&self.key, &bytes)[..SIGNATURE]);
        format!("{}{}", self.prefix, BASE64URL_NOPAD.encode(&bytes))
    }

    /// What `token` stands for at `now`.
    pub(crate) fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenFlaw> {
        let (claims, process, serial) = self.read(token).ok_or(TokenFlaw::Unknown)?;
        let revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = if process == self.process {
            serial <= revoked.through
        } else {
            revoked.earlier
        };
        if gone {
            Err(TokenFlaw::Revoked)
        } else if claims.expires.is_some_and(|at| at <= now) {
            Err(TokenFlaw::Expired)
        } else {
            Ok(claims)
        }
    }

    /// Ends every token issued so far.
    pub(crate) fn revoke_all(&self) {
        let mut revoked = self.revoked.lock().unwrap_or_else(PoisonError::into_inner);
        revoked.through = self.serial.load(Ordering::SeqCst);
        revoked.earlier = true;
    }

    fn read(&self, token: &str) -> Option<(Claims, u32, u32)> {
        let bytes = BASE64URL_NOPAD
            .decode(token.strip_prefix(self.prefix)?.as_bytes())
            .ok()?;
        let (body, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE)?)?;
        if hmac_sha256(&self.key, body)[..SIGNATURE] != *signature {
            return None;
        }
        let mut rest = body;
        let kind = take::<1>(&mut rest)?[0];
        let issued = i64::from_be_bytes(take(&mut rest)?);
        let expires = i64::from_be_bytes(take(&mut rest)?);
        let granted = u16::from_be_bytes(take(&mut rest)?);
        let declined = u16::from_be_bytes(take(&mut rest)?);
        let subject = u64::from_be_bytes(take(&mut rest)?);
        let process = u32::from_be_bytes(take(&mut rest)?);
        let serial = u32::from_be_bytes(take(&mut rest)?);
        let claims = Claims {
            kind,
            issued: DateTime::from_timestamp(issued, 0)?,
            expires: if expires == 0 {
                None
            } else {
                Some(DateTime::from_timestamp(expires, 0)?)
            },
            granted,
            declined,
            subject,
        };
        Some((claims, process, serial))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

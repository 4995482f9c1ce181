//! How text stands in queries and signatures.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};

/// Everything but the unreserved characters of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Text as it stands in a signature, and must then stand on the wire (RFC 3986).
#[must_use]
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A token and its secret as one secret, spelt as token endpoints answer.
pub(super) fn token_pair(token: &str, secret: &SecretString) -> SecretString {
    let secret = encode(secret.expose_secret());
    SecretString::from(format!(
        "oauth_token={}&oauth_token_secret={secret}",
        encode(token)
    ))
}

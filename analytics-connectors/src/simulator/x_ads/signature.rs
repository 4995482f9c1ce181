//! OAuth 1.0a: what is signed, and the signature.

use std::collections::BTreeSet;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use sha1::Sha1;

/// Decoded names and values.
pub(super) type Pairs = Vec<(String, String)>;

/// Everything but what RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn encode(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// What is signed: `pairs` are all parameters of the call, and those of its header but the
/// signature.
pub(super) fn base_string<'a>(
    method: &str,
    address: &str,
    pairs: impl IntoIterator<Item = &'a (String, String)>,
) -> String {
    let mut encoded: Vec<(String, String)> = pairs
        .into_iter()
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    encoded.sort_unstable();
    let joined: Vec<String> = encoded
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!("{method}&{}&{}", encode(address), encode(&joined.join("&")))
}

/// The signature of a base string.
#[expect(clippy::expect_used, reason = "HMAC takes keys of any length")]
pub(super) fn sign(base: &str, consumer_secret: &str, token_secret: &str) -> String {
    let key = format!("{}&{}", encode(consumer_secret), encode(token_secret));
    let mut mac =
        <Hmac<Sha1> as KeyInit>::new_from_slice(key.as_bytes()).expect("any length will do");
    mac.update(base.as_bytes());
    BASE64.encode(&mac.finalize().into_bytes())
}

fn decode(text: &str) -> Option<String> {
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// What an `Authorization` header holds; none if that is no OAuth header.
pub(super) fn header(value: &str) -> Option<Pairs> {
    let mut pairs = Pairs::new();
    let mut names = BTreeSet::new();
    for part in value.strip_prefix("OAuth ")?.split(',') {
        let (name, quoted) = part.trim().split_once('=')?;
        let value = quoted.strip_prefix('"')?.strip_suffix('"')?;
        let name = decode(name)?;
        if !names.insert(name.clone()) {
            return None;
        }
        pairs.push((name, decode(value)?));
    }
    Some(pairs)
}

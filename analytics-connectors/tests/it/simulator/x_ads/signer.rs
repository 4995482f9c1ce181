//! Signatures, made without the simulator's help.

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

type Pair<'a> = (&'a str, &'a str);

/// What signs.
#[derive(Debug, Clone)]
pub(super) struct Signer {
    pub(super) key: String,
    pub(super) secret: String,
    /// Token and its secret.
    pub(super) token: Option<(String, String)>,
    pub(super) timestamp: i64,
    pub(super) nonce: String,
}

pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(byte));
            }
            other => encoded += &format!("%{other:02X}"),
        }
    }
    encoded
}

/// A query or form in the encoding that is signed.
pub(super) fn query(params: &[Pair<'_>]) -> String {
    let pairs = params.iter();
    let pairs: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    pairs.join("&")
}

impl Signer {
    pub(super) fn base_string(
        &self,
        method: &str,
        address: &str,
        params: &[Pair<'_>],
        more: &[Pair<'_>],
    ) -> String {
        let own = self.own(more);
        let own = own.iter().map(|(name, value)| (*name, value.as_str()));
        let mut all: Vec<(String, String)> = params
            .iter()
            .copied()
            .chain(own)
            .map(|(name, value)| (encode(name), encode(value)))
            .collect();
        all.sort();
        let joined: Vec<String> = all.iter().map(|(k, v)| format!("{k}={v}")).collect();
        format!("{method}&{}&{}", encode(address), encode(&joined.join("&")))
    }

    pub(super) fn signature(&self, base: &str) -> String {
        let token_secret = self.token.as_ref().map_or("", |(_, secret)| secret);
        let key = format!("{}&{}", encode(&self.secret), encode(token_secret));
        let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(base.as_bytes());
        BASE64.encode(&mac.finalize().into_bytes())
    }

    fn own<'a>(&self, more: &[Pair<'a>]) -> Vec<(&'a str, String)> {
        let mut own = vec![
            ("oauth_consumer_key", self.key.clone()),
            ("oauth_nonce", self.nonce.clone()),
            ("oauth_signature_method", "HMAC-SHA1".to_owned()),
            ("oauth_timestamp", self.timestamp.to_string()),
            ("oauth_version", "1.0".to_owned()),
        ];
        if let Some((token, _)) = &self.token {
            own.push(("oauth_token", token.clone()));
        }
        own.extend(
            more.iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        own
    }

    /// The `Authorization` header of a call.
    pub(super) fn header(
        &self,
        method: &str,
        address: &str,
        params: &[Pair<'_>],
        more: &[Pair<'_>],
    ) -> String {
        let signature = self.signature(&self.base_string(method, address, params, more));
        let mut pairs = self.own(more);
        pairs.push(("oauth_signature", signature));
        let pairs = pairs.iter();
        let pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
            .collect();
        format!("OAuth {}", pairs.join(", "))
    }
}

fn example(token: Option<(&str, &str)>) -> Signer {
    Signer {
        key: "ckey".to_owned(),
        secret: "csecret".to_owned(),
        token: token.map(|(token, secret)| (token.to_owned(), secret.to_owned())),
        timestamp: 1_764_000_000,
        nonce: "abc123".to_owned(),
    }
}

#[test]
fn the_signer_knows_the_vectors() {
    let signer = example(Some(("tok-1", "tsecret")));
    let params = [
        ("entity", "CAMPAIGN"),
        ("entity_ids", "c1aa,c2bb"),
        ("start_time", "2026-11-01T00:00:00+09:00"),
        ("end_time", "2026-11-04T00:00:00+09:00"),
        ("granularity", "DAY"),
        ("placement", "ALL_ON_TWITTER"),
        ("metric_groups", "ENGAGEMENT,BILLING"),
    ];
    let address = "https://ads-api.x.com/12/stats/accounts/18ce5exampl";
    let base = signer.base_string("GET", address, &params, &[]);
    assert!(base.contains("%26entity_ids%3Dc1aa%252Cc2bb%26"));
    assert_eq!(signer.signature(&base), "2D6FO7LTouhxUw0DDD7s5hl+O38=");

    let signer = example(None);
    let callback = [("oauth_callback", "https://app.example.com/cb?state=s1")];
    let base = signer.base_string(
        "POST",
        "https://api.x.com/oauth/request_token",
        &[],
        &callback,
    );
    assert!(
        base.starts_with("POST&https%3A%2F%2Fapi.x.com%2Foauth%2Frequest_token&oauth_callback")
    );
    assert_eq!(signer.signature(&base), "MtAtLkv9GRLXZG80a6Ci+/CJtvQ=");
}

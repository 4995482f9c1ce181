//! OAuth 1.0a: requests signed with HMAC-SHA1 (RFC 5849).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use url::{Url, form_urlencoded};

use super::{encode, encoding::token_pair};

/// A token and its secret. Both are kept together as one secret.
#[derive(Debug, Clone)]
pub struct TokenPair {
    /// Names the consent; travels openly.
    pub token: String,
    /// Signs.
    pub secret: SecretString,
}

impl TokenPair {
    /// The pair behind what [`TokenPair::seal`] made, or a token endpoint's answer.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut token = None;
        let mut secret = None;
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match &*name {
                "oauth_token" => token = Some(value.into_owned()),
                "oauth_token_secret" => secret = Some(SecretString::from(value.into_owned())),
                _ => {}
            }
        }
        Some(Self {
            token: token.filter(|token| !token.is_empty())?,
            secret: secret?,
        })
    }

    /// The pair as one secret.
    #[must_use]
    pub fn seal(&self) -> SecretString {
        token_pair(&self.token, &self.secret)
    }
}

/// Signs requests of an app, on behalf of a user or not.
#[derive(Clone)]
pub struct Signer {
    /// The app's key.
    pub consumer_key: String,
    /// The app's secret.
    pub consumer_secret: SecretString,
    /// The user's consent, or the request for one.
    pub token: Option<TokenPair>,
    /// Further parameters of the protocol: `oauth_callback`, `oauth_verifier`.
    pub more: Vec<(&'static str, String)>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.more.iter().map(|(name, _)| *name).collect();
        f.debug_struct("Signer")
            .field("consumer_key", &self.consumer_key)
            .field("token", &self.token.is_some())
            .field("more", &names)
            .finish_non_exhaustive()
    }
}

impl Signer {
    /// Everything in it that must not be said.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &SecretString> {
        let of_token = self.token.iter().map(|pair| &pair.secret);
        std::iter::once(&self.consumer_secret).chain(of_token)
    }

    /// The header of a request that is sent at `now`.
    pub(crate) fn sign(
        &self,
        method: &Method,
        url: &Url,
        params: &[(String, String)],
        now: DateTime<Utc>,
    ) -> Result<String, getrandom::Error> {
        let mut nonce = [0; 16];
        getrandom::fill(&mut nonce)?;
        let nonce = HEXLOWER.encode(&nonce);
        Ok(self.header(method, url, params, &nonce, now.timestamp()))
    }

    /// The `Authorization` header of a request: its URL without a query, its decoded parameters of
    /// query and form, and what makes it unique: a nonce and the time in seconds.
    #[must_use]
    pub fn header(
        &self,
        method: &Method,
        url: &Url,
        params: &[(String, String)],
        nonce: &str,
        timestamp: i64,
    ) -> String {
        let mut protocol = vec![
            ("oauth_consumer_key", self.consumer_key.clone()),
            ("oauth_nonce", nonce.to_owned()),
            ("oauth_signature_method", "HMAC-SHA1".to_owned()),
            ("oauth_timestamp", timestamp.to_string()),
            ("oauth_version", "1.0".to_owned()),
        ];
        if let Some(pair) = &self.token {
            protocol.push(("oauth_token", pair.token.clone()));
        }
        protocol.extend(self.more.iter().cloned());
        let own = protocol
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        let all = params.iter().cloned().chain(own);
        let signature = self.signature(&base_string(method, url, all));
        protocol.push(("oauth_signature", signature));
        protocol.sort_unstable();
        let pairs: Vec<String> = protocol
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", encode(value)))
            .collect();
        format!("OAuth {}", pairs.join(", "))
    }

    fn signature(&self, base: &str) -> String {
        let token_secret = self
            .token
            .as_ref()
            .map_or("", |pair| pair.secret.expose_secret());
        let key = format!(
            "{}&{}",
            encode(self.consumer_secret.expose_secret()),
            encode(token_secret)
        );
        #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
        let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("any length will do");
        mac.update(base.as_bytes());
        STANDARD.encode(mac.finalize().into_bytes())
    }
}

/// What is signed (section 3.4.1).
fn base_string(
    method: &Method,
    url: &Url,
    params: impl Iterator<Item = (String, String)>,
) -> String {
    let mut pairs: Vec<(String, String)> = params
        .map(|(name, value)| (encode(&name), encode(&value)))
        .collect();
    pairs.sort_unstable();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    // A parsed URL has a lower-case host and no default port.
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    format!(
        "{method}&{}&{}",
        encode(place.as_str()),
        encode(&pairs.join("&"))
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(token: Option<(&str, &str)>, more: Vec<(&'static str, String)>) -> Signer {
        Signer {
            consumer_key: "ckey".to_owned(),
            consumer_secret: SecretString::from("csecret"),
            token: token.map(|(token, secret)| TokenPair {
                token: token.to_owned(),
                secret: SecretString::from(secret),
            }),
            more,
        }
    }

    fn header(
        signer: &Signer,
        method: Method,
        url: &str,
        params: &[(&str, &str)],
    ) -> Option<String> {
        let params: Vec<(String, String)> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let url = Url::parse(url).ok()?;
        Some(signer.header(&method, &url, &params, "abc123", 1_764_000_000))
    }

    #[test]
    fn a_request_of_figures_is_signed_as_the_vendor_does() {
        let signer = signer(Some(("tok-1", "tsecret")), Vec::new());
        let params = [
            ("entity", "CAMPAIGN"),
            ("entity_ids", "c1aa,c2bb"),
            ("start_time", "2026-11-01T00:00:00+09:00"),
            ("end_time", "2026-11-04T00:00:00+09:00"),
            ("granularity", "DAY"),
            ("placement", "ALL_ON_TWITTER"),
            ("metric_groups", "ENGAGEMENT,BILLING"),
        ];
        let url = "https://ads-api.x.com/12/stats/accounts/18ce5exampl";
        let header = header(&signer, Method::GET, url, &params).unwrap_or_default();
        let signature = encode("2D6FO7LTouhxUw0DDD7s5hl+O38=");
        assert!(
            header.contains(&format!("oauth_signature=\"{signature}\"")),
            "{header}"
        );
        assert!(
            !header.contains("entity"),
            "only the protocol's own: {header}"
        );
    }

    #[test]
    fn a_request_for_a_token_is_signed_without_one() {
        let callback = "https://app.example.com/cb?state=s1".to_owned();
        let signer = signer(None, vec![("oauth_callback", callback)]);
        let url = "https://api.x.com/oauth/request_token";
        let header = header(&signer, Method::POST, url, &[]).unwrap_or_default();
        let signature = encode("MtAtLkv9GRLXZG80a6Ci+/CJtvQ=");
        assert!(
            header.contains(&format!("oauth_signature=\"{signature}\"")),
            "{header}"
        );
    }

    #[test]
    fn parameters_are_sorted_after_they_are_encoded() {
        // RFC 5849, section 3.4.1.3.2, with erratum 2550.
        let params = [
            ("b5", "=%3D"),
            ("a3", "a"),
            ("c@", ""),
            ("a2", "r b"),
            ("c2", ""),
            ("a3", "2 q"),
        ];
        let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let base = Url::parse("http://EXAMPLE.COM:80/request?x=1")
            .map(|url| base_string(&Method::POST, &url, params.into_iter()));
        assert_eq!(
            base,
            Ok(
                "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da\
                %26b5%3D%253D%25253D%26c%2540%3D%26c2%3D"
                    .to_owned()
            )
        );
    }

    #[test]
    fn a_pair_survives_being_one_secret() {
        let pair = TokenPair {
            token: "37-Gm&=+ x".to_owned(),
            secret: SecretString::from("s&=+%é"),
        };
        let sealed = pair.seal();
        let again = TokenPair::parse(sealed.expose_secret());
        let again = again.map(|pair| (pair.token, pair.secret.expose_secret().to_owned()));
        assert_eq!(again, Some(("37-Gm&=+ x".to_owned(), "s&=+%é".to_owned())));
        assert!(TokenPair::parse("oauth_token=x").is_none());
        assert!(TokenPair::parse("EAABnothing").is_none());
        assert!(!format!("{pair:?}").contains("é"));
    }
}

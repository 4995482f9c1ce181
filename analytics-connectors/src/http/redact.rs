//! Words without secrets. A URL in a message never carries a query; text that a vendor sent back
//! is cleaned of the request's own secrets and of anything that looks like one.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

const MARK: &str = "[redacted]";

/// Shorter words are ids and codes; tokens of every vendor are longer.
const LONGEST_HARMLESS_WORD: usize = 39;

/// Parameters whose value is never shown, whatever it looks like.
const SECRET_PARAMETERS: [&str; 13] = [
    "access_token",
    "refresh_token",
    "input_token",
    "fb_exchange_token",
    "client_secret",
    "appsecret_proof",
    "code",
    "token",
    "secret",
    "oauth_token",
    "oauth_token_secret",
    "oauth_verifier",
    "oauth_signature",
];

/// A URL as it may be shown: without user, query and fragment.
#[must_use]
pub fn redact_url(url: &Url) -> String {
    format!(
        "{}://{}{}{}",
        url.scheme(),
        url.host_str().unwrap_or_default(),
        url.port()
            .map(|port| format!(":{port}"))
            .unwrap_or_default(),
        url.path()
    )
}

/// The secrets of one request, to be kept out of what is said about it.
#[derive(Clone, Default)]
pub struct Secrets(Vec<SecretString>);

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secrets({})", self.0.len())
    }
}

impl Secrets {
    /// Adds one.
    pub fn add(&mut self, secret: &SecretString) {
        if !secret.expose_secret().is_empty() {
            self.0.push(secret.clone());
        }
    }

    /// `text` without these secrets, without URL queries and without anything that looks like a
    /// token.
    #[must_use]
    pub fn scrub(&self, text: &str) -> String {
        let mut clean = text.to_owned();
        for secret in &self.0 {
            clean = clean.replace(secret.expose_secret(), MARK);
        }
        scrub_words(&clean)
    }
}

fn scrub_words(text: &str) -> String {
    let separates = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ',' | ';');
    let mut clean = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars() {
        if separates(c) {
            push_word(&mut clean, &word);
            word.clear();
            clean.push(c);
        } else {
            word.push(c);
        }
    }
    push_word(&mut clean, &word);
    clean
}

fn push_word(clean: &mut String, word: &str) {
    let without_query = match (word.find("://"), word.find('?')) {
        (Some(scheme), Some(query)) if scheme < query => &word[..query],
        _ => word,
    };
    if without_query.len() < word.len() {
        clean.push_str(without_query);
        clean.push('?');
        clean.push_str(MARK);
        return;
    }
    for (n, part) in word.split('&').enumerate() {
        if n > 0 {
            clean.push('&');
        }
        match part.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret_parameter(name) => {
                clean.push_str(name);
                clean.push('=');
                clean.push_str(MARK);
            }
            _ if looks_like_a_token(part) => clean.push_str(MARK),
            _ => clean.push_str(part),
        }
    }
}

fn is_secret_parameter(name: &str) -> bool {
    let name = name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    SECRET_PARAMETERS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

fn looks_like_a_token(word: &str) -> bool {
    word.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '|' | '.' | '=')))
        .any(|run| {
            run.len() > LONGEST_HARMLESS_WORD
                && run.bytes().any(|byte| byte.is_ascii_digit())
                && run.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_in_a_message_loses_its_query() {
        let clean = Secrets::default()
            .scrub("see https://graph.example.com/v26.0/me?access_token=short&x=1 for more");
        assert_eq!(
            clean,
            "see https://graph.example.com/v26.0/me?[redacted] for more"
        );
    }

    #[test]
    fn known_secrets_and_token_shaped_words_vanish_and_plain_words_stay() {
        let mut secrets = Secrets::default();
        secrets.add(&SecretString::from("s3cret"));
        let long = format!("EAAB{}", "a1".repeat(40));
        let clean = secrets.scrub(&format!(
            "token {long} with s3cret, client_secret=abc&limit=5: campaign 230000000000001 failed"
        ));
        assert_eq!(
            clean,
            "token [redacted] with [redacted], client_secret=[redacted]&limit=5: campaign \
             230000000000001 failed"
        );
    }
}

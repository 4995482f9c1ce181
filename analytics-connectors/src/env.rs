//! Typed settings from environment variables, with errors that name the variable.

use std::{fmt, num::NonZeroU32, str::FromStr, time::Duration};

use analytics_core::model::Millionths;
use secrecy::SecretString;
use url::Url;

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{variable}: {message}")]
pub struct ConfigError {
    /// The variable, for example `ANALYTICS_FACEBOOK_ADS_API_VERSION`.
    pub variable: String,
    /// What is wrong and what would be right.
    pub message: String,
}

impl ConfigError {
    /// A complaint about `variable`.
    pub fn new(variable: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            variable: variable.into(),
            message: message.into(),
        }
    }
}

/// Reads variables through a lookup, so that files, flags and tests can stand in for the process
/// environment. An empty variable counts as unset.
#[derive(Clone, Copy)]
pub struct Env<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Env")
    }
}

impl<'a> Env<'a> {
    /// Variables by `lookup`.
    #[must_use]
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup }
    }

    /// Text without surrounding blanks.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    }

    /// A secret.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// An `http` or `https` URL without query and fragment.
    ///
    /// # Errors
    /// If it is anything else. The value is not repeated: it may hold a secret by mistake.
    pub fn url(&self, name: &str) -> Result<Option<Url>, ConfigError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        let wrong = |what: &str| {
            ConfigError::new(
                name,
                format!("{what}; expected a URL like `https://graph.example.com`"),
            )
        };
        let url = Url::parse(&text).map_err(|error| wrong(&error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(wrong("neither an http nor an https URL"));
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() {
            return Err(wrong("a query, a fragment or a user is not allowed here"));
        }
        Ok(Some(url))
    }

    /// A version of an API such as `v25`, given an `example` of one.
    ///
    /// # Errors
    /// If it is none.
    pub fn version(&self, name: &str, example: &str) -> Result<Option<String>, ConfigError> {
        let Some(version) = self.text(name) else {
            return Ok(None);
        };
        let number = version.strip_prefix('v').unwrap_or_default();
        if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
            return Ok(Some(version));
        }
        let what = format!("`{version}` is no version of this API; expected one like `{example}`");
        Err(ConfigError::new(name, what))
    }

    /// A duration such as `250ms`, `10s`, `5m` or `1h`; a plain number is seconds.
    ///
    /// # Errors
    /// If it is none.
    pub fn duration(&self, name: &str) -> Result<Option<Duration>, ConfigError> {
        self.text(name)
            .map(|text| {
                parse_duration(&text).ok_or_else(|| {
                    ConfigError::new(
                        name,
                        format!(
                            "`{text}` is no duration; expected one like `250ms`, `10s` or `5m`"
                        ),
                    )
                })
            })
            .transpose()
    }

    /// A number between `least` and `most`.
    ///
    /// # Errors
    /// If it is no number or outside.
    pub fn number<T>(&self, name: &str, least: T, most: T) -> Result<Option<T>, ConfigError>
    where
        T: FromStr + PartialOrd + fmt::Display + Copy,
    {
        self.text(name)
            .map(|text| {
                text.parse::<T>()
                    .ok()
                    .filter(|number| *number >= least && *number <= most)
                    .ok_or_else(|| {
                        ConfigError::new(
                            name,
                            format!("`{text}` is no number from {least} to {most}"),
                        )
                    })
            })
            .transpose()
    }
}

/// Settings of one platform: variables with a common beginning, and defaults for those not set.
#[derive(Debug, Clone, Copy)]
pub struct PlatformEnv<'a> {
    env: Env<'a>,
    platform: &'a str,
}

impl<'a> Env<'a> {
    /// The variables `ANALYTICS_<PLATFORM>_…`.
    #[must_use]
    pub fn platform(self, platform: &'a str) -> PlatformEnv<'a> {
        PlatformEnv {
            env: self,
            platform,
        }
    }

    /// An amount of money such as `50` or `0.005`, to the millionth.
    ///
    /// # Errors
    /// If it is none, or below zero.
    pub fn amount(&self, name: &str) -> Result<Option<Millionths>, ConfigError> {
        self.text(name)
            .map(|text| {
                Millionths::parse_exact(&text)
                    .ok()
                    .filter(|amount| amount.0 >= 0)
                    .ok_or_else(|| {
                        let what = format!("`{text}` is no amount; expected one like `0.005`");
                        ConfigError::new(name, what)
                    })
            })
            .transpose()
    }
}

impl PlatformEnv<'_> {
    /// The whole name of a variable.
    #[must_use]
    pub fn name(&self, what: &str) -> String {
        format!("ANALYTICS_{}_{what}", self.platform)
    }

    /// The variables themselves.
    #[must_use]
    pub fn env(&self) -> Env<'_> {
        self.env
    }

    /// A URL.
    ///
    /// # Errors
    /// As [`Env::url`].
    pub fn url(&self, what: &str, otherwise: Url) -> Result<Url, ConfigError> {
        let found = self.env.url(&self.name(what))?;
        Ok(found.unwrap_or(otherwise))
    }

    /// A number from `least` to `most`.
    ///
    /// # Errors
    /// As [`Env::number`].
    pub fn number<T>(&self, what: &str, range: [T; 2], otherwise: T) -> Result<T, ConfigError>
    where
        T: FromStr + PartialOrd + fmt::Display + Copy,
    {
        let [least, most] = range;
        let found = self.env.number(&self.name(what), least, most)?;
        Ok(found.unwrap_or(otherwise))
    }

    /// Requests a second.
    ///
    /// # Errors
    /// As [`Env::number`].
    pub fn requests_per_second(&self, otherwise: NonZeroU32) -> Result<NonZeroU32, ConfigError> {
        let most = NonZeroU32::MIN.saturating_add(9_999);
        self.number("REQUESTS_PER_SECOND", [NonZeroU32::MIN, most], otherwise)
    }

    /// A duration.
    ///
    /// # Errors
    /// As [`Env::duration`].
    pub fn duration(&self, what: &str, otherwise: Duration) -> Result<Duration, ConfigError> {
        let found = self.env.duration(&self.name(what))?;
        Ok(found.unwrap_or(otherwise))
    }

    /// An amount of money.
    ///
    /// # Errors
    /// As [`Env::amount`].
    pub fn amount(&self, what: &str, otherwise: Millionths) -> Result<Millionths, ConfigError> {
        let found = self.env.amount(&self.name(what))?;
        Ok(found.unwrap_or(otherwise))
    }
}

/// A duration from text such as `250ms`, `10s`, `5m` or `1h`; a plain number is seconds.
fn parse_duration(text: &str) -> Option<Duration> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(number)),
        "" | "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    number.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_their_unit() {
        for (text, expected) in [
            ("250ms", Some(Duration::from_millis(250))),
            ("10", Some(Duration::from_secs(10))),
            ("10s", Some(Duration::from_secs(10))),
            ("5m", Some(Duration::from_secs(300))),
            ("1h", Some(Duration::from_secs(3600))),
            ("1d", None),
            ("fast", None),
            ("99999999999999999999s", None),
        ] {
            assert_eq!(parse_duration(text), expected, "{text}");
        }
    }
}

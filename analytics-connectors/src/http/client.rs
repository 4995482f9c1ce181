//! One client for every vendor: sends requests that are values, reads the vendor's body before
//! the status, retries what the error says may be retried, and paces itself.

use std::{
    fmt,
    sync::{Arc, Once},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::StreamExt;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::{
    clock::SharedClock,
    error::{Error, ErrorKind, Result, Retry},
    http::{HttpSettings, Request, Secrets, SharedLimits, Throttle, Usage, decode, with_retry},
    observer::{Observer, VendorCall},
};

/// A vendor's answer, read whole.
#[derive(Clone)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// `Retry-After` in seconds, if the answer has one.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get(http::header::RETRY_AFTER)?.to_str().ok()?;
        seconds.trim().parse().ok().map(Duration::from_secs)
    }
}

/// Where a failed answer came from.
#[derive(Debug)]
pub struct CallContext<'a> {
    /// Platform or provider.
    pub platform: &'a str,
    /// What was being done.
    pub operation: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
    /// How long the vendor asks to wait, by its headers.
    pub wait: Option<Duration>,
    /// What must not be said.
    pub secrets: Secrets,
}

/// How a vendor's answers are read.
#[derive(Debug, Clone, Copy)]
pub struct Vendor {
    /// Platform or provider, for messages.
    pub platform: &'static str,
    /// The error a body tells of, whatever the status; none if it tells of none.
    pub classify: fn(&Answer, &CallContext<'_>) -> Option<Error>,
    /// Usage figures in the headers.
    pub usage: fn(&HeaderMap) -> Vec<Usage>,
}

/// The HTTP client that all connectors share. Follows no redirects: a token never travels on.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: reqwest::Client,
    settings: Arc<HttpSettings>,
    clock: SharedClock,
    observer: Option<Arc<dyn Observer>>,
    limits: Option<Arc<dyn SharedLimits>>,
}

impl HttpClient {
    /// A client by `settings`.
    ///
    /// # Errors
    /// `Unavailable` if TLS cannot be set up or the user agent is no header value.
    pub fn new(settings: HttpSettings, clock: SharedClock) -> Result<Self> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // An error means that the embedding program installed its own before: then that serves.
            let _ = rustls::crypto::ring::default_provider().install_default();
        });
        let client = reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .connect_timeout(settings.connect_timeout)
            .timeout(settings.timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                Error::new(
                    ErrorKind::Unavailable,
                    "http",
                    "set up the HTTP client",
                    "the client cannot be built; check the system's certificates and \
                     ANALYTICS_HTTP_USER_AGENT",
                )
                .with_source(error.without_url())
            })?;
        Ok(Self {
            client,
            settings: Arc::new(settings),
            clock,
            observer: None,
            limits: None,
        })
    }

    /// The same client, whose calls `observer` hears of.
    #[must_use]
    pub fn with_observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.observer = Some(observer);
        self
    }

    /// The same client, which keeps `limits` together with other processes.
    #[must_use]
    pub fn with_limits(mut self, limits: Arc<dyn SharedLimits>) -> Self {
        self.limits = Some(limits);
        self
    }

    /// The clock its callers live by.
    #[must_use]
    pub fn clock(&self) -> &SharedClock {
        &self.clock
    }

    /// Sends once and reads the answer, whatever its status.
    ///
    /// # Errors
    /// `Transient` when there is no answer, `TooMuchData` when it is larger than allowed.
    pub async fn send(&self, platform: &str, request: &Request) -> Result<Answer> {
        let started = std::time::Instant::now();
        let result = self.exchange(platform, request).await;
        if let Some(observer) = &self.observer {
            observer.called(VendorCall {
                platform,
                status: result.as_ref().ok().map(|answer| answer.status.as_u16()),
                elapsed: started.elapsed(),
            });
        }
        result
    }

    async fn exchange(&self, platform: &str, request: &Request) -> Result<Answer> {
        let failed = |error: reqwest::Error| transport_error(platform, request, error);
        let built = request
            .build(&self.client, self.clock.now())
            .map_err(|error| {
                let what = "the system has no randomness to sign with";
                Error::new(ErrorKind::Unavailable, platform, request.operation(), what)
                    .with_source(error)
            })?;
        let response = built.send().await.map_err(failed)?;
        let status = response.status();
        let headers = response.headers().clone();
        let mut body = Vec::new();
        let mut chunks = response.bytes_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(failed)?;
            if body.len() + chunk.len() > self.settings.max_body_bytes {
                return Err(Error::new(
                    ErrorKind::TooMuchData,
                    platform,
                    request.operation(),
                    format!(
                        "the answer is larger than {} bytes; ask for less",
                        self.settings.max_body_bytes
                    ),
                ));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
        })
    }
}

fn transport_error(platform: &str, request: &Request, error: reqwest::Error) -> Error {
    let (kind, what) = if error.is_builder() {
        (
            ErrorKind::InvalidRequest,
            "the request cannot be sent as it is",
        )
    } else if error.is_timeout() {
        (ErrorKind::Transient, "no answer in time")
    } else if error.is_connect() {
        (ErrorKind::Transient, "no connection")
    } else {
        (ErrorKind::Transient, "the connection broke")
    };
    Error::new(kind, platform, request.operation(), what).with_source(error.without_url())
}

/// A vendor's API: the shared client, the vendor's way of answering, and its pacing.
#[derive(Debug, Clone)]
pub struct ApiClient {
    http: HttpClient,
    vendor: Vendor,
    throttle: Throttle,
}

impl ApiClient {
    /// An API client; `throttle` is shared by everything that calls this vendor.
    #[must_use]
    pub fn new(http: HttpClient, vendor: Vendor, throttle: Throttle) -> Self {
        Self {
            http,
            vendor,
            throttle,
        }
    }

    /// Platform or provider, for messages.
    #[must_use]
    pub fn platform(&self) -> &'static str {
        self.vendor.platform
    }

    /// The clock its callers live by.
    #[must_use]
    pub fn clock(&self) -> &SharedClock {
        self.http.clock()
    }

    /// Sends `request` on behalf of `account` (`""`: of none) until it succeeds or its error says
    /// no.
    ///
    /// # Errors
    /// What the vendor's body says; else what the status says; `RateLimited` without a call while
    /// the account is parked.
    pub async fn send(&self, account: &str, request: &Request) -> Result<Answer> {
        with_retry(self.http.settings.retry(), || {
            self.attempt(account, request)
        })
        .await
    }

    /// [`ApiClient::send`], then decodes the answer's JSON.
    ///
    /// # Errors
    /// As `send`, and `Decode`.
    pub async fn json<T: DeserializeOwned>(&self, account: &str, request: &Request) -> Result<T> {
        let answer = self.send(account, request).await?;
        decode(self.vendor.platform, request.operation(), &answer.body)
    }

    async fn attempt(&self, account: &str, request: &Request) -> Result<Answer> {
        let platform = self.vendor.platform;
        let parked = |until: DateTime<Utc>| {
            Error::new(
                ErrorKind::RateLimited { until: Some(until) },
                platform,
                request.operation(),
                format!("parked until {until}: the platform's budget is used up"),
            )
        };
        let _admission = self.throttle.admit(account).await.map_err(parked)?;
        if let Some(limits) = &self.http.limits {
            limits.admit(platform, account).await.map_err(parked)?;
        }
        let started = std::time::Instant::now();
        // Nobody knows what became of a request whose answer got lost.
        let lost = |error: Error| match request.is_repeatable() {
            true => error,
            false => error.with_retry(Retry::Never),
        };
        let answer = self.http.send(platform, request).await.map_err(lost)?;
        tracing::debug!(
            platform,
            account,
            operation = request.operation(),
            status = answer.status.as_u16(),
            bytes = answer.body.len(),
            elapsed_ms = started.elapsed().as_millis(),
            "vendor call"
        );
        let usage = (self.vendor.usage)(&answer.headers);
        for scope in self.throttle.observe(account, &usage) {
            self.share_rest(&scope);
        }
        let context = CallContext {
            platform,
            operation: request.operation(),
            now: self.http.clock.now(),
            wait: usage
                .iter()
                .filter_map(|usage| usage.regain)
                .chain(answer.retry_after())
                .max(),
            secrets: request.secrets(),
        };
        let error =
            (self.vendor.classify)(&answer, &context).or_else(|| by_status(&answer, &context));
        // A server that fails may have done what it was asked all the same.
        let error = error.map(|error| match error.kind {
            ErrorKind::Transient => lost(error),
            _ => error,
        });
        let Some(error) = error else {
            return Ok(answer);
        };
        Err(self.settle_rate_limit(account, error, &context))
    }

    /// Tells other processes that an account, or the whole platform, rests.
    fn share_rest(&self, account: &str) {
        if let (Some(limits), Some(until)) =
            (&self.http.limits, self.throttle.parked_until(account))
        {
            limits.park(self.vendor.platform, account, until);
        }
    }

    /// A wait that is short enough is waited out in place; a longer one parks the account.
    fn settle_rate_limit(&self, account: &str, error: Error, context: &CallContext<'_>) -> Error {
        let ErrorKind::RateLimited { until } = error.kind else {
            return error;
        };
        let parked = self.throttle.parked_until(account);
        let until = match (until.or(parked), context.wait) {
            (Some(until), _) => until,
            (None, Some(wait)) if wait <= self.http.settings.max_wait => {
                return error.with_retry(Retry::After(wait));
            }
            (None, Some(wait)) => later(context.now, wait),
            (None, None) => return error,
        };
        self.throttle.park(account, until);
        self.share_rest(account);
        let until = self.throttle.parked_until(account).unwrap_or(until);
        Error {
            kind: ErrorKind::RateLimited { until: Some(until) },
            retry: Retry::Never,
            ..error
        }
    }
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(wait)
        .ok()
        .and_then(|wait| now.checked_add_signed(wait))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// What a status means when the body says nothing.
fn by_status(answer: &Answer, context: &CallContext<'_>) -> Option<Error> {
    let status = answer.status;
    let (kind, advice) = match status.as_u16() {
        200..=299 => return None,
        401 => (ErrorKind::AuthExpired, "the token was refused; link again"),
        403 => (ErrorKind::PermissionDenied, "access was refused"),
        429 => (
            ErrorKind::RateLimited { until: None },
            "too many requests; wait",
        ),
        408 | 425 | 500..=599 => (ErrorKind::Transient, "trying again later may help"),
        300..=399 => (
            ErrorKind::InvalidRequest,
            "a redirect, which is never followed; check the base URL",
        ),
        _ => (ErrorKind::InvalidRequest, "the request was refused"),
    };
    Some(Error::new(
        kind,
        context.platform,
        context.operation,
        format!("HTTP {status} without a message that could be read: {advice}"),
    ))
}

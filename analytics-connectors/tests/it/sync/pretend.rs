//! A platform without HTTP whose every answer is known: spend of a day is its number, and each
//! failure is scripted.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
};

use analytics_connectors::{
    AccountRef, Batch, Connector, Descriptor, Error, ErrorKind, FetchRequest, Limits, Result,
    Scope,
    oauth::{AuthorizationRequest, AuthorizationResponse, Consent, OAuthProvider, TokenSource},
};
use analytics_core::model::{
    CounterRecord, DateRange, EntityRecord, FactRecord, Family, Feed, FeedId, FeedKind,
    FoundAccount, GrantTokens, Level, MetricId, Millionths, OfferedMetric, Platform,
    PlatformProfile, Text, Watch, WindowOffer, WindowRecord,
};
use async_trait::async_trait;
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use futures_util::{StreamExt, stream::BoxStream};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use url::Url;

pub(super) const PLATFORM: &str = "pretend_ads";
pub(super) const FEED: &str = "insights";
pub(super) const STORY: &str = "story";
pub(super) const PEOPLE: &str = "people";
pub(super) const PEOPLE_SCOPE: &str = "people.read";

type Suits = Box<dyn Fn(&FetchRequest) -> bool + Send + Sync>;

struct Failure {
    suits: Suits,
    kind: ErrorKind,
    /// How often; 0: always.
    times: u32,
}

#[derive(Default)]
struct State {
    asked: Vec<FetchRequest>,
    failures: Vec<Failure>,
    refused: HashSet<String>,
    renewals: u32,
    renewal_error: Option<ErrorKind>,
    expires_at: Option<DateTime<Utc>>,
    extra: i64,
    silent: bool,
}

/// The platform, shared by the test and its connector.
pub(super) struct Pretend {
    descriptor: Descriptor,
    state: Mutex<State>,
    /// Every fetch takes a permit; tests hold them back to look in the middle.
    gate: Semaphore,
}

impl std::fmt::Debug for Pretend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pretend")
    }
}

impl Pretend {
    pub(super) fn new() -> Arc<Self> {
        Self::with(descriptor())
    }

    /// One whose reach is a feed of its own that needs a permission.
    pub(super) fn with_people() -> Arc<Self> {
        Self::with_scopes(&[(PEOPLE_SCOPE, PEOPLE)])
    }

    /// The same with these permissions, each with the feed it opens.
    pub(super) fn with_scopes(scopes: &[(&'static str, &str)]) -> Arc<Self> {
        let mut descriptor = descriptor();
        let feeds = &mut descriptor.profile.feeds;
        let mut people = feeds[0].clone();
        people.id = FeedId::from(PEOPLE);
        people.metrics = feeds[0].metrics.split_off(1);
        feeds.push(people);
        let scope = |(id, feed): &(&'static str, &str)| Scope {
            id,
            why: Text::new("", ""),
            required: false,
            feeds: vec![FeedId::from(*feed)],
        };
        descriptor.scopes = scopes.iter().map(scope).collect();
        Self::with(descriptor)
    }

    /// One with a story that is there at any time.
    pub(super) fn with_story() -> Arc<Self> {
        let mut descriptor = descriptor();
        let profile = &mut descriptor.profile;
        let mut feed = profile.feeds[0].clone();
        feed.id = FeedId::from("posts");
        feed.kind = FeedKind::Snapshot(Watch {
            fleeting_hours: 3,
            ..Watch::default()
        });
        feed.levels = vec![Level::Post];
        feed.metrics = ["likes", "likes_lifetime"]
            .map(|metric| OfferedMetric::new(metric, 0, &[Level::Post]))
            .to_vec();
        profile.levels.push(Level::Post);
        profile.feeds.push(feed);
        Self::with(descriptor)
    }

    fn with(descriptor: Descriptor) -> Arc<Self> {
        Arc::new(Self {
            descriptor,
            state: Mutex::default(),
            gate: Semaphore::new(1_000_000),
        })
    }

    /// Fails requests that suit, `times` times (0: always).
    pub(super) fn fail(
        &self,
        kind: ErrorKind,
        times: u32,
        suits: impl Fn(&FetchRequest) -> bool + Send + Sync + 'static,
    ) {
        self.lock().failures.push(Failure {
            suits: Box::new(suits),
            kind,
            times,
        });
    }

    pub(super) fn heal(&self) {
        self.lock().failures.clear();
    }

    /// Refuses a token from now on.
    pub(super) fn refuse(&self, token: &str) {
        self.lock().refused.insert(token.to_owned());
    }

    pub(super) fn fail_renewals(&self, kind: Option<ErrorKind>) {
        self.lock().renewal_error = kind;
    }

    /// Tokens renewed from now on expire then.
    pub(super) fn renewed_expire_at(&self, at: DateTime<Utc>) {
        self.lock().expires_at = Some(at);
    }

    pub(super) fn renewals(&self) -> u32 {
        self.lock().renewals
    }

    /// Adds to every value from now on, as if days were restated.
    pub(super) fn restate(&self, extra: i64) {
        self.lock().extra = extra;
    }

    /// Has no exact values from now on.
    pub(super) fn fall_silent(&self) {
        self.lock().silent = true;
    }

    /// How many exact values were asked for since the last call.
    pub(super) fn windows_asked(&self) -> usize {
        let asked = std::mem::take(&mut self.lock().asked);
        let windows = asked
            .iter()
            .filter(|one| matches!(one, FetchRequest::Window { .. }));
        windows.count()
    }

    /// Daily requests since the last call, in the order they were asked.
    pub(super) fn asked(&self) -> Vec<(Level, DateRange)> {
        let asked = std::mem::take(&mut self.lock().asked);
        asked
            .into_iter()
            .filter_map(|request| match request {
                FetchRequest::Daily { level, range, .. } => Some((level, range)),
                _ => None,
            })
            .collect()
    }

    /// Holds every fetch from now on.
    pub(super) fn close_gate(&self) {
        self.gate.forget_permits(Semaphore::MAX_PERMITS);
    }

    /// Lets `fetches` more through.
    pub(super) fn open_gate(&self, fetches: usize) {
        self.gate.add_permits(fetches);
    }

    /// Waits until a fetch stands at the gate.
    pub(super) async fn somebody_waits(&self) {
        while self.lock().asked.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    pub(super) fn account() -> FoundAccount {
        found("1001")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn failure(&self, request: &FetchRequest) -> Option<Error> {
        let mut state = self.lock();
        let at = state
            .failures
            .iter()
            .position(|failure| (failure.suits)(request))?;
        let kind = state.failures[at].kind.clone();
        match state.failures[at].times {
            0 => {}
            1 => drop(state.failures.remove(at)),
            _ => state.failures[at].times -= 1,
        }
        let level = match request {
            FetchRequest::Daily { level, .. } | FetchRequest::Window { level, .. } => {
                level.as_str()
            }
            FetchRequest::Snapshot { .. } | FetchRequest::Fleeting { .. } => "snapshot",
        };
        Some(Error::new(
            kind,
            PLATFORM,
            format!("insights ({level})"),
            "as scripted",
        ))
    }

    async fn answer(
        self: Arc<Self>,
        account: AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> Result<Batch> {
        self.lock().asked.push(request.clone());
        self.gate.acquire().await.unwrap().forget();
        let mut token = tokens.token().await?;
        if self.lock().refused.contains(token.expose_secret()) {
            tokens.refused(&token).await?;
            token = tokens.token().await?;
            if self.lock().refused.contains(token.expose_secret()) {
                return Err(Error::new(
                    ErrorKind::AuthExpired,
                    PLATFORM,
                    "insights",
                    "refused",
                ));
            }
        }
        if let Some(error) = self.failure(&request) {
            return Err(error);
        }
        let extra = self.lock().extra;
        let mut batch = Batch::default();
        match request {
            FetchRequest::Daily { feed, .. } if feed.as_str() == PEOPLE => {}
            FetchRequest::Daily { level, range, .. } => {
                let entity = entity(level, &account.external_id);
                batch.entities.extend(record(level, &entity));
                batch.facts.extend(range.iter().map(|date| FactRecord {
                    entity: entity.as_str().into(),
                    metric: MetricId::from("spend"),
                    date,
                    value: Millionths(spend(date) + extra),
                }));
            }
            FetchRequest::Window { .. } if self.lock().silent => {}
            FetchRequest::Window {
                level,
                metrics,
                range,
            } => {
                let entity = entity(level, &account.external_id);
                batch
                    .windows
                    .extend(metrics.into_iter().map(|metric| WindowRecord {
                        entity: entity.as_str().into(),
                        metric,
                        range,
                        value: Millionths(range.days() * 1_000_000),
                    }));
            }
            FetchRequest::Snapshot { .. } | FetchRequest::Fleeting { .. } => {
                batch.entities.push(EntityRecord::new(Level::Post, STORY));
                batch.counters.push(CounterRecord {
                    entity: STORY.into(),
                    metric: MetricId::from("likes"),
                    value: Millionths(1_000_000),
                });
            }
        }
        Ok(batch)
    }
}

/// What a day cost, in millionths.
pub(super) fn spend(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) * 1_000_000
}

pub(super) fn found(external_id: &str) -> FoundAccount {
    FoundAccount {
        platform: Platform::from(PLATFORM),
        external_id: external_id.to_owned(),
        name: format!("Account {external_id}"),
        currency: None,
        time_zone: Some(Tz::UTC),
        picture_url: None,
        status: "active".to_owned(),
        access: serde_json::Value::Null,
    }
}

fn entity(level: Level, account: &str) -> String {
    match level {
        Level::Account => account.to_owned(),
        other => format!("{account}-{}", other.as_str()),
    }
}

fn record(level: Level, id: &str) -> Option<EntityRecord> {
    let account = id.split('-').next()?;
    let parent = level.parent()?;
    Some(EntityRecord {
        parent_external_id: (parent != Level::Account).then(|| entity(parent, account)),
        name: Some(format!("The {}", level.as_str())),
        status: Some("active".to_owned()),
        ..EntityRecord::new(level, id)
    })
}

fn descriptor() -> Descriptor {
    let levels = vec![Level::Account, Level::Campaign];
    let offered = |metric: &str| OfferedMetric {
        windows: match metric {
            "reach" => WindowOffer::UpTo(1000),
            _ => WindowOffer::None,
        },
        ..OfferedMetric::new(metric, 3, &levels)
    };
    Descriptor {
        profile: PlatformProfile {
            platform: Platform::from(PLATFORM),
            provider: "pretend".to_owned(),
            family: Family::Ads,
            name: Text::new("Pretend Ads", "Pretend Ads"),
            levels: levels.clone(),
            feeds: vec![Feed {
                id: FeedId::from(FEED),
                kind: FeedKind::Daily,
                levels: levels.clone(),
                metrics: vec![offered("spend"), offered("reach")],
                history_days: 1000,
                refetch_days: 7,
                weekly_refetch_days: 0,
                sums_up: false,
            }],
            own_metrics: Vec::new(),
            breaks: Vec::new(),
            day_ready_hours: 6,
            default_metrics: vec![MetricId::from("spend")],
        },
        scopes: Vec::new(),
        limits: Limits {
            upper_slice_days: 31,
            lower_slice_days: 31,
            concurrency: 1,
        },
        configured: true,
        setup_hint: Text::new("", ""),
        pricing: None,
    }
}

/// The connector to it; a type of its own because the trait wants `'static` answers.
#[derive(Debug, Clone)]
pub(super) struct PretendAds(pub(super) Arc<Pretend>);

#[async_trait]
impl Connector for PretendAds {
    fn descriptor(&self) -> &Descriptor {
        &self.0.descriptor
    }

    fn oauth(&self) -> &dyn OAuthProvider {
        self
    }

    async fn list_accounts(&self, _tokens: &TokenSource) -> Result<Vec<FoundAccount>> {
        Ok(vec![found("1001"), found("1002")])
    }

    fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
        tokens: TokenSource,
    ) -> BoxStream<'static, Result<Batch>> {
        let platform = Arc::clone(&self.0);
        futures_util::stream::once(platform.answer(account.clone(), request, tokens)).boxed()
    }
}

#[async_trait]
impl OAuthProvider for PretendAds {
    fn provider(&self) -> &str {
        "pretend"
    }

    async fn authorize(
        &self,
        redirect_uri: &Url,
        _state: &str,
        _scopes: &[String],
    ) -> Result<AuthorizationRequest> {
        Ok(AuthorizationRequest {
            url: redirect_uri.clone(),
            secret: None,
        })
    }

    async fn exchange(&self, _response: &AuthorizationResponse) -> Result<Consent> {
        Err(Error::new(
            ErrorKind::InvalidRequest,
            "pretend",
            "exchange",
            "not pretended",
        ))
    }

    async fn renew(&self, _tokens: &GrantTokens) -> Result<GrantTokens> {
        // Long enough for callers that do not wait for each other to be seen.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let mut state = self.0.lock();
        state.renewals += 1;
        if let Some(kind) = state.renewal_error.clone() {
            return Err(Error::new(kind, "pretend", "renew", "as scripted"));
        }
        Ok(GrantTokens {
            access_token: SecretString::from(format!("renewed {}", state.renewals)),
            refresh_token: None,
            expires_at: state.expires_at,
        })
    }

    fn renew_before(&self) -> Duration {
        Duration::days(14)
    }
}

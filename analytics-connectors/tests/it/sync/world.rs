//! A simulator over HTTP, a store, the real connector, and the comparison of what is stored with
//! what is true.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use analytics_connectors::{
    Config, Registry,
    clock::{Clock, SettableClock},
    oauth::{AuthorizationRequest, AuthorizationResponse, Consent, flow},
    simulator::{
        RunningSimulator, Simulator, SimulatorSettings, TruthQuery, TruthRow, default_now,
    },
    sync::{Ended, Linked, Outcome, SyncEngine, SyncSettings, WindowSpec, choose},
};
use analytics_core::{
    Store,
    model::{
        Account, DateRange, EntityId, Level, MetricId, Millionths, RevisionKind, WorkspaceId,
        WorkspaceSettings,
    },
    storage::{Cipher, EntityFilter},
};
use chrono::{DateTime, NaiveDate, Utc};
use url::Url;

pub(crate) const PLATFORM: &str = "facebook_ads";
pub(super) const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

/// Entity, metric, day and value, as the platform names them.
pub(super) type Row = (String, MetricId, NaiveDate, i64);

pub(super) struct World {
    pub(super) sim: RunningSimulator,
    pub(super) clock: Arc<SettableClock>,
    pub(super) store: Arc<dyn Store>,
    pub(super) registry: Arc<Registry>,
    pub(super) engine: Arc<SyncEngine>,
    pub(super) workspace: WorkspaceId,
}

/// Half a year above, two months below: enough for late results, quick enough for a debug build.
pub(super) fn settings(upper: u32, lower: u32) -> SyncSettings {
    SyncSettings {
        upper_history_days: upper,
        lower_history_days: lower,
        account_windows: vec![WindowSpec::LastDays(7), WindowSpec::ThisMonth],
        campaign_windows: vec![WindowSpec::LastDays(30)],
        window_months: 1,
        lease_ttl: Duration::from_secs(30),
        refresh_jitter: Duration::ZERO,
        ..SyncSettings::default()
    }
}

/// The connectors pointed at a simulator, with waits of milliseconds.
pub(crate) fn config(env: &[(String, String)]) -> Config {
    let env: BTreeMap<String, String> = env.iter().cloned().collect();
    let mut config = Config::from_env(|name| env.get(name).cloned()).unwrap();
    let moment = Duration::from_millis(1);
    config.http.base_backoff = moment;
    config.http.max_backoff = moment * 4;
    config.http.max_wait = Duration::ZERO;
    config.facebook_ads.poll_interval = moment;
    config.facebook_ads.poll_max_interval = moment * 2;
    config.facebook_ads.graph.requests_per_second = NonZeroU32::new(5000).unwrap();
    config
}

impl World {
    /// A simulator with so many accounts; nothing is linked.
    pub(super) async fn new(accounts: usize, settings: SyncSettings) -> Self {
        let store = analytics_core::connect("sqlite::memory:", Cipher::generate().unwrap())
            .await
            .unwrap();
        Self::on(store, accounts, settings).await
    }

    pub(super) async fn on(store: Arc<dyn Store>, accounts: usize, settings: SyncSettings) -> Self {
        let clock = Arc::new(SettableClock::fixed(default_now()));
        let made_of = SimulatorSettings {
            seed: 7,
            accounts,
            clock: clock.clone(),
            ..SimulatorSettings::default()
        };
        let sim = Simulator::start(made_of, None).await.unwrap();
        let registry = Arc::new(Registry::new(&config(&sim.env()), clock.clone()).unwrap());
        let workspace = store
            .create_workspace("Test", &WorkspaceSettings::default())
            .await
            .unwrap()
            .id;
        let engine = Arc::new(SyncEngine::new(
            Arc::clone(&store),
            Arc::clone(&registry),
            clock.clone(),
            settings,
        ));
        Self {
            sim,
            clock,
            store,
            registry,
            engine,
            workspace,
        }
    }

    /// Goes through the consent page as a browser does and links every ad account it reaches.
    pub(super) async fn link_all(&self) -> Vec<Account> {
        self.link_platform(PLATFORM).await
    }

    /// The same with every account of a platform that can be linked.
    pub(super) async fn link_platform(&self, platform: &str) -> Vec<Account> {
        let linked = self.consent_at(self.provider(platform)).await;
        self.choose_all(platform, linked).await
    }

    /// The same of one of the users who may sign in there.
    pub(super) async fn link_as(&self, platform: &str, user: &str) -> Vec<Account> {
        let provider = self.provider(platform);
        let consent = self.click_through_as(&provider, Some(user)).await;
        let linked = self.engine.link(self.workspace, &provider, consent).await;
        self.choose_all(platform, linked.unwrap()).await
    }

    async fn choose_all(&self, platform: &str, linked: Linked) -> Vec<Account> {
        assert!(
            linked.reached.failed.is_empty(),
            "{:?}",
            linked.reached.failed
        );
        choose(
            &self.store,
            &linked.grant,
            linked
                .reached
                .accounts
                .into_iter()
                .filter(|found| found.platform.as_str() == platform && found.is_linkable()),
            self.clock.now(),
        )
        .await
        .unwrap()
    }

    fn provider(&self, platform: &str) -> String {
        let connector = self.registry.connector(&platform.into()).unwrap();
        connector.descriptor().profile.provider.clone()
    }

    /// Goes through Meta's consent page and stores what it brought.
    pub(super) async fn consent(&self) -> Linked {
        self.consent_at("meta".to_owned()).await
    }

    /// Goes through a provider's consent page and stores what it brought.
    pub(super) async fn consent_at(&self, provider: String) -> Linked {
        let consent = self.click_through(&provider).await;
        self.engine
            .link(self.workspace, &provider, consent)
            .await
            .unwrap()
    }

    pub(super) async fn click_through(&self, provider: &str) -> Consent {
        self.click_through_as(provider, None).await
    }

    /// The same as one of the users who may sign in there.
    pub(super) async fn click_through_as(&self, provider: &str, user: Option<&str>) -> Consent {
        let connectors: Vec<_> = self.registry.of_provider(provider).collect();
        let redirect = format!("http://127.0.0.1:8080/api/v1/connect/{provider}/callback");
        let redirect = Url::parse(&redirect).unwrap();
        let started = flow::start(&connectors, &redirect, "the-state").await;
        let AuthorizationRequest { url: page, secret } = started.unwrap();
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let user = user.map(|user| ("user", user));
        let form: Vec<(&str, &str)> = [("decision", "allow")].into_iter().chain(user).collect();
        let answer = browser.post(page).form(&form).send().await.unwrap();
        let back = answer.headers()["location"].to_str().unwrap();
        let back = Url::parse(back).unwrap();
        let found: BTreeMap<_, _> = back.query_pairs().into_owned().collect();
        assert_eq!(found["state"], "the-state");
        let parameter = |name: &str| found.get(name).cloned();
        let response = AuthorizationResponse::from_parameters(parameter, redirect, secret);
        flow::finish(&connectors, &response.unwrap()).await.unwrap()
    }

    pub(super) async fn reconcile(&self, account: &Account) -> Outcome {
        self.engine
            .reconcile(self.workspace, account.id)
            .await
            .unwrap()
    }

    /// Reconciles again and again, each time when it is due; what became of every attempt.
    pub(super) async fn until_complete(&self, account: &Account) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for _ in 0..30 {
            let outcome = self.reconcile(account).await;
            let (ended, next) = (outcome.ended, outcome.next_attempt_at);
            outcomes.push(outcome);
            if ended == Ended::Complete {
                return outcomes;
            }
            self.clock.set(next.unwrap().max(self.clock.now()));
        }
        panic!("it never completes: {outcomes:#?}");
    }

    /// Everything stored of a level, sorted.
    pub(super) async fn stored(&self, account: &Account, level: Level) -> Vec<Row> {
        let names = self.names(account, level).await;
        let series = self
            .store
            .series(self.workspace, account.id, level)
            .await
            .unwrap();
        let mut rows: Vec<Row> = Vec::new();
        for one in series {
            let dates = one.dates.iter().map(|day| day_of(*day));
            rows.extend(dates.zip(&one.values).map(|(date, value)| {
                (names[&one.entity].clone(), one.metric.clone(), date, *value)
            }));
        }
        rows.sort_unstable();
        rows
    }

    pub(super) async fn names(
        &self,
        account: &Account,
        level: Level,
    ) -> BTreeMap<EntityId, String> {
        let filter = EntityFilter {
            accounts: vec![account.id],
            level: Some(level),
            ..EntityFilter::default()
        };
        let (entities, _) = self.store.entities(self.workspace, &filter).await.unwrap();
        entities
            .into_iter()
            .map(|entity| (entity.id, entity.external_id))
            .collect()
    }

    /// The covered runs of a level: the days, and when they were first and last fetched.
    pub(super) async fn covered(
        &self,
        account: &Account,
        level: Level,
    ) -> Vec<analytics_core::model::CoveredRun> {
        let coverage = self
            .store
            .coverage(self.workspace, account.id)
            .await
            .unwrap();
        coverage
            .into_iter()
            .filter(|known| known.level == level)
            .flat_map(|known| known.covered)
            .collect()
    }

    /// The truth of a level over some days, as it was at a moment, sorted.
    pub(super) fn truth(
        &self,
        account: &Account,
        level: Level,
        range: DateRange,
        as_of: DateTime<Utc>,
    ) -> Vec<Row> {
        let platform = account.platform.as_str();
        let query = TruthQuery::new(platform, &account.external_id, range.start, range.end)
            .level(level)
            .as_of(as_of);
        let mut rows: Vec<Row> = self
            .sim
            .world()
            .truth(&query)
            .into_iter()
            .map(row)
            .collect();
        rows.sort_unstable();
        rows
    }

    /// Demands that every level holds exactly the truth: each day as of its last fetch, and
    /// nothing beside. The days so checked, by level.
    pub(super) async fn equals_truth(&self, account: &Account) -> BTreeMap<Level, i64> {
        let mut days = BTreeMap::new();
        for level in LEVELS {
            let mut truth = Vec::new();
            for run in self.covered(account, level).await {
                truth.extend(self.truth(account, level, run.range, run.last_fetched_at));
                *days.entry(level).or_default() += run.range.days();
            }
            truth.sort_unstable();
            assert!(!truth.is_empty(), "nothing is true of level {level:?}");
            same(level, &truth, &self.stored(account, level).await);
        }
        days
    }

    /// Demands that every stored window is exactly the truth as of its fetch; how many there are.
    pub(super) async fn windows_equal_truth(&self, account: &Account, level: Level) -> usize {
        let names = self.names(account, level).await;
        let windows = self
            .store
            .windows(self.workspace, account.id, level)
            .await
            .unwrap();
        for window in &windows {
            let range = window.range;
            let platform = account.platform.as_str();
            let query = TruthQuery::new(platform, &account.external_id, range.start, range.end)
                .level(level)
                .metric(window.metric.as_str())
                .as_of(window.fetched_at)
                .window();
            let name = &names[&window.entity];
            let truth = self
                .sim
                .world()
                .truth(&query)
                .into_iter()
                .find(|row| row.entity == *name)
                .map_or(Millionths(0), |row| row.value);
            assert_eq!(window.value, truth, "{name} {range}");
        }
        windows.len()
    }

    /// What was known at a moment, from today's values and the revisions since: only of days that
    /// were covered by then.
    pub(super) async fn known_at(
        &self,
        account: &Account,
        level: Level,
        moment: DateTime<Utc>,
        range: DateRange,
    ) -> Vec<Row> {
        let names = self.names(account, level).await;
        let mut known: BTreeMap<(String, MetricId, NaiveDate), i64> = self
            .stored(account, level)
            .await
            .into_iter()
            .map(|(entity, metric, date, value)| ((entity, metric, date), value))
            .collect();
        let revisions = self
            .store
            .revisions(self.workspace, account.id, moment)
            .await
            .unwrap();
        for revision in revisions.iter().rev() {
            let Some(entity) = names.get(&revision.entity) else {
                continue;
            };
            if revision.superseded_at <= moment {
                continue;
            }
            let key = (entity.clone(), revision.metric.clone(), revision.date);
            match revision.former {
                Some(former) => {
                    assert_ne!(revision.kind, RevisionKind::Appeared);
                    known.insert(key, former.0);
                }
                None => {
                    assert_eq!(revision.kind, RevisionKind::Appeared);
                    known.remove(&key);
                }
            }
        }
        let mut rows: Vec<Row> = known
            .into_iter()
            .filter(|((_, _, date), _)| range.contains(*date))
            .map(|((entity, metric, date), value)| (entity, metric, date, value))
            .collect();
        rows.sort_unstable();
        rows
    }
}

fn row(row: TruthRow) -> Row {
    (row.entity, row.metric, row.date, row.value.0)
}

pub(super) fn day_of(days: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(1970, 1, 1).unwrap() + chrono::Duration::days(i64::from(days))
}

/// Demands equality, and names what differs: whole levels are too long to read.
pub(super) fn same(level: Level, truth: &[Row], stored: &[Row]) {
    if truth == stored {
        return;
    }
    let (truth, stored): (BTreeSet<_>, BTreeSet<_>) =
        (truth.iter().collect(), stored.iter().collect());
    let lacks: Vec<_> = truth.difference(&stored).collect();
    let ghosts: Vec<_> = stored.difference(&truth).collect();
    panic!(
        "level {level:?}: {} of {} true values are not stored, {} are stored and not true;\n\
         lacking: {:#?}\nghosts: {:#?}",
        lacks.len(),
        truth.len(),
        ghosts.len(),
        &lacks[..lacks.len().min(5)],
        &ghosts[..ghosts.len().min(5)],
    );
}

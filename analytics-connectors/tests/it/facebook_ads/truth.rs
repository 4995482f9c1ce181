//! The connector against the simulated platform: what it fetches is the truth, to the digit.

use std::{collections::BTreeSet, sync::Arc};

use analytics_connectors::{
    AccountRef, Batch, Config, Connector, FetchRequest, Registry,
    oauth::TokenSource,
    simulator::{Fault, RunningSimulator, Simulator, SimulatorSettings, TruthQuery, TruthRow},
};
use analytics_core::model::{DateRange, Level, MetricId, Platform};
use chrono::{Days, NaiveDate};
use futures_util::TryStreamExt;
use secrecy::SecretString;

const LEVELS: [Level; 4] = [Level::Account, Level::Campaign, Level::AdGroup, Level::Ad];

struct Stage {
    simulator: RunningSimulator,
    connector: Arc<dyn Connector>,
    accounts: Vec<AccountRef>,
    tokens: TokenSource,
    /// The last whole day everywhere.
    last: NaiveDate,
}

impl Stage {
    async fn set() -> Self {
        let settings = SimulatorSettings::default();
        let clock = settings.clock.clone();
        let simulator = Simulator::start(settings, None).await.unwrap();
        let mut env = simulator.env();
        for (name, value) in [
            ("ANALYTICS_FACEBOOK_ADS_POLL_INTERVAL", "1ms"),
            ("ANALYTICS_FACEBOOK_ADS_POLL_MAX_INTERVAL", "5ms"),
            ("ANALYTICS_FACEBOOK_ADS_REQUESTS_PER_SECOND", "9999"),
            ("ANALYTICS_HTTP_BASE_BACKOFF", "1ms"),
        ] {
            env.retain(|(known, _)| known != name);
            env.push((name.to_owned(), value.to_owned()));
        }
        let config = Config::from_env(|name| {
            env.iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        })
        .unwrap();
        let registry = Registry::new(&config, clock.clone()).unwrap();
        let connector = registry.connector(&Platform::from("facebook_ads")).unwrap();
        let token = simulator.accounts()[0].token.clone();
        let tokens = TokenSource::fixed(SecretString::from(token));
        let found = connector.list_accounts(&tokens).await.unwrap();
        assert!(!found.is_empty());
        let accounts = found.iter().map(AccountRef::from).collect();
        let today = analytics_connectors::clock::Clock::now(&*clock).date_naive();
        Self {
            simulator,
            connector,
            accounts,
            tokens,
            last: today.checked_sub_days(Days::new(2)).unwrap(),
        }
    }

    fn days(&self, count: u64) -> DateRange {
        DateRange::new(
            self.last.checked_sub_days(Days::new(count - 1)).unwrap(),
            self.last,
        )
        .unwrap()
    }

    async fn fetch(
        &self,
        account: &AccountRef,
        request: FetchRequest,
    ) -> Result<Vec<Batch>, analytics_connectors::Error> {
        self.connector
            .fetch(account, request, self.tokens.clone())
            .try_collect()
            .await
    }

    async fn daily(
        &self,
        account: &AccountRef,
        level: Level,
        range: DateRange,
    ) -> Result<Vec<TruthRow>, analytics_connectors::Error> {
        let feed = self.connector.descriptor().profile.feeds[0].id.clone();
        let request = FetchRequest::Daily { level, feed, range };
        let batches = self.fetch(account, request).await?;
        let mut rows: Vec<TruthRow> = batches
            .iter()
            .flat_map(|batch| &batch.facts)
            .map(|fact| TruthRow {
                level,
                entity: fact.entity.to_string(),
                metric: fact.metric.clone(),
                date: fact.date,
                value: fact.value,
            })
            .collect();
        rows.sort_unstable();
        Ok(rows)
    }

    fn truth(&self, account: &AccountRef, level: Level, range: DateRange) -> Vec<TruthRow> {
        let query = TruthQuery::new("facebook_ads", &account.external_id, range.start, range.end);
        self.simulator.world().truth(&query.level(level))
    }

    async fn assert_true(&self, account: &AccountRef, level: Level, range: DateRange) {
        let fetched = self.daily(account, level, range).await.unwrap();
        let truth = self.truth(account, level, range);
        let missing: Vec<_> = truth
            .iter()
            .filter(|row| !fetched.contains(row))
            .take(5)
            .collect();
        let invented: Vec<_> = fetched
            .iter()
            .filter(|row| !truth.contains(row))
            .take(5)
            .collect();
        assert!(
            missing.is_empty() && invented.is_empty() && fetched.len() == truth.len(),
            "{} {level:?}: missing {missing:#?}, invented {invented:#?}",
            account.external_id
        );
    }
}

#[tokio::test]
async fn what_is_fetched_equals_the_truth_at_every_level_of_every_account() {
    let stage = Stage::set().await;
    let mut metrics = BTreeSet::new();
    for account in &stage.accounts {
        for level in LEVELS {
            stage.assert_true(account, level, stage.days(10)).await;
            let truth = stage.truth(account, level, stage.days(10));
            metrics.extend(truth.into_iter().map(|row| row.metric));
        }
    }
    let offered: BTreeSet<MetricId> = stage.connector.descriptor().profile.feeds[0]
        .metrics
        .iter()
        .map(|offered| offered.metric.clone())
        .collect();
    assert_eq!(metrics, offered, "every offered metric was seen");
}

#[tokio::test]
async fn reach_of_a_range_equals_the_truth_and_not_the_sum_of_its_days() {
    let stage = Stage::set().await;
    let range = stage.days(20);
    let account = &stage.accounts[0];
    for level in [Level::Account, Level::Campaign] {
        let request = FetchRequest::Window {
            level,
            metrics: vec![MetricId::from("reach")],
            range,
        };
        let batches = stage.fetch(account, request).await.unwrap();
        let mut fetched: Vec<_> = batches
            .iter()
            .flat_map(|batch| &batch.windows)
            .map(|window| (window.entity.to_string(), window.value))
            .collect();
        fetched.sort_unstable();
        let query = TruthQuery::new("facebook_ads", &account.external_id, range.start, range.end);
        let truth: Vec<_> = stage
            .simulator
            .world()
            .truth(&query.level(level).metric("reach").window())
            .into_iter()
            .map(|row| (row.entity, row.value))
            .collect();
        assert!(!truth.is_empty());
        assert_eq!(fetched, truth);
    }
}

#[tokio::test]
async fn what_is_fetched_through_faults_is_still_the_truth() {
    let stage = Stage::set().await;
    let account = &stage.accounts[0];
    for (fault, times, level) in [
        (Fault::ServerError, 2, Level::Account),
        (Fault::ReduceData, 6, Level::Campaign),
        (Fault::FailedReport, 2, Level::Ad),
        (Fault::FailedReport, 5, Level::AdGroup),
        (Fault::SlowReport, 1, Level::AdGroup),
        (Fault::TruncatedBody, 2, Level::Campaign),
        (Fault::ConnectionReset, 2, Level::Account),
    ] {
        stage.simulator.faults().clear();
        stage
            .simulator
            .faults()
            .inject(fault, "facebook_ads", times, 0);
        stage.assert_true(account, level, stage.days(10)).await;
        assert!(
            stage.simulator.faults().pending().is_empty(),
            "{fault:?} did not happen"
        );
    }
}

#[tokio::test]
async fn a_lost_permission_a_dead_token_and_broken_json_are_told_apart() {
    let stage = Stage::set().await;
    let account = &stage.accounts[0];
    for (fault, code) in [
        (Fault::PermissionLost, "permission_denied"),
        (Fault::MalformedJson, "decode"),
        (Fault::RevokeToken, "auth_expired"),
    ] {
        stage.simulator.faults().clear();
        stage.simulator.faults().inject(fault, "facebook_ads", 1, 0);
        let error = stage
            .daily(account, Level::Account, stage.days(3))
            .await
            .unwrap_err();
        assert_eq!(error.kind.code(), code, "{error}");
    }
}

//! The built-in connectors keep to the rules for connectors.

use std::sync::Arc;

use analytics_connectors::{
    AccountRef, Connector, FetchRequest, Registry,
    clock::{Clock, SettableClock},
    oauth::TokenSource,
    simulator::{
        Fault, KnownAccount, RunningSimulator, Simulator, SimulatorSettings, TruthQuery,
        default_now,
    },
    testing::{Breakage, Harness, Truth, conformance},
};
use analytics_core::model::{DateRange, FactRecord, Level, Platform, WindowRecord};
use async_trait::async_trait;
use chrono::Duration;
use secrecy::SecretString;

use crate::sync::world::{PLATFORM, config};

#[derive(Debug)]
struct SimulatedFacebookAds {
    sim: RunningSimulator,
    clock: Arc<SettableClock>,
    connector: Arc<dyn Connector>,
    account: AccountRef,
    known: KnownAccount,
    range: DateRange,
}

async fn simulated() -> SimulatedFacebookAds {
    let clock = Arc::new(SettableClock::fixed(default_now()));
    let settings = SimulatorSettings {
        seed: 11,
        accounts: 2,
        clock: clock.clone(),
    };
    let sim = Simulator::start(settings, None).await.unwrap();
    let registry = Registry::new(&config(&sim.env()), clock.clone()).unwrap();
    let connector = registry.connector(&Platform::from(PLATFORM)).unwrap();
    let known = sim.accounts().remove(1);
    let tokens = TokenSource::fixed(SecretString::from(known.token.as_str()));
    let found = connector.list_accounts(&tokens).await.unwrap();
    let account = found
        .iter()
        .find(|found| found.external_id == known.account)
        .map(AccountRef::from)
        .unwrap();
    let end = clock.today(account.time_zone) - Duration::days(1);
    let range = DateRange::new(end - Duration::days(59), end).unwrap();
    SimulatedFacebookAds {
        sim,
        clock,
        connector,
        account,
        known,
        range,
    }
}

impl SimulatedFacebookAds {
    fn asks(&self, level: Level, range: DateRange) -> TruthQuery {
        TruthQuery::new(PLATFORM, &self.known.account, range.start, range.end).level(level)
    }
}

#[async_trait]
impl Harness for SimulatedFacebookAds {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    fn account(&self) -> AccountRef {
        self.account.clone()
    }

    fn tokens(&self) -> TokenSource {
        TokenSource::fixed(SecretString::from(self.known.token.as_str()))
    }

    fn refused_tokens(&self) -> TokenSource {
        TokenSource::fixed(SecretString::from("EAASnobody"))
    }

    fn range(&self) -> DateRange {
        self.range
    }

    fn empty_range(&self) -> Option<DateRange> {
        // Before the account spent anything, if it is younger than the platform's memory.
        let start = self.range.end - Duration::days(1100);
        let range = DateRange::new(start, start + Duration::days(6)).ok()?;
        let truth = self.sim.world().truth(&self.asks(Level::Account, range));
        truth.is_empty().then_some(range)
    }

    async fn truth(&self, request: &FetchRequest) -> Truth {
        match request {
            FetchRequest::Daily { level, range, .. } => Truth {
                facts: self
                    .sim
                    .world()
                    .truth(&self.asks(*level, *range))
                    .into_iter()
                    .map(|row| FactRecord {
                        entity: row.entity.as_str().into(),
                        metric: row.metric,
                        date: row.date,
                        value: row.value,
                    })
                    .collect(),
                windows: Vec::new(),
            },
            FetchRequest::Window { level, range, .. } => Truth {
                facts: Vec::new(),
                windows: self
                    .sim
                    .world()
                    .truth(&self.asks(*level, *range).metric("reach").window())
                    .into_iter()
                    .map(|row| WindowRecord {
                        entity: row.entity.as_str().into(),
                        metric: row.metric,
                        range: *range,
                        value: row.value,
                    })
                    .collect(),
            },
            FetchRequest::Snapshot { .. } => Truth::default(),
        }
    }

    async fn break_it(&self, breakage: Breakage) -> bool {
        let fault = match breakage {
            Breakage::Malformed => Fault::MalformedJson,
            Breakage::RateLimited => Fault::RateLimited,
            Breakage::Down => Fault::ServerError,
        };
        self.sim.faults().inject(fault, PLATFORM, 0, 0);
        true
    }

    async fn repair(&self) {
        self.sim.faults().clear();
        // A parked account is released by the clock.
        self.clock.set(self.clock.now() + Duration::minutes(10));
    }
}

analytics_connectors::conformance_tests!(simulated);

#[tokio::test]
async fn all_checks_in_a_row_find_nothing() {
    let violations = conformance::check_all(&simulated().await).await;
    assert_eq!(violations, []);
}

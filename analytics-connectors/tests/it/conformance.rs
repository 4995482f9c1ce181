//! The built-in connectors keep to the rules for connectors.

use std::{collections::BTreeSet, sync::Arc};

use analytics_connectors::{
    AccountRef, Connector, FetchRequest, Registry,
    clock::{Clock, SettableClock},
    oauth::TokenSource,
    simulator::{
        Fault, KnownAccount, RunningSimulator, Simulator, SimulatorSettings, TruthQuery,
        default_now,
    },
    testing::{Breakage, Harness, Truth, conformance, fetch_all},
};
use analytics_core::model::{
    CounterRecord, DateRange, FactRecord, FeedId, Level, MetricId, Platform, WindowRecord,
};
use async_trait::async_trait;
use chrono::{Duration, NaiveDate};
use secrecy::SecretString;

use crate::sync::world::config;

/// A built-in connector on the simulator.
#[derive(Debug)]
struct Simulated {
    sim: RunningSimulator,
    clock: Arc<SettableClock>,
    connector: Arc<dyn Connector>,
    account: AccountRef,
    known: KnownAccount,
    range: DateRange,
}

/// The `nth` account of a platform that the user may read. `late`: days until a day is whole.
async fn simulated(platform: &str, nth: usize, late: i64) -> Simulated {
    let clock = Arc::new(SettableClock::fixed(default_now()));
    let settings = SimulatorSettings {
        seed: 11,
        accounts: 2,
        clock: clock.clone(),
        ..SimulatorSettings::default()
    };
    let sim = Simulator::start(settings, None).await.unwrap();
    let registry = Registry::new(&config(&sim.env()), clock.clone()).unwrap();
    let connector = registry.connector(&Platform::from(platform)).unwrap();
    let of_platform = |known: &KnownAccount| known.platform == platform;
    let known = sim
        .accounts()
        .into_iter()
        .filter(of_platform)
        .nth(nth)
        .unwrap();
    let tokens = tokens(&known);
    let found = connector.list_accounts(&tokens).await.unwrap();
    let found = found
        .iter()
        .find(|found| found.external_id == known.account)
        .unwrap();
    let account = AccountRef {
        // Lent by the workspace where the platform has none.
        time_zone: found.time_zone.unwrap_or(chrono_tz::Asia::Tokyo),
        ..AccountRef::from(found)
    };
    let end = clock.today(account.time_zone) - Duration::days(late);
    let range = DateRange::new(end - Duration::days(59), end).unwrap();
    Simulated {
        sim,
        clock,
        connector,
        account,
        known,
        range,
    }
}

fn tokens(known: &KnownAccount) -> TokenSource {
    match &known.token_secret {
        Some(secret) => TokenSource::fixed_pair(&known.token, &SecretString::from(secret.as_str())),
        None => TokenSource::fixed(SecretString::from(known.token.as_str())),
    }
}

impl Simulated {
    fn asks(&self, level: Level, range: DateRange) -> TruthQuery {
        let platform = &self.known.platform;
        TruthQuery::new(platform, &self.known.account, range.start, range.end).level(level)
    }

    /// True values of the metrics that a feed offers.
    fn facts(&self, feed: &FeedId, level: Level, range: DateRange) -> Vec<FactRecord> {
        let profile = &self.connector.descriptor().profile;
        let rows = self.sim.world().truth(&self.asks(level, range)).into_iter();
        rows.filter(|row| {
            profile
                .offer(&row.metric, level)
                .is_some_and(|(by, _)| by.id == *feed)
        })
        .map(|row| FactRecord {
            entity: row.entity.as_str().into(),
            metric: row.metric,
            date: row.date,
            value: row.value,
        })
        .collect()
    }

    fn windows(&self, level: Level, metrics: &[MetricId], range: DateRange) -> Vec<WindowRecord> {
        let rows = self.sim.world().truth(&self.asks(level, range).window());
        rows.into_iter()
            .filter(|row| metrics.contains(&row.metric))
            .map(|row| WindowRecord {
                entity: row.entity.as_str().into(),
                metric: row.metric,
                range,
                value: row.value,
            })
            .collect()
    }

    /// Lifetime totals of posts published since `since`, at the end of `date`.
    fn counters(&self, since: NaiveDate, date: NaiveDate) -> Vec<CounterRecord> {
        let young: BTreeSet<String> = self
            .sim
            .world()
            .truth(&self.asks(Level::Post, DateRange::new(since, date).unwrap()))
            .into_iter()
            .map(|row| row.entity)
            .collect();
        let before = since - Duration::days(1);
        let old: BTreeSet<String> = self
            .sim
            .world()
            .truth(&self.asks(Level::Post, DateRange::day(before)).metric(
                if self.known.platform == "x" {
                    "impressions_lifetime"
                } else {
                    "views_lifetime"
                },
            ))
            .into_iter()
            .map(|row| row.entity)
            .collect();
        let rows = self
            .sim
            .world()
            .truth(&self.asks(Level::Post, DateRange::day(date)));
        rows.into_iter()
            .filter(|row| young.contains(&row.entity) && !old.contains(&row.entity))
            .filter_map(|row| {
                Some(CounterRecord {
                    entity: row.entity.as_str().into(),
                    metric: row.metric.of_lifetime()?,
                    value: row.value,
                })
            })
            .collect()
    }
}

#[async_trait]
impl Harness for Simulated {
    fn connector(&self) -> Arc<dyn Connector> {
        Arc::clone(&self.connector)
    }

    fn account(&self) -> AccountRef {
        self.account.clone()
    }

    fn tokens(&self) -> TokenSource {
        tokens(&self.known)
    }

    fn refused_tokens(&self) -> TokenSource {
        let mut known = self.known.clone();
        known.token = "EAASnobody".to_owned();
        tokens(&known)
    }

    fn range(&self) -> DateRange {
        self.range
    }

    fn snapshot_day(&self) -> NaiveDate {
        self.clock.today(self.account.time_zone) - Duration::days(1)
    }

    fn empty_range(&self) -> Option<DateRange> {
        // Before the account did anything, if it is younger than the platform's memory.
        let start = self.range.end - Duration::days(1100);
        let range = DateRange::new(start, start + Duration::days(6)).ok()?;
        let truth = self.sim.world().truth(&self.asks(Level::Account, range));
        truth.is_empty().then_some(range)
    }

    async fn truth(&self, request: &FetchRequest) -> Truth {
        match request {
            FetchRequest::Daily { level, feed, range } => Truth {
                facts: self.facts(feed, *level, *range),
                ..Truth::default()
            },
            FetchRequest::Window {
                level,
                metrics,
                range,
            } => Truth {
                windows: self.windows(*level, metrics, *range),
                ..Truth::default()
            },
            // What a story has collected by some hour no day's truth tells.
            FetchRequest::Fleeting { .. } => Truth::default(),
            FetchRequest::Snapshot { feed, date, since } => Truth {
                // Sums of posts are made where they are stored.
                facts: match feed.as_str() {
                    "posts" => Vec::new(),
                    _ => self.facts(feed, Level::Account, DateRange::day(*date)),
                },
                counters: match feed.as_str() {
                    "posts" => self.counters(*since, *date),
                    _ => Vec::new(),
                },
                ..Truth::default()
            },
        }
    }

    async fn break_it(&self, breakage: Breakage) -> bool {
        let fault = match breakage {
            Breakage::Malformed => Fault::MalformedJson,
            Breakage::RateLimited => Fault::RateLimited,
            Breakage::Down => Fault::ServerError,
        };
        self.sim.faults().inject(fault, &self.known.platform, 0, 0);
        true
    }

    async fn repair(&self) {
        self.sim.faults().clear();
        // A parked account is released by the clock.
        self.clock.set(self.clock.now() + Duration::minutes(10));
    }
}

macro_rules! platforms {
    ($($name:ident: $nth:literal, $late:literal;)+) => {
        $(
            mod $name {
                use super::*;

                async fn simulated() -> Simulated {
                    super::simulated(stringify!($name), $nth, $late).await
                }

                analytics_connectors::conformance_tests!(simulated);

                #[tokio::test]
                async fn all_checks_in_a_row_find_nothing() {
                    let violations = conformance::check_all(&simulated().await).await;
                    assert_eq!(violations, []);
                }
            }
        )+
    };
}

platforms! {
    facebook_ads: 1, 1;
    facebook_page: 0, 2;
    instagram: 0, 3;
    google_ads: 0, 1;
    x: 0, 1;
    x_ads: 1, 1;
    yahoo_search_ads: 0, 1;
    yahoo_display_ads: 1, 1;
}

/// Rolling reach of a page comes with its days, and equals the truth of just those ranges.
#[tokio::test]
async fn windows_that_come_with_days_equal_the_truth() {
    let page = simulated("facebook_page", 0, 2).await;
    let week = DateRange::new(page.range.end - Duration::days(6), page.range.end).unwrap();
    let request = FetchRequest::Daily {
        level: Level::Account,
        feed: FeedId::from("insights"),
        range: week,
    };
    let (connector, account) = (page.connector(), page.account());
    let batch = fetch_all(connector.as_ref(), &account, request, page.tokens())
        .await
        .unwrap();
    assert_eq!(
        batch.windows.len(),
        14,
        "two lengths for each of seven days"
    );
    for window in batch.windows {
        let truth = page.windows(Level::Account, &["reach".into()], window.range);
        assert_eq!(truth, [window]);
    }
}

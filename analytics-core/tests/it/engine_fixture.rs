//! A small world for the tests of reports: an ads platform, a media platform, and accounts on them.

use std::collections::BTreeMap;

use analytics_core::{
    Query, Report, Result,
    analysis::{
        Dataset, Figure, Group, LevelData, MetricTotals, RangeSpec, ReportDefaults, report_on,
    },
    model::{
        Account, AccountId, AccountState, Catalogue, CostTerms, CoveredRun, Currency, DateRange,
        DefinitionBreak, Entity, EntityId, FactSeries, Family, Feed, FeedCoverage, FeedId,
        FeedKind, Level, MetricId, Millionths, OfferedMetric, Platform, PlatformProfile, PublicId,
        Text, WindowValue, WorkspaceId,
    },
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(date(start), date(end)).unwrap()
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn profile(
    platform: &str,
    family: Family,
    levels: &[Level],
    metrics: &[(&str, u16)],
) -> PlatformProfile {
    PlatformProfile {
        platform: Platform::from(platform),
        provider: "tests".to_owned(),
        family,
        name: Text::new(platform, platform),
        levels: levels.to_vec(),
        feeds: vec![Feed {
            id: FeedId::from("insights"),
            kind: FeedKind::Daily,
            levels: levels.to_vec(),
            metrics: metrics
                .iter()
                .map(|(metric, settles)| OfferedMetric::new(metric, *settles, levels))
                .collect(),
            history_days: 1000,
            refetch_days: 28,
            weekly_refetch_days: 0,
            sums_up: false,
        }],
        own_metrics: Vec::new(),
        breaks: Vec::new(),
        day_ready_hours: 6,
        default_metrics: Vec::new(),
    }
}

/// Ads with every level; sums settle after 3 days, conversions after 28.
pub(crate) fn ads() -> PlatformProfile {
    profile(
        "some_ads",
        Family::Ads,
        &[Level::Account, Level::Campaign, Level::AdGroup, Level::Ad],
        &[
            ("impressions", 3),
            ("clicks", 3),
            ("spend", 3),
            ("reach", 3),
            ("conversions", 28),
        ],
    )
}

/// A page with followers and no money.
pub(crate) fn page() -> PlatformProfile {
    profile(
        "some_page",
        Family::Media,
        &[Level::Account],
        &[
            ("views", 4),
            ("engagements", 4),
            ("followers", 0),
            ("reach", 4),
        ],
    )
}

pub(crate) fn break_of(metric: &str, day: &str) -> DefinitionBreak {
    DefinitionBreak {
        metric: MetricId::from(metric),
        date: date(day),
        reason: Text::new("counted anew", "定義が変わりました"),
    }
}

pub(crate) fn account(id: i64, platform: &str, currency: Option<&str>) -> Account {
    Account {
        id: AccountId(id),
        public_id: PublicId::from(format!("acc_{id}")),
        workspace: WorkspaceId(1),
        platform: Platform::from(platform),
        external_id: format!("{id}"),
        name: format!("Account {id}"),
        currency: currency.map(|code| Currency::new(code).unwrap()),
        time_zone: Tz::Asia__Tokyo,
        picture_url: None,
        access: serde_json::Value::Null,
        state: AccountState::Active,
        linked_at: at("2026-01-01T00:00:00Z"),
        cost_terms: CostTerms::default(),
        data_version: 1,
    }
}

/// Data of one account at one level while it is put together.
#[derive(Debug, Clone, Default)]
pub(crate) struct LevelBuilder {
    level: Option<Level>,
    facts: BTreeMap<(EntityId, MetricId), BTreeMap<i32, i64>>,
    data: LevelData,
}

pub(crate) fn level(level: Level) -> LevelBuilder {
    LevelBuilder {
        level: Some(level),
        ..LevelBuilder::default()
    }
}

impl LevelBuilder {
    /// Days covered by a fetch at a moment.
    pub(crate) fn covered(self, days: DateRange, fetched: &str) -> Self {
        self.covered_by("insights", days, fetched)
    }

    pub(crate) fn covered_by(mut self, feed: &str, days: DateRange, fetched: &str) -> Self {
        let run = CoveredRun {
            range: days,
            first_fetched_at: at(fetched),
            last_fetched_at: at(fetched),
        };
        let feed = FeedId::from(feed);
        match self
            .data
            .coverage
            .iter_mut()
            .find(|known| known.feed == feed)
        {
            Some(known) => known.covered.push(run),
            None => self.data.coverage.push(FeedCoverage {
                level: self.level.unwrap(),
                feed,
                covered: vec![run],
                failed: Vec::new(),
            }),
        }
        self
    }

    pub(crate) fn entity(mut self, id: i64, name: &str, parent: Option<i64>) -> Self {
        self.data.entities.push(Entity {
            id: EntityId(id),
            public_id: PublicId::from(format!("ent_{id}")),
            account: AccountId(0),
            level: self.level.unwrap(),
            external_id: format!("x{id}"),
            parent: parent.map(EntityId),
            name: Some(name.to_owned()),
            status: Some("active".to_owned()),
            permalink: None,
            thumbnail_url: None,
            post: None,
        });
        self
    }

    /// The same whole value on every day of a range.
    pub(crate) fn daily(mut self, entity: i64, metric: &str, days: DateRange, value: i64) -> Self {
        for day in days.iter() {
            self.put(entity, metric, day, value * Millionths::SCALE);
        }
        self
    }

    pub(crate) fn fact(mut self, entity: i64, metric: &str, day: &str, value: &str) -> Self {
        let value = Millionths::parse_exact(value).unwrap().0;
        self.put(entity, metric, date(day), value);
        self
    }

    pub(crate) fn put(&mut self, entity: i64, metric: &str, day: NaiveDate, millionths: i64) {
        self.facts
            .entry((EntityId(entity), MetricId::from(metric)))
            .or_default()
            .insert(day.num_days_from_ce() - 719_163, millionths);
    }

    pub(crate) fn window(
        mut self,
        entity: i64,
        days: DateRange,
        value: i64,
        fetched: &str,
    ) -> Self {
        self.data.windows.push(WindowValue {
            entity: EntityId(entity),
            metric: MetricId::from("reach"),
            range: days,
            value: Millionths(value * Millionths::SCALE),
            fetched_at: at(fetched),
        });
        self
    }

    fn build(self) -> (Level, LevelData) {
        let mut data = self.data;
        data.series = self
            .facts
            .into_iter()
            .map(|((entity, metric), values)| FactSeries {
                entity,
                metric,
                dates: values.keys().copied().collect(),
                values: values.values().copied().collect(),
            })
            .collect();
        (self.level.unwrap(), data)
    }
}

/// Accounts with their data and the catalogue they are read with.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) catalogue: Catalogue,
    pub(crate) dataset: Dataset,
    pub(crate) today: NaiveDate,
}

impl World {
    pub(crate) fn new(today: &str) -> Self {
        Self::with(today, [ads(), page()])
    }

    pub(crate) fn with(today: &str, platforms: impl IntoIterator<Item = PlatformProfile>) -> Self {
        Self {
            catalogue: Catalogue::with_platforms(platforms),
            dataset: Dataset::default(),
            today: date(today),
        }
    }

    pub(crate) fn add(
        mut self,
        account: &Account,
        levels: impl IntoIterator<Item = LevelBuilder>,
    ) -> Self {
        self.dataset.add_account(account, &self.catalogue);
        for level in levels {
            let (level, data) = level.build();
            self.dataset
                .add_level(account.id, level, data, &self.catalogue)
                .unwrap();
        }
        self
    }

    pub(crate) fn ask(&self, query: &Query) -> Report {
        self.try_ask(query).unwrap()
    }

    pub(crate) fn try_ask(&self, query: &Query) -> Result<Report> {
        report_on(
            &self.dataset,
            &self.catalogue,
            query,
            self.today,
            &ReportDefaults::default(),
        )
    }
}

/// A query of metrics over two days, without anything else.
pub(crate) fn query(metrics: &[&str], days: DateRange) -> Query {
    Query::new(metrics, RangeSpec::Custom(days))
}

pub(crate) fn totals<'a>(group: &'a Group, metric: &str) -> &'a MetricTotals {
    &group.totals[&MetricId::from(metric)]
}

pub(crate) fn current<'a>(group: &'a Group, metric: &str) -> &'a Figure {
    &totals(group, metric).current
}

/// The current total as a number, if there is one.
pub(crate) fn value(group: &Group, metric: &str) -> Option<f64> {
    current(group, metric)
        .value
        .as_ref()
        .map(analytics_core::analysis::Number::to_f64)
}

pub(crate) fn key<'a>(group: &'a Group, dimension: &str) -> Option<&'a str> {
    group.key[dimension].as_deref()
}

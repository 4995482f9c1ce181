//! A user's long frame as a dataset.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono_tz::Tz;
use polars::prelude::DataFrame;

use super::{
    columns::{Dates, Numbers, Text},
    properties::Properties,
};
use crate::{
    analysis::{
        coverage::DayState,
        dataset::{AccountInfo, Dataset, Window},
        days::Days,
    },
    error::{Error, Result},
    model::{
        AccountId, AccountState, Catalogue, Entity, EntityId, Family, Level, MetricId, MetricKind,
        Platform, PublicId,
    },
};

const FACTS: [&str; 4] = ["account", "date", "metric", "value"];
const COVERAGE: [&str; 3] = ["account", "date", "state"];
const WINDOWS: [&str; 5] = ["account", "metric", "start", "end", "value"];
/// Platform of accounts whose frame names none.
const CUSTOM: &str = "custom";

fn bad(message: String) -> Error {
    Error::Frame { message }
}

impl Dataset {
    /// A dataset of the user's own facts.
    ///
    /// * `facts`: `account, date, metric, value` and optionally `platform, family, currency, level,
    ///   entity, parent`. Values are in whole units; doubles round half to even at the millionth.
    ///   Duplicate keys add up where the metric is additive.
    /// * `coverage`: `account, date, state` (`missing`, `failed`, `provisional`, `final`); without
    ///   it every (account, date) of `facts` is covered and final. Facts of days that are not
    ///   covered do not count.
    /// * `windows`: exact values of unique metrics, `account, metric, start, end, value`.
    ///
    /// Every metric counts as offered by every account. Accounts and entities are known by the
    /// names the frame gives them.
    ///
    /// # Errors
    /// [`Error::Frame`] for a frame of another shape, with column and row; [`Error::Unknown`] for
    /// a metric, level or family that nobody knows.
    pub fn from_frames(
        facts: &DataFrame,
        coverage: Option<&DataFrame>,
        windows: Option<&DataFrame>,
        catalogue: &Catalogue,
    ) -> Result<Self> {
        let mut reader = Reader::new(catalogue);
        reader.read_facts(facts)?;
        if let Some(coverage) = coverage {
            reader.read_coverage(coverage)?;
        }
        if let Some(windows) = windows {
            reader.read_windows(windows)?;
        }
        reader.finish(coverage.is_some())
    }
}

/// Everything of one account at one level, by metric, entity and day.
pub(super) type Values = BTreeMap<(usize, EntityId), Vec<(i32, i64)>>;

/// Rows of the frames, sorted by what they are about.
pub(super) struct Reader<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) accounts: Vec<AccountInfo>,
    pub(super) account_at: HashMap<String, usize>,
    pub(super) metrics: Vec<MetricId>,
    pub(super) metric_at: HashMap<String, usize>,
    pub(super) entities: Vec<Entity>,
    pub(super) entity_at: HashMap<(usize, Level, String), usize>,
    pub(super) values: BTreeMap<(usize, Level), Values>,
    pub(super) dates: Vec<BTreeSet<i32>>,
    pub(super) covered: Vec<BTreeMap<i32, DayState>>,
    pub(super) windows: Vec<(usize, usize, Window)>,
}

impl<'a> Reader<'a> {
    fn new(catalogue: &'a Catalogue) -> Self {
        Self {
            catalogue,
            accounts: Vec::new(),
            account_at: HashMap::new(),
            metrics: Vec::new(),
            metric_at: HashMap::new(),
            entities: Vec::new(),
            entity_at: HashMap::new(),
            values: BTreeMap::new(),
            dates: Vec::new(),
            covered: Vec::new(),
            windows: Vec::new(),
        }
    }

    fn account(&mut self, name: &str) -> usize {
        if let Some(at) = self.account_at.get(name) {
            return *at;
        }
        let at = self.accounts.len();
        self.accounts.push(AccountInfo {
            id: AccountId(i64::try_from(at).unwrap_or(i64::MAX)),
            key: name.to_owned(),
            name: name.to_owned(),
            external_id: name.to_owned(),
            platform: Platform::from(CUSTOM),
            family: Family::Ads,
            currency: None,
            zone: Tz::UTC,
            state: AccountState::Active,
        });
        self.account_at.insert(name.to_owned(), at);
        self.dates.push(BTreeSet::new());
        self.covered.push(BTreeMap::new());
        at
    }

    fn metric(&mut self, field: &str, name: &str) -> Result<usize> {
        if let Some(at) = self.metric_at.get(name) {
            return Ok(*at);
        }
        let metric = self.catalogue.require(field, name)?;
        if matches!(metric.kind, MetricKind::Ratio(_)) {
            return Err(bad(format!(
                "`{name}` is a ratio: give its parts instead, it is made from their sums"
            )));
        }
        let at = self.metrics.len();
        self.metrics.push(metric.id.clone());
        self.metric_at.insert(name.to_owned(), at);
        Ok(at)
    }

    fn entity(&mut self, account: usize, level: Level, name: &str) -> usize {
        let next = self.entities.len();
        let at = *self
            .entity_at
            .entry((account, level, name.to_owned()))
            .or_insert(next);
        if at == next {
            self.entities.push(Entity {
                id: EntityId(i64::try_from(at).unwrap_or(i64::MAX)),
                public_id: PublicId::from(name),
                account: self.accounts[account].id,
                level,
                external_id: name.to_owned(),
                parent: None,
                name: Some(name.to_owned()),
                status: None,
                permalink: None,
                thumbnail_url: None,
                post: None,
            });
        }
        at
    }

    fn read_facts(&mut self, frame: &DataFrame) -> Result<()> {
        let accounts = Text::required(frame, "account", &FACTS)?;
        let dates = Dates::required(frame, "date", &FACTS)?;
        let metrics = Text::required(frame, "metric", &FACTS)?;
        let values = Numbers::required(frame, "value", &FACTS)?;
        let levels = Text::optional(frame, "level")?;
        let entities = Text::optional(frame, "entity")?;
        let parents = Text::optional(frame, "parent")?;
        let properties = Properties::new(frame)?;
        let mut known = HashMap::new();
        for row in 0..frame.height() {
            let account = self.account(accounts.need(row)?);
            let known = (&mut known, account);
            properties.apply(row, &mut self.accounts[account], known, self.catalogue)?;
            let metric = self.metric("metric", metrics.need(row)?)?;
            let level = match levels.as_ref().and_then(|levels| levels.get(row)) {
                Some(level) => Level::parse("level", level)?,
                None => Level::Account,
            };
            let name = match (level, &entities) {
                (Level::Account, _) => self.accounts[account].key.clone(),
                (_, Some(entities)) => entities.need(row)?.to_owned(),
                (_, None) => {
                    return Err(bad(format!(
                        "row {} is of level {}, but the frame has no column `entity`",
                        row + 1,
                        level.as_str()
                    )));
                }
            };
            let entity = self.entity(account, level, &name);
            if let (Some(parent), Some(above)) = (
                parents.as_ref().and_then(|parents| parents.get(row)),
                level.parent().filter(|above| *above != Level::Account),
            ) {
                let parent = self.entity(account, above, parent);
                self.entities[entity].parent = Some(self.entities[parent].id);
            }
            let date = dates.need(row)?;
            self.dates[account].insert(date);
            self.values
                .entry((account, level))
                .or_default()
                .entry((metric, self.entities[entity].id))
                .or_default()
                .push((date, values.need(row)?));
        }
        Ok(())
    }

    fn read_coverage(&mut self, frame: &DataFrame) -> Result<()> {
        let accounts = Text::required(frame, "account", &COVERAGE)?;
        let dates = Dates::required(frame, "date", &COVERAGE)?;
        let states = Text::required(frame, "state", &COVERAGE)?;
        for row in 0..frame.height() {
            let state = states.need(row)?;
            let state = DayState::parse(state).ok_or_else(|| {
                let known = ["missing", "failed", "provisional", "final"];
                Error::unknown("state", "coverage.state", state, known)
            })?;
            let account = self.account(accounts.need(row)?);
            self.covered[account].insert(dates.need(row)?, state);
        }
        Ok(())
    }

    fn read_windows(&mut self, frame: &DataFrame) -> Result<()> {
        let accounts = Text::required(frame, "account", &WINDOWS)?;
        let metrics = Text::required(frame, "metric", &WINDOWS)?;
        let starts = Dates::required(frame, "start", &WINDOWS)?;
        let ends = Dates::required(frame, "end", &WINDOWS)?;
        let values = Numbers::required(frame, "value", &WINDOWS)?;
        for row in 0..frame.height() {
            let account = self.account(accounts.need(row)?);
            let metric = self.metric("windows.metric", metrics.need(row)?)?;
            let days = Days::new(starts.need(row)?, ends.need(row)?).ok_or_else(|| {
                bad(format!(
                    "windows, row {}: the end lies before the start",
                    row + 1
                ))
            })?;
            let name = self.accounts[account].key.clone();
            let entity = self.entity(account, Level::Account, &name);
            let window = Window {
                entity: self.entities[entity].id,
                days,
                value: values.need(row)?,
                settled: days.last,
                provisional: false,
            };
            self.windows.push((account, metric, window));
        }
        Ok(())
    }
}

//! A user's long frame as a dataset.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use chrono_tz::Tz;
use polars::prelude::DataFrame;

use super::columns::{Dates, Numbers, Text};
use crate::{
    analysis::{
        coverage::DayState,
        dataset::{AccountInfo, Dataset, EntityTable, LevelFacts, MetricFacts, Window},
        day_runs::DayRuns,
        days::Days,
        series::Series,
    },
    error::{Error, Result},
    model::{
        AccountId, AccountState, Catalogue, Currency, Entity, EntityId, Family, Level, MetricId,
        MetricKind, Platform, PublicId,
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
    /// Every metric counts as offered by every account. An account is its own id.
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
type Values = BTreeMap<(usize, EntityId), Vec<(i32, i64)>>;

struct Reader<'a> {
    catalogue: &'a Catalogue,
    accounts: Vec<AccountInfo>,
    account_at: HashMap<String, usize>,
    metrics: Vec<MetricId>,
    metric_at: HashMap<String, usize>,
    entities: Vec<Entity>,
    entity_at: HashMap<(usize, Level, String), usize>,
    values: BTreeMap<(usize, Level), Values>,
    dates: Vec<BTreeSet<i32>>,
    covered: Vec<BTreeMap<i32, DayState>>,
    windows: Vec<(usize, usize, Window)>,
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
            properties.apply(row, &mut self.accounts[account], &mut known, account)?;
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
                bad(format!("windows, row {}: the end lies before the start", row + 1))
            })?;
            let name = self.accounts[account].key.clone();
            let entity = self.entity(account, Level::Account, &name);
            let window = Window {
                entity: self.entities[entity].id,
                days,
                value: values.need(row)?,
                provisional: false,
            };
            self.windows.push((account, metric, window));
        }
        Ok(())
    }

    fn finish(mut self, with_coverage: bool) -> Result<Dataset> {
        let days: Vec<Arc<DayRuns>> = if with_coverage {
            self.covered.iter().map(|days| Arc::new(covered_days(days))).collect()
        } else {
            let all_final = |dates: &BTreeSet<i32>| {
                DayRuns::new(dates.iter().map(|day| (one_day(*day), false)))
            };
            self.dates.iter().map(|dates| Arc::new(all_final(dates))).collect()
        };
        let levels: BTreeSet<Level> = self.values.keys().map(|(_, level)| *level).collect();
        let mut dataset = Dataset::default();
        let mut tables: BTreeMap<(usize, Level), Vec<Entity>> = BTreeMap::new();
        for ((account, level, _), at) in &self.entity_at {
            let entity = self.entities[*at].clone();
            tables.entry((*account, *level)).or_default().push(entity);
        }
        for (account, days) in days.iter().enumerate() {
            for level in levels.iter().copied().chain([Level::Account]) {
                let values = self.values.remove(&(account, level)).unwrap_or_default();
                if dataset.level(account, level).is_none() {
                    let facts = self.facts(account, level, values, days)?;
                    dataset.put_level(account, level, Arc::new(facts));
                }
            }
            for level in Level::ALL {
                let entities = tables.remove(&(account, level)).unwrap_or_default();
                dataset.put_entities(account, level, Arc::new(EntityTable::new(entities)));
            }
        }
        dataset.accounts = self.accounts;
        Ok(dataset)
    }

    fn facts(
        &self,
        account: usize,
        level: Level,
        values: Values,
        days: &Arc<DayRuns>,
    ) -> Result<LevelFacts> {
        let mut series: BTreeMap<usize, Vec<Series>> = BTreeMap::new();
        for ((metric, entity), mut values) in values {
            values.sort_unstable_by_key(|(day, _)| *day);
            let merged = self.merged(metric, values)?;
            series
                .entry(metric)
                .or_default()
                .push(Series::new(entity, merged, days));
        }
        let mut windows: BTreeMap<usize, Vec<Window>> = BTreeMap::new();
        if level == Level::Account {
            for (_, metric, window) in self.windows.iter().filter(|(of, ..)| *of == account) {
                windows.entry(*metric).or_default().push(*window);
                series.entry(*metric).or_default();
            }
        }
        let metrics = series
            .into_iter()
            .map(|(metric, series)| {
                MetricFacts::new(
                    self.metrics[metric].clone(),
                    days.clone(),
                    series,
                    windows.remove(&metric).unwrap_or_default(),
                )
            })
            .collect();
        let nothing = MetricFacts::new(MetricId::from(""), days.clone(), Vec::new(), Vec::new());
        Ok(LevelFacts::new(metrics, Some(nothing)))
    }

    /// Values of one day each: duplicates add up where the metric is additive.
    fn merged(&self, metric: usize, values: Vec<(i32, i64)>) -> Result<Vec<(i32, i64)>> {
        let id = &self.metrics[metric];
        let additive = self
            .catalogue
            .metric(id)
            .is_some_and(|metric| metric.kind == MetricKind::Additive);
        let mut merged: Vec<(i32, i64)> = Vec::with_capacity(values.len());
        for (day, value) in values {
            match merged.last_mut() {
                Some((last, sum)) if *last == day => {
                    if !additive {
                        return Err(bad(format!(
                            "`{id}` has two values for the same account, entity and date; only additive metrics add up"
                        )));
                    }
                    *sum = sum.checked_add(value).ok_or_else(|| Error::Overflow {
                        metric: id.to_string(),
                    })?;
                }
                _ => merged.push((day, value)),
            }
        }
        Ok(merged)
    }
}

fn one_day(day: i32) -> Days {
    Days {
        first: day,
        last: day,
    }
}

fn covered_days(states: &BTreeMap<i32, DayState>) -> DayRuns {
    DayRuns::new(states.iter().filter_map(|(day, state)| match state {
        DayState::Final => Some((one_day(*day), false)),
        DayState::Provisional => Some((one_day(*day), true)),
        DayState::Missing | DayState::Failed => None,
    }))
}

/// Optional columns that say something about the account; they must not contradict themselves.
struct Properties {
    columns: Vec<(&'static str, Text)>,
}

impl Properties {
    fn new(frame: &DataFrame) -> Result<Self> {
        let mut columns = Vec::new();
        for name in ["platform", "family", "currency"] {
            if let Some(column) = Text::optional(frame, name)? {
                columns.push((name, column));
            }
        }
        Ok(Self { columns })
    }

    fn apply(
        &self,
        row: usize,
        account: &mut AccountInfo,
        known: &mut HashMap<(usize, &'static str), String>,
        at: usize,
    ) -> Result<()> {
        for (name, column) in &self.columns {
            let Some(value) = column.get(row) else {
                continue;
            };
            match known.get(&(at, *name)) {
                Some(before) if before == value => continue,
                Some(before) => {
                    return Err(bad(format!(
                        "account `{}` has two values of `{name}`: `{before}` and, in row {}, `{value}`",
                        account.key,
                        row + 1
                    )));
                }
                None => {
                    known.insert((at, *name), value.to_owned());
                }
            }
            match *name {
                "platform" => account.platform = Platform::from(value),
                "currency" => account.currency = Some(Currency::new(value)?),
                _ => {
                    account.family = [Family::Ads, Family::Media]
                        .into_iter()
                        .find(|family| family.as_str() == value)
                        .ok_or_else(|| Error::unknown("family", "family", value, ["ads", "media"]))?;
                }
            }
        }
        Ok(())
    }
}

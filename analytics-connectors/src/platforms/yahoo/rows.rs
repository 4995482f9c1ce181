//! Rows of a report → facts and entities.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use analytics_core::model::{
    DateRange, EntityRecord, FactRecord, Level, MetricGap, MetricId, Millionths,
};
use chrono::NaiveDate;
use csv::StringRecord;

use super::{
    Product,
    metrics::{Metric, Spelt, dimensions},
    table::{self, shown},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::Number,
};

/// What stands in a cell that has no value.
const NO_VALUE: [&str; 3] = ["", "-", "--"];
/// What the first cell of a totals row says.
const TOTALS: [&str; 2] = ["Total", "合計"];

/// What a report was asked for: whatever else is in it fails it, since it would be stored as truth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) product: &'a Product,
    pub(super) account: &'a str,
    pub(super) level: Level,
    pub(super) range: DateRange,
    pub(super) operation: &'a str,
}

/// Where the ids and names of a level and of those above it stand.
fn path(level: Level) -> &'static [(Level, &'static str, &'static str)] {
    const ACCOUNT: [(Level, &str, &str); 1] = [(Level::Account, "ACCOUNT_ID", "ACCOUNT_NAME")];
    const BELOW: [(Level, &str, &str); 3] = [
        (Level::Campaign, "CAMPAIGN_ID", "CAMPAIGN_NAME"),
        (Level::AdGroup, "ADGROUP_ID", "ADGROUP_NAME"),
        (Level::Ad, "AD_ID", "AD_NAME"),
    ];
    match level {
        Level::Campaign => &BELOW[..1],
        Level::AdGroup => &BELOW[..2],
        Level::Ad => &BELOW,
        Level::Account | Level::Post => &ACCOUNT,
    }
}

/// A row's place in its file, below the heading.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    date: NaiveDate,
}

impl Asked<'_> {
    /// The columns of the report, in order.
    pub(super) fn fields(&self) -> Vec<&'static str> {
        let figures = self.product.metrics.iter().map(|metric| metric.field);
        dimensions(self.level)
            .iter()
            .copied()
            .chain(figures)
            .collect()
    }

    /// What the file of the report says.
    pub(super) fn read(&self, file: &[u8]) -> Result<Batch> {
        let dimensions = dimensions(self.level).len();
        let columns = dimensions + self.product.metrics.len();
        let rows = table::rows(file, columns).map_err(|what| self.wrong(&what))?;
        let ids = self
            .product
            .metrics
            .iter()
            .map(|row| MetricId::from(row.id));
        let ids: Vec<MetricId> = ids.collect();
        let mut seen = HashSet::new();
        let mut names = HashMap::new();
        let mut sums = Sums::default();
        let mut blank = Vec::new();
        let mut batch = Batch::default();
        for (number, row) in (1..).zip(&rows) {
            let Some(date) = self.date(number, row)? else {
                continue;
            };
            let place = Place { row: number, date };
            // Two rows of a thing and day are parts of one. Parts that are alike to the last cell
            // occur among ads; elsewhere such a row is a mistake.
            let alike = !seen.insert(row.iter().collect::<Vec<_>>());
            if alike && self.level != Level::Ad {
                return Err(self.wrong(&format!("repeats row {number}")));
            }
            let entity = self.entity(place, row, &mut names, &mut batch.entities)?;
            for (at, metric) in self.product.metrics.iter().enumerate() {
                let cell = row.get(dimensions + at).unwrap_or_default();
                let Some(value) = self.figure(place, metric, cell)? else {
                    // A part may have no such figure, and the rest of the account some.
                    if self.level == Level::Account {
                        blank.push((Arc::clone(&entity), date, at));
                    }
                    continue;
                };
                sums.add(&entity, date, at, value).ok_or_else(|| {
                    self.wrong(&format!("`{}` in row {number} is too large", metric.field))
                })?;
            }
        }
        blank.retain(|place| !sums.values.contains_key(place));
        let gap = |(_, date, at): (Arc<str>, NaiveDate, usize)| no_value(&ids[at], date);
        batch.gaps = blank.into_iter().map(gap).collect();
        batch.facts = sums.into_facts(&ids);
        Ok(batch)
    }

    /// The day of a row; none: it is no row of a day, but one of totals.
    fn date(&self, row: usize, cells: &StringRecord) -> Result<Option<NaiveDate>> {
        let cell = cells.get(0).unwrap_or_default().trim();
        if NO_VALUE.contains(&cell) || TOTALS.contains(&cell) {
            return Ok(None);
        }
        let spellings = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d"];
        let date = spellings
            .iter()
            .find_map(|spelling| NaiveDate::parse_from_str(cell, spelling).ok())
            .ok_or_else(|| {
                let cell = shown(cell);
                self.wrong(&format!("`DAY` in row {row} is no date: `{cell}`"))
            })?;
        if !self.range.contains(date) {
            let what = format!("`DAY` in row {row}, {date}, lies outside the range asked for");
            return Err(self.wrong(&what));
        }
        Ok(Some(date))
    }

    /// A row's entity; notes it and those above it. Accounts that are only linked to a manager are
    /// named nowhere else.
    fn entity(
        &self,
        place: Place,
        cells: &StringRecord,
        known: &mut HashMap<(Level, String), Arc<str>>,
        entities: &mut Vec<EntityRecord>,
    ) -> Result<Arc<str>> {
        let cell = |field: &str| {
            let columns = dimensions(self.level);
            let at = columns.iter().position(|name| *name == field);
            at.and_then(|at| cells.get(at)).unwrap_or_default().trim()
        };
        let mut parent: Option<Arc<str>> = None;
        for (level, id_field, name_field) in path(self.level) {
            let id = cell(id_field);
            let row = place.row;
            if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
                let id = shown(id);
                return Err(self.wrong(&format!("`{id_field}` in row {row} is no id: `{id}`")));
            }
            if *level == Level::Account && id != self.account {
                return Err(self.wrong(&format!("`{id_field}` in row {row} is of another account")));
            }
            let name = match cell(name_field) {
                name if !NO_VALUE.contains(&name) => Some(name.to_owned()),
                // Many ads have no name: what kind they are stands for it.
                _ if *level == Level::Ad => {
                    let kind = Some(cell("AD_TYPE")).filter(|kind| !NO_VALUE.contains(kind));
                    kind.map(|kind| format!("{kind} {id}"))
                }
                _ => None,
            };
            let entity = known.entry((*level, id.to_owned())).or_insert_with(|| {
                entities.push(EntityRecord {
                    parent_external_id: parent.as_ref().map(ToString::to_string),
                    name,
                    ..EntityRecord::new(*level, id)
                });
                Arc::from(id)
            });
            parent = Some(Arc::clone(entity));
        }
        parent.ok_or_else(|| self.wrong("has no columns that say what it is about"))
    }

    /// A figure; none where there is no value.
    fn figure(&self, place: Place, metric: &Metric, cell: &str) -> Result<Option<Millionths>> {
        let cell = cell.trim();
        if NO_VALUE.contains(&cell) {
            return Ok(None);
        }
        let number = ungrouped(cell).map(Number).map_or_else(
            || Err(shown(cell)),
            |number| match metric.spelt {
                Spelt::Whole => number.exact().and_then(|value| {
                    let whole = value.0 % Millionths::SCALE == 0;
                    whole.then_some(value).ok_or_else(|| shown(cell))
                }),
                Spelt::Decimal => number.exact(),
                Spelt::Fraction => number.rounded(),
            },
        );
        number.map(Some).map_err(|shown| {
            let Place { row, date } = place;
            let kind = match metric.spelt {
                Spelt::Whole => "whole",
                _ => "exact",
            };
            self.wrong(&format!(
                "`{}` in row {row}, of {date}, is no {kind} number: `{shown}`",
                metric.field
            ))
        })
    }

    fn wrong(&self, what: &str) -> Error {
        let platform = self.product.platform();
        let what = format!("the report {what}");
        Error::new(ErrorKind::Decode, platform, self.operation, what)
    }
}

/// The account has no value of a metric on a day, which is not zero.
fn no_value(metric: &MetricId, date: NaiveDate) -> MetricGap {
    MetricGap {
        metric: metric.clone(),
        range: DateRange::day(date),
        reason: "the platform gives no value for this day".to_owned(),
    }
}

/// A number without its thousands separators; none where they stand in the wrong places.
fn ungrouped(cell: &str) -> Option<String> {
    if !cell.contains(',') {
        return Some(cell.to_owned());
    }
    let (whole, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or_default().trim_start_matches('-');
    let right = (1..=3).contains(&first.len())
        && groups.all(|group| group.len() == 3)
        && !fraction.contains(',');
    right.then(|| cell.replace(',', ""))
}

/// Figures by entity, day and metric: parts of one are added up.
#[derive(Default)]
struct Sums {
    order: Vec<(Arc<str>, NaiveDate, usize)>,
    values: HashMap<(Arc<str>, NaiveDate, usize), Millionths>,
}

impl Sums {
    /// None where the sum is too large.
    fn add(
        &mut self,
        entity: &Arc<str>,
        date: NaiveDate,
        metric: usize,
        value: Millionths,
    ) -> Option<()> {
        let key = (Arc::clone(entity), date, metric);
        if let Some(sum) = self.values.get_mut(&key) {
            sum.0 = sum.0.checked_add(value.0)?;
        } else {
            self.order.push(key.clone());
            self.values.insert(key, value);
        }
        Some(())
    }

    /// Zeros are left out.
    fn into_facts(self, metrics: &[MetricId]) -> Vec<FactRecord> {
        let Self { order, values } = self;
        let facts = order.into_iter().filter_map(|key| {
            let value = *values.get(&key)?;
            let (entity, date, metric) = key;
            (value.0 != 0).then(|| FactRecord {
                entity,
                metric: metrics[metric].clone(),
                date,
                value,
            })
        });
        facts.collect()
    }
}

//! Rows of an answer → facts, entities and windows.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, LazyLock},
};

use analytics_core::model::{
    DateRange, EntityRecord, FactRecord, Level, MetricId, Millionths, WindowRecord,
};
use chrono::NaiveDate;

use super::{
    PLATFORM,
    metrics::{REACH, Row, Spelt, TABLE},
    wire::{Figure, FigureRow},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::Number,
};

static METRICS: LazyLock<Vec<MetricId>> =
    LazyLock::new(|| TABLE.iter().map(|row| MetricId::from(row.metric)).collect());

/// Gathers the rows of one query. What does not fit the query fails it: a row of another account or
/// day would be stored as truth.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    account: &'a str,
    level: Level,
    range: DateRange,
    operation: String,
    seen: HashSet<(Arc<str>, Option<NaiveDate>)>,
    names: HashMap<(Level, String), Arc<str>>,
    batch: Batch,
}

impl<'a> Rows<'a> {
    pub(super) fn new(account: &'a str, level: Level, range: DateRange, operation: &str) -> Self {
        Self {
            account,
            level,
            range,
            operation: operation.to_owned(),
            seen: HashSet::new(),
            names: HashMap::new(),
            batch: Batch::default(),
        }
    }

    pub(super) fn into_batch(self) -> Batch {
        self.batch
    }

    /// Takes a row of a day.
    pub(super) fn push_day(&mut self, row: &FigureRow) -> Result<()> {
        let date = row
            .segments
            .as_ref()
            .and_then(|segments| segments.date)
            .ok_or_else(|| self.wrong("segments.date", "is missing"))?;
        if !self.range.contains(date) {
            return Err(self.wrong(
                "segments.date",
                &format!("{date} lies outside the range asked for"),
            ));
        }
        let entity = self.entity(row, Some(date))?;
        for (metric, id) in TABLE.iter().zip(METRICS.iter()) {
            let value = self.take(row, metric, &entity, Some(date))?;
            if let Some(value) = value.filter(|value| value.0 != 0) {
                self.batch.facts.push(FactRecord {
                    entity: Arc::clone(&entity),
                    metric: id.clone(),
                    date,
                    value,
                });
            }
        }
        Ok(())
    }

    /// Takes a row of the whole range. Where people are not told, they are unknown, not nobody.
    pub(super) fn push_window(&mut self, row: &FigureRow) -> Result<()> {
        let entity = self.entity(row, None)?;
        if let Some(value) = self.take(row, &REACH, &entity, None)? {
            self.batch.windows.push(WindowRecord {
                entity,
                metric: MetricId::from(REACH.metric),
                range: self.range,
                value,
            });
        }
        Ok(())
    }

    /// The row's entity; notes it and those above it. An entity comes once a day.
    fn entity(&mut self, row: &FigureRow, date: Option<NaiveDate>) -> Result<Arc<str>> {
        if let Some(customer) = &row.customer
            && customer.id.0 != self.account
        {
            return Err(self.wrong("customer.id", "is of another account"));
        }
        let mut entity: Arc<str> = Arc::from(self.account);
        let mut parent: Option<Arc<str>> = None;
        for level in [Level::Campaign, Level::AdGroup, Level::Ad] {
            if level.depth() > self.level.depth() {
                break;
            }
            let (id, name, status) = self.described(row, level, parent.as_deref())?;
            entity = self.note(level, id, parent.as_ref(), name, status);
            parent = Some(Arc::clone(&entity));
        }
        if !self.seen.insert((Arc::clone(&entity), date)) {
            return Err(self.wrong("results", &format!("hold {entity} twice")));
        }
        Ok(entity)
    }

    /// Id, name and status of what a row is about at a level.
    fn described(
        &self,
        row: &FigureRow,
        level: Level,
        parent: Option<&str>,
    ) -> Result<(String, Option<String>, Option<String>)> {
        let missing = |field: &str| self.wrong(field, "is missing");
        let named = match level {
            Level::Campaign => row
                .campaign
                .as_ref()
                .ok_or_else(|| missing("campaign.id"))?,
            Level::AdGroup => row.ad_group.as_ref().ok_or_else(|| missing("adGroup.id"))?,
            _ => {
                let of_group = row.ad_group_ad.as_ref();
                let of_group = of_group.ok_or_else(|| missing("adGroupAd.ad.id"))?;
                let ad = &of_group.ad;
                // Most ads have no name: what kind they are stands for it.
                let name = ad.name.clone().filter(|name| !name.is_empty());
                let kind = ad
                    .kind
                    .as_deref()
                    .map(|kind| format!("{} {}", kind.replace('_', " ").to_lowercase(), ad.id.0));
                // An ad may be in several groups, and is counted in each.
                let id = format!("{}~{}", parent.unwrap_or_default(), ad.id.0);
                return Ok((id, name.or(kind), of_group.status.clone()));
            }
        };
        Ok((named.id.0.clone(), named.name.clone(), named.status.clone()))
    }

    fn note(
        &mut self,
        level: Level,
        id: String,
        parent: Option<&Arc<str>>,
        name: Option<String>,
        status: Option<String>,
    ) -> Arc<str> {
        if let Some(known) = self.names.get(&(level, id.clone())) {
            return Arc::clone(known);
        }
        let shared: Arc<str> = Arc::from(id.as_str());
        self.names.insert((level, id.clone()), Arc::clone(&shared));
        self.batch.entities.push(EntityRecord {
            parent_external_id: parent.map(ToString::to_string),
            name: name.filter(|name| !name.is_empty()),
            status: status.map(|status| status.to_lowercase()),
            ..EntityRecord::new(level, id)
        });
        shared
    }

    /// A figure; none where it is not told.
    fn take(
        &self,
        row: &FigureRow,
        metric: &Row,
        entity: &str,
        date: Option<NaiveDate>,
    ) -> Result<Option<Millionths>> {
        let bad = |shown: &str| {
            let date = date.map(|date| format!(" on {date}")).unwrap_or_default();
            let what = format!("of {entity}{date} is no exact number: `{shown}`");
            self.wrong(&format!("metrics.{}", metric.key), &what)
        };
        let number = match row.metrics.get(metric.key) {
            None | Some(None) => return Ok(None),
            Some(Some(Figure::Number(number))) => number,
            Some(Some(Figure::Other(_))) => return Err(bad("no number")),
        };
        let value = match metric.spelt {
            Spelt::Whole => number.exact(),
            // Attribution makes fractions of any length.
            Spelt::Fraction => number.rounded(),
            Spelt::Micros => times(number, 1),
            Spelt::Milliseconds => times(number, 1_000),
        };
        value.map(Some).map_err(|shown| bad(&shown))
    }

    fn wrong(&self, field: &str, what: &str) -> Error {
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            &self.operation,
            format!("`{field}` {what}"),
        )
    }
}

/// A whole number of some part of a unit, of which there are so many millionths.
fn times(number: &Number, millionths: i64) -> Result<Millionths, String> {
    let whole = number.0.parse::<i64>().ok();
    whole
        .and_then(|whole| whole.checked_mul(millionths))
        .map(Millionths)
        .ok_or_else(|| number.0.chars().take(40).collect())
}

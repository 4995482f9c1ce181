//! Rows of insights → facts, entities and windows.

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
    metrics::{TABLE, Take},
    question::{Question, Shape},
    wire::{Action, InsightsRow},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
};

static METRICS: LazyLock<Vec<MetricId>> =
    LazyLock::new(|| TABLE.iter().map(|row| MetricId::from(row.metric)).collect());

/// Gathers the rows of one question. What does not fit the question fails it: a row of another
/// account or day would be stored as truth.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    account: &'a str,
    question: &'a Question,
    operation: String,
    seen: HashSet<(Arc<str>, NaiveDate)>,
    names: HashMap<Arc<str>, Arc<str>>,
    batch: Batch,
}

impl<'a> Rows<'a> {
    pub(super) fn new(account: &'a str, question: &'a Question) -> Self {
        Self {
            account,
            question,
            operation: question.operation(),
            seen: HashSet::new(),
            names: HashMap::new(),
            batch: Batch::default(),
        }
    }

    /// The finished batch.
    pub(super) fn into_batch(mut self) -> Batch {
        let whole_account =
            self.question.level == Level::Account && self.question.shape == Shape::Window;
        if whole_account && self.seen.is_empty() {
            // No row at all: nobody was reached, and that is exact.
            self.batch.windows.push(WindowRecord {
                entity: Arc::from(self.account),
                metric: MetricId::from("reach"),
                range: self.question.range,
                value: Millionths(0),
            });
        }
        self.batch
    }

    /// Takes one row.
    pub(super) fn push(&mut self, row: &InsightsRow) -> Result<()> {
        if let Some(account) = &row.account_id
            && account != self.account
        {
            return Err(self.wrong(row, "account_id", "is of another account"));
        }
        let entity = self.entity(row)?;
        let (start, stop) = self.dates(row)?;
        if !self.seen.insert((Arc::clone(&entity), start)) {
            return Err(self.wrong(row, "date_start", "came twice for the same entity"));
        }
        match self.question.shape {
            Shape::Daily => self.push_facts(row, &entity, start),
            Shape::Window => self.push_window(row, &entity, start, stop),
        }
    }

    fn push_facts(&mut self, row: &InsightsRow, entity: &Arc<str>, date: NaiveDate) -> Result<()> {
        for (metric, id) in TABLE.iter().zip(METRICS.iter()) {
            let value = self.take(row, &metric.take)?;
            if let Some(value) = value.filter(|value| value.0 != 0) {
                self.batch.facts.push(FactRecord {
                    entity: Arc::clone(entity),
                    metric: id.clone(),
                    date,
                    value,
                });
            }
        }
        Ok(())
    }

    fn push_window(
        &mut self,
        row: &InsightsRow,
        entity: &Arc<str>,
        start: NaiveDate,
        stop: NaiveDate,
    ) -> Result<()> {
        let range = DateRange::new(start, stop)
            .map_err(|_| self.wrong(row, "date_stop", "lies before date_start"))?;
        if range != self.question.range {
            return Err(self.wrong(row, "date_start", "is not of the range asked for"));
        }
        // A reach left out beside impressions is unknown, not zero.
        let reach = self.take(row, &Take::Field("reach"))?;
        let delivered = self
            .take(row, &Take::Field("impressions"))?
            .is_some_and(|impressions| impressions.0 != 0);
        let reach = reach.or((!delivered).then_some(Millionths(0)));
        if let Some(value) = reach {
            self.batch.windows.push(WindowRecord {
                entity: Arc::clone(entity),
                metric: MetricId::from("reach"),
                range,
                value,
            });
        }
        Ok(())
    }

    /// The row's entity; notes it and those above it.
    fn entity(&mut self, row: &InsightsRow) -> Result<Arc<str>> {
        let mut parent: Option<Arc<str>> = None;
        for (level, field, id, name) in [
            (
                Level::Campaign,
                "campaign_id",
                &row.campaign_id,
                &row.campaign_name,
            ),
            (Level::AdGroup, "adset_id", &row.adset_id, &row.adset_name),
            (Level::Ad, "ad_id", &row.ad_id, &row.ad_name),
        ] {
            if level.depth() > self.question.level.depth() {
                break;
            }
            let id = id
                .as_deref()
                .filter(|id| !id.is_empty())
                .ok_or_else(|| self.wrong(row, field, "is missing"))?;
            parent = Some(self.note(level, id, parent.as_ref(), name.as_deref()));
        }
        Ok(parent.unwrap_or_else(|| Arc::from(self.account)))
    }

    /// Ids of Meta's objects are unique across levels.
    fn note(
        &mut self,
        level: Level,
        id: &str,
        parent: Option<&Arc<str>>,
        name: Option<&str>,
    ) -> Arc<str> {
        if let Some(known) = self.names.get(id) {
            return Arc::clone(known);
        }
        let id: Arc<str> = Arc::from(id);
        self.names.insert(Arc::clone(&id), Arc::clone(&id));
        self.batch.entities.push(EntityRecord {
            level,
            external_id: id.to_string(),
            parent_external_id: parent.map(ToString::to_string),
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
            status: None,
            permalink: None,
            thumbnail_url: None,
            post: None,
        });
        id
    }

    fn dates(&self, row: &InsightsRow) -> Result<(NaiveDate, NaiveDate)> {
        let (Some(start), Some(stop)) = (row.date_start, row.date_stop) else {
            return Err(self.wrong(row, "date_start", "or date_stop is missing"));
        };
        if self.question.shape == Shape::Daily {
            if start != stop {
                return Err(self.wrong(row, "date_stop", "is another day than date_start"));
            }
            if !self.question.range.contains(start) {
                return Err(self.wrong(row, "date_start", "lies outside the range asked for"));
            }
        }
        Ok((start, stop))
    }

    fn take(&self, row: &InsightsRow, take: &Take) -> Result<Option<Millionths>> {
        match take {
            Take::Field(field) => row
                .number(field)
                .map(|number| {
                    number
                        .exact()
                        .map_err(|shown| self.bad_number(row, field, &shown))
                })
                .transpose(),
            Take::Pick { list, picks } => {
                let actions = row.list(list);
                picks
                    .iter()
                    .map(|types| self.pick(row, list, actions, types))
                    .find(|found| !matches!(found, Ok(None)))
                    .unwrap_or(Ok(None))
            }
            Take::Sum(parts) => {
                let mut total: Option<Millionths> = None;
                for part in *parts {
                    if let Some(value) = self.take(row, part)? {
                        total = Some(self.add(row, total, value)?);
                    }
                }
                Ok(total)
            }
        }
    }

    /// The sum of `types`; none if none of them is there.
    fn pick(
        &self,
        row: &InsightsRow,
        list: &str,
        actions: &[Action],
        types: &[&str],
    ) -> Result<Option<Millionths>> {
        let mut total = None;
        for action in actions
            .iter()
            .filter(|action| types.contains(&action.action_type.as_str()))
        {
            // Attribution can make fractions of any length.
            let value = match &action.value {
                Some(number) => number.rounded().map_err(|shown| {
                    self.bad_number(row, &format!("{list}[{}]", action.action_type), &shown)
                })?,
                None => Millionths(0),
            };
            total = Some(self.add(row, total, value)?);
        }
        Ok(total)
    }

    fn add(
        &self,
        row: &InsightsRow,
        total: Option<Millionths>,
        value: Millionths,
    ) -> Result<Millionths> {
        total
            .unwrap_or_default()
            .0
            .checked_add(value.0)
            .map(Millionths)
            .ok_or_else(|| self.wrong(row, "actions", "add up to more than can be stored"))
    }

    fn bad_number(&self, row: &InsightsRow, field: &str, shown: &str) -> Error {
        self.wrong(row, field, &format!("is no exact number: `{shown}`"))
    }

    fn wrong(&self, row: &InsightsRow, field: &str, what: &str) -> Error {
        let id = row
            .ad_id
            .as_ref()
            .or(row.adset_id.as_ref())
            .or(row.campaign_id.as_ref())
            .map_or_else(|| self.account.to_owned(), Clone::clone);
        let date = row
            .date_start
            .map(|date| format!(" on {date}"))
            .unwrap_or_default();
        Error::new(
            ErrorKind::Decode,
            PLATFORM,
            &self.operation,
            format!("`{field}` of {id}{date} {what}"),
        )
    }
}

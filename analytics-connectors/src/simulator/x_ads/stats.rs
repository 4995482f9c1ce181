//! Figures: what is asked for, and the answer, at once or as a job's file.

use analytics_core::model::DateRange;
use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::{
    entity::Entity,
    error::ApiError,
    gate,
    metrics::Group,
    params::Params,
    placement::Placement,
    series::{self, Writer},
    time::{Window, spelt},
};
use crate::simulator::{
    Inner,
    world::{AsOf, Dice, ads::AdAccount},
};

/// Entities of one question.
const MOST_ENTITIES: usize = 20;
/// Days of a question that is answered at once, and how old they may be.
const LONGEST: i64 = 7;
const OLDEST: Duration = Duration::days(90);
/// Days of a job.
const LONGEST_JOB: i64 = 90;

/// A question.
#[derive(Debug, Clone)]
pub(super) struct Query {
    entity: Entity,
    /// Ids and what they stand for.
    entities: Vec<(String, usize)>,
    range: DateRange,
    /// One number for the whole window.
    total: bool,
    groups: Vec<Group>,
    placement: Placement,
    /// The question as answers repeat it.
    pub(super) told: Value,
}

impl Query {
    fn parse(
        account: &AdAccount,
        params: &Params,
        as_of: AsOf,
        longest: i64,
    ) -> Result<(Self, Window), ApiError> {
        let word = params.required("entity")?;
        let entity =
            Entity::named(word).ok_or_else(|| ApiError::invalid("entity", word, "is no entity"))?;
        params.required("entity_ids")?;
        let ids = params
            .list("entity_ids", MOST_ENTITIES)?
            .unwrap_or_default();
        let granularity = params.required("granularity")?;
        let total = match granularity {
            "DAY" => false,
            "TOTAL" => true,
            "HOUR" => {
                let message = "hours are not simulated";
                let error = ApiError::new(400, "FEATURE_NOT_AVAILABLE", message);
                return Err(error.about("granularity", granularity));
            }
            _ => return Err(ApiError::invalid("granularity", granularity, "is none")),
        };
        let groups = Group::parse(params)?;
        let place = params.required("placement")?;
        let placement = Placement::ALL
            .into_iter()
            .find(|known| known.name() == place);
        let placement = placement.ok_or_else(|| {
            ApiError::new(
                400,
                "INVALID_PLACEMENT_TYPE",
                "expected exactly one placement",
            )
            .about("placement", place)
        })?;
        let window = Window::parse(params, account.time_zone, longest)?;
        let range = window.days(account.time_zone)?;
        let found = ids.iter().map(|id| {
            let index = entity.find(account, id, as_of)?;
            Ok(((*id).to_owned(), index))
        });
        let entities = found.collect::<Result<_, ApiError>>()?;
        let mut told = params.echo(None);
        told["start_time"] = json!(spelt(window.start));
        told["end_time"] = json!(spelt(window.end));
        let query = Self {
            entity,
            entities,
            range,
            total,
            groups,
            placement,
            told,
        };
        Ok((query, window))
    }

    /// The question of a job.
    pub(super) fn of_job(
        account: &AdAccount,
        params: &Params,
        as_of: AsOf,
    ) -> Result<Self, ApiError> {
        for name in ["segmentation_type", "country", "platform"] {
            if let Some(value) = params.get(name) {
                let error = ApiError::new(400, "FEATURE_NOT_AVAILABLE", "is not simulated");
                return Err(error.about(name, value));
            }
        }
        Ok(Self::parse(account, params, as_of, LONGEST_JOB)?.0)
    }

    /// The answer, as known at a moment.
    pub(super) fn answer(&self, account: &AdAccount, as_of: AsOf) -> Value {
        let indexes: Vec<usize> = self.entities.iter().map(|(_, index)| *index).collect();
        let mut all = series::days(
            account,
            self.entity,
            &indexes,
            self.range,
            self.placement,
            as_of,
        );
        if self.total {
            for days in all.values_mut() {
                *days = series::total(days);
            }
        }
        let rows = self.entities.iter().filter_map(|(id, index)| {
            let days = all.get(index)?;
            let writer = Writer {
                account,
                entity: self.entity,
                days,
                dice: Dice::new(*index as u64).of(self.placement.name()),
            };
            let metrics = writer.metrics(&self.groups);
            Some(json!({ "id": id, "id_data": [{ "segment": null, "metrics": metrics }] }))
        });
        let length = if self.total { 1 } else { self.range.days() };
        json!({
            "data_type": "stats",
            "time_series_length": length,
            "data": rows.collect::<Vec<_>>(),
            "request": { "params": self.told },
        })
    }
}

/// `GET stats/accounts/:id`.
pub(super) fn at_once(
    sim: &Inner,
    account: &AdAccount,
    params: &Params,
) -> Result<Value, ApiError> {
    let now: DateTime<Utc> = sim.now();
    let as_of = account.as_of(now);
    let (query, window) = Query::parse(account, params, as_of, LONGEST)?;
    if window.start < now - OLDEST {
        let told = spelt(window.start);
        let message = "is too long ago to be answered at once";
        return Err(ApiError::window("start_time", &told, message));
    }
    gate::too_complex(sim)?;
    Ok(query.answer(account, as_of))
}

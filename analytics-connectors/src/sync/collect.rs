//! From a stream of batches to one whole answer.

use std::collections::HashMap;

use analytics_core::model::{
    CounterRecord, EntityRecord, FactRecord, Level, MetricGap, WindowRecord,
};
use chrono::{DateTime, Utc};
use futures_util::{TryStreamExt, stream::BoxStream};

use crate::{connector::Batch, error::Result};

/// Everything one fetch delivered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) facts: Vec<FactRecord>,
    pub(super) entities: Vec<EntityRecord>,
    pub(super) windows: Vec<WindowRecord>,
    pub(super) counters: Vec<CounterRecord>,
    pub(super) gaps: Vec<MetricGap>,
    pub(super) all_texts: bool,
    /// The earliest of its parts'.
    pub(super) as_of: Option<DateTime<Utc>>,
}

/// Reads the stream to its end. An answer that breaks off is none.
pub(super) async fn collect(mut batches: BoxStream<'static, Result<Batch>>) -> Result<Answer> {
    let mut answer = Answer::default();
    // Every page repeats the entities of its rows; the last word on each counts.
    let mut seen: HashMap<(Level, String), usize> = HashMap::new();
    while let Some(batch) = batches.try_next().await? {
        answer.facts.extend(batch.facts);
        answer.windows.extend(batch.windows);
        answer.counters.extend(batch.counters);
        answer.gaps.extend(batch.gaps);
        answer.all_texts |= batch.all_texts;
        answer.as_of = answer.as_of.into_iter().chain(batch.as_of).min();
        for entity in batch.entities {
            let key = (entity.level, entity.external_id.clone());
            match seen.get(&key) {
                Some(at) => answer.entities[*at] = entity,
                None => {
                    seen.insert(key, answer.entities.len());
                    answer.entities.push(entity);
                }
            }
        }
    }
    Ok(answer)
}

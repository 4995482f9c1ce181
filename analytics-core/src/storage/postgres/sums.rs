//! The account's own amounts where a platform tells only those of its posts: what all posts rose by
//! on a day, added up.

use sqlx::PgConnection;

use super::{
    convert::{During, day, level_id, micros},
    slice::metric_ids,
};
use crate::storage::{rows::account::Owner, sums};
use crate::{error::Result, model::Slice};

/// The slice at account level that follows from a snapshot of posts just stored; none where nothing
/// is added up, or the day still runs.
///
/// # Errors
/// [`Error::Overflow`] for a sum that does not fit.
pub(super) async fn of_posts(
    connection: &mut PgConnection,
    owner: &Owner,
    slice: &Slice,
) -> Result<Option<Slice>> {
    if slice.sums.is_empty() || slice.partial {
        return Ok(None);
    }
    let ids = metric_ids(connection, slice.sums.iter()).await?;
    let amounts: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT f.metric::bigint, f.value
         FROM entities e
         CROSS JOIN LATERAL (SELECT metric, value FROM facts
                             WHERE entity = e.id AND date = $4 AND metric = ANY($3::int[])
                             OFFSET 0) f
         WHERE e.account_id = $1 AND e.level = $2
           AND ($5::bigint IS NULL OR e.published_at >= $5)",
    )
    .bind(owner.account.0)
    .bind(level_id(slice.level))
    .bind(ids.values().copied().collect::<Vec<_>>())
    .bind(day(slice.range.end))
    .bind(
        slice
            .sums_since
            .map(|since| micros(sums::first_moment(owner, since))),
    )
    .fetch_all(connection)
    .await
    .during("adding up the amounts of posts")?;
    sums::slice_of(owner, slice, &ids, amounts).map(Some)
}

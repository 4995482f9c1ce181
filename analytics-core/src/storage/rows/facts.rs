//! Revisions, gaps and requests.

use crate::{
    error::Result,
    model::{EntityId, GapRun, MetricGap, Millionths, Revision, RevisionKind, WindowRequest},
    storage::{
        columns::{Columns, get},
        convert::{corrupt, date, level, moment, range},
    },
};

/// How a kind of revision is stored.
pub(crate) fn kind_name(kind: RevisionKind) -> &'static str {
    match kind {
        RevisionKind::Changed => "changed",
        RevisionKind::Appeared => "appeared",
        RevisionKind::Vanished => "vanished",
    }
}

/// A revision from its row.
pub(crate) fn revision(row: &impl Columns) -> Result<Revision> {
    let kind: &str = get(row, "kind")?;
    Ok(Revision {
        entity: EntityId(get(row, "entity")?),
        metric: get::<&str>(row, "metric")?.into(),
        date: date(get::<i64>(row, "date")?)?,
        kind: [
            RevisionKind::Changed,
            RevisionKind::Appeared,
            RevisionKind::Vanished,
        ]
        .into_iter()
        .find(|one| kind_name(*one) == kind)
        .ok_or_else(|| corrupt(format!("`{kind}` is no kind of revision")))?,
        former: get::<Option<i64>>(row, "former")?.map(Millionths),
        superseded_at: moment(get(row, "superseded_at")?)?,
    })
}

/// A gap from its row.
pub(crate) fn gap_run(row: &impl Columns) -> Result<GapRun> {
    Ok(GapRun {
        level: level(get::<i64>(row, "level")?)?,
        gap: MetricGap {
            metric: get::<&str>(row, "metric")?.into(),
            range: range(get::<i64>(row, "first_day")?, get::<i64>(row, "last_day")?)?,
            reason: get(row, "reason")?,
        },
    })
}

/// A request for an exact value from its row.
pub(crate) fn window_request(row: &impl Columns) -> Result<WindowRequest> {
    Ok(WindowRequest {
        level: level(get::<i64>(row, "level")?)?,
        metric: get::<&str>(row, "metric")?.into(),
        range: range(get::<i64>(row, "first_day")?, get::<i64>(row, "last_day")?)?,
        requested_at: moment(get(row, "requested_at")?)?,
        answered_at: get::<Option<i64>>(row, "answered_at")?
            .map(moment)
            .transpose()?,
    })
}

//! Whether both sides hold the same.

use futures_util::future::try_join;

use super::{CopiedTable, Progress, Stage, marks, schema::Table, side::Side, sql::Leases, sums};
use crate::error::{Error, Result};

/// Compares counts and sums of every table, and the facts of every account; the rows of each table.
///
/// # Errors
/// [`Error::Conflict`] naming the table that differs.
pub(super) async fn verify(
    source: &mut dyn Side,
    target: &mut dyn Side,
    tables: &[Table],
    progress: &mut (dyn FnMut(Progress<'_>) + Send),
) -> Result<Vec<CopiedTable>> {
    let total = tables.len() as u64 + 1;
    let mut copied = Vec::with_capacity(tables.len());
    for (done, table) in tables.iter().enumerate() {
        progress(Progress {
            stage: Stage::Verifying,
            table: &table.name,
            done: done as u64,
            total,
        });
        let (ours, theirs) = try_join(
            sums::of_table(source, table, Leases::Cleared),
            sums::of_table(target, table, Leases::Kept),
        )
        .await?;
        agree(&table.name, sums::difference(&ours, &theirs))?;
        let rows = theirs.first().map(|(_, rows)| *rows).unwrap_or_default();
        copied.push(CopiedTable {
            name: table.name.clone(),
            rows: u64::try_from(rows).unwrap_or_default(),
        });
    }
    progress(Progress {
        stage: Stage::Verifying,
        table: "facts",
        done: total - 1,
        total,
    });
    let (ours, theirs) = try_join(sums::of_accounts(source), sums::of_accounts(target)).await?;
    agree("facts", sums::difference(&ours, &theirs))?;
    Ok(copied)
}

fn agree(table: &str, difference: Option<String>) -> Result<()> {
    match difference {
        None => Ok(()),
        Some(difference) => Err(Error::Conflict {
            message: format!(
                "the copy is not finished: table `{table}` is not the same on both sides ({difference}). Does anything else write to the target? Stop it and run the command again: it compares row by row and copies what differs once more (marks are in `{}`)",
                marks::TABLE
            ),
        }),
    }
}

//! Taking up an interrupted copy: what is there is compared with the source, row by row.

use futures_util::future::try_join;

use super::{
    cell::Page,
    marks::{self, Mark},
    schema::Table,
    side::Side,
    sql::Leases,
};
use crate::error::Result;

/// Compares the rows of a table that were copied with those of the source now. From the first page
/// that differs on, they are taken away again, and the mark with them: they are copied once more.
/// Whether there was a difference.
pub(super) async fn compare(
    source: &mut dyn Side,
    target: &mut dyn Side,
    table: &Table,
    mark: &mut Mark,
    mut compared: impl FnMut(u64) + Send,
) -> Result<bool> {
    let mut same = Mark::default();
    loop {
        let after = same.last.as_deref();
        let (ours, theirs) = try_join(
            source.page(table, after, Leases::Cleared),
            target.page(table, after, Leases::Kept),
        )
        .await?;
        if !ours.starts_with(&theirs) {
            break;
        }
        advance(&mut same, table, &theirs);
        compared(same.rows);
        if theirs.rows < table.page_rows() {
            break;
        }
    }
    if same == *mark {
        return Ok(false);
    }
    marks::cut(target, table, mark, same).await?;
    Ok(true)
}

fn advance(mark: &mut Mark, table: &Table, page: &Page) {
    mark.rows += page.rows as u64;
    if let Some(key) = page.last_key(table) {
        mark.last = Some(key);
    }
}

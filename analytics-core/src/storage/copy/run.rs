//! A copy from beginning to end.

use futures_util::future::try_join;

use super::{
    Copied, OnProgress, Progress, Stage,
    address::Address,
    cell::{Cell, Page},
    finish, marks,
    marks::{Mark, Marks},
    open, resume,
    schema::{self, Table},
    side::{self, Side},
    sql::{Leases, quoted},
    verify,
};
use crate::error::Result;

/// Copies a whole store from one database (`sqlite://path`, `postgresql://…`) to another, which is
/// new, empty, or the target of the same copy when it was interrupted. The source may be in use: one
/// state of it is copied. Run again after an interruption, it goes on where it stopped.
///
/// # Errors
/// [`crate::Error::Invalid`] for a URL that cannot be a side of a copy, [`crate::Error::Conflict`] for
/// a target that holds a store, for a store of a newer version and for a target that is not the same
/// as the source in the end, [`crate::Error::Storage`].
pub async fn copy(from: &str, to: &str, progress: OnProgress<'_>) -> Result<Copied> {
    let from = Address::parse("from", from)?;
    let to = Address::parse("to", to)?;
    transfer(&from, &from.name, &to, progress).await
}

/// The same between addresses; `source_name` is what the marks call the source.
pub(super) async fn transfer(
    from: &Address,
    source_name: &str,
    to: &Address,
    progress: OnProgress<'_>,
) -> Result<Copied> {
    if from.is_same_file(to) {
        return Err(to.wrong("it is the source itself: give another database"));
    }
    let tables = schema::tables().await?;
    let mut source = open::source(from, &tables).await?;
    let (mut target, mut marks) = open::target(to, &mut *source, source_name, &tables).await?;
    let resumed = marks.resumed;
    let copied_again = if resumed {
        compare(&mut *source, &mut *target, &tables, &mut marks, progress).await?
    } else {
        Vec::new()
    };
    fill(&mut *source, &mut *target, &tables, &mut marks, progress).await?;
    let copied = verify::verify(&mut *source, &mut *target, &tables, progress).await?;
    finish::finish(&mut *source, &mut *target, &tables).await?;
    source.close().await?;
    target.close().await?;
    Ok(Copied {
        from: source_name.to_owned(),
        to: to.name.clone(),
        tables: copied,
        resumed,
        copied_again,
    })
}

/// Compares what an interrupted copy brought over; the tables that have changed since.
async fn compare(
    source: &mut dyn Side,
    target: &mut dyn Side,
    tables: &[Table],
    marks: &mut Marks,
    progress: OnProgress<'_>,
) -> Result<Vec<String>> {
    let total: u64 = marks.tables.iter().map(|mark| mark.rows).sum();
    let mut done = 0;
    let mut changed = Vec::new();
    for (table, mark) in tables.iter().zip(&mut marks.tables) {
        let before = done;
        let differs = resume::compare(source, target, table, mark, |rows| {
            done = before + rows;
            progress(Progress {
                stage: Stage::Comparing,
                table: &table.name,
                done,
                total,
            });
        })
        .await?;
        if differs {
            changed.push(table.name.clone());
        }
    }
    Ok(changed)
}

/// Copies every table from its mark to its end.
async fn fill(
    source: &mut dyn Side,
    target: &mut dyn Side,
    tables: &[Table],
    marks: &mut Marks,
    progress: OnProgress<'_>,
) -> Result<()> {
    let mut total = 0;
    for table in tables {
        let sql = format!("SELECT count(*) FROM {}", quoted(&table.name));
        let rows = side::value(source, &sql, &[]).await?.number();
        total += u64::try_from(rows).unwrap_or_default();
    }
    let mut done = 0;
    for (table, mark) in tables.iter().zip(&mut marks.tables) {
        let before = done;
        fill_table(source, target, table, mark, |rows| {
            done = before + rows;
            progress(Progress {
                stage: Stage::Copying,
                table: &table.name,
                done,
                total,
            });
        })
        .await?;
    }
    Ok(())
}

/// Copies a table from its mark to its end: while one page is written, the next one is read.
async fn fill_table(
    source: &mut dyn Side,
    target: &mut dyn Side,
    table: &Table,
    mark: &mut Mark,
    mut copied: impl FnMut(u64) + Send,
) -> Result<()> {
    let mut page = source
        .page(table, mark.last.as_deref(), Leases::Cleared)
        .await?;
    copied(mark.rows);
    while page.rows > 0 {
        let last = page.last_key(table);
        let is_full = page.rows == table.page_rows();
        let reading = following(source, table, last.filter(|_| is_full));
        ((), page) = try_join(marks::write(target, table, &page, mark), reading).await?;
        copied(mark.rows);
    }
    Ok(())
}

/// The page after a key; an empty one if there is no key.
async fn following(source: &mut dyn Side, table: &Table, after: Option<Vec<Cell>>) -> Result<Page> {
    match after {
        Some(after) => source.page(table, Some(&after), Leases::Cleared).await,
        None => Ok(Page::default()),
    }
}

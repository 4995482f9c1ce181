//! What a table adds up to, computed by its database.

use super::{
    cell::Cell,
    schema::{Kind, Table},
    side::Side,
    sql::Leases,
};
use crate::error::Result;

/// Figures of a table with what they are, in an order of their own.
pub(super) type Sums = Vec<(String, i128)>;

/// Rows, exact sums of numbers, lengths of texts and blobs, and how many values there are.
pub(super) async fn of_table(side: &mut dyn Side, table: &Table, leases: Leases) -> Result<Sums> {
    let sql = side.dialect().sums(table, leases);
    let row = side.rows(&sql, &[]).await?.into_iter().next();
    let mut cells = row.unwrap_or_default().into_iter();
    let mut sums = vec![("number of rows".to_owned(), next(&mut cells))];
    for column in &table.columns {
        let name = &column.name;
        let what = match column.kind {
            Kind::Integer => format!("sum of `{name}`"),
            Kind::Text | Kind::Blob => format!("length of `{name}`"),
        };
        let total = joined(next(&mut cells), next(&mut cells));
        sums.push((what, total));
        if column.nullable {
            sums.push((format!("number of `{name}`"), next(&mut cells)));
        }
    }
    Ok(sums)
}

/// Number and sum of every account's facts.
pub(super) async fn of_accounts(side: &mut dyn Side) -> Result<Sums> {
    let sql = side.dialect().facts_by_account();
    let rows = side.rows(&sql, &[]).await?;
    let mut sums = Vec::with_capacity(rows.len() * 2);
    for row in rows {
        let mut cells = row.into_iter();
        let account = next(&mut cells);
        let count = next(&mut cells);
        let total = joined(next(&mut cells), next(&mut cells));
        sums.push((format!("number of facts of account {account}"), count));
        sums.push((format!("sum of facts of account {account}"), total));
    }
    Ok(sums)
}

fn next(cells: &mut impl Iterator<Item = Cell>) -> i128 {
    cells.next().unwrap_or(Cell::Null).number()
}

fn joined(high: i128, low: i128) -> i128 {
    (high << 32) + low
}

/// The first figure that is not the same on both sides.
pub(super) fn difference(source: &Sums, target: &Sums) -> Option<String> {
    let say = |one: Option<&(String, i128)>| match one {
        Some((what, value)) => format!("its {what} is {value}"),
        None => "there is nothing more".to_owned(),
    };
    (0..source.len().max(target.len())).find_map(|at| {
        let (ours, theirs) = (source.get(at), target.get(at));
        (ours != theirs)
            .then(|| format!("in the source {}, in the target {}", say(ours), say(theirs)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_two_parts_are_exact_for_negative_numbers_too() {
        for number in [0, 1, -1, i64::MIN, i64::MAX, 1 << 40] {
            let parts = (i128::from(number >> 32), i128::from(number & 0xffff_ffff));
            assert_eq!(joined(parts.0, parts.1), i128::from(number));
        }
    }

    #[test]
    fn the_first_difference_is_told() {
        let one = vec![
            ("number of rows".to_owned(), 3),
            ("sum of `a`".to_owned(), 5),
        ];
        let mut two = one.clone();
        assert_eq!(difference(&one, &two), None);
        two[1].1 = 6;
        let text = difference(&one, &two).unwrap_or_default();
        assert!(text.contains("sum of `a` is 5"), "{text}");
        assert!(difference(&one, &two[..1].to_vec()).is_some());
    }
}

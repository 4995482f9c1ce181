//! The general group-by over many entities, as a frame.

use polars::prelude::{Column, DataFrame, PolarsError};

use super::cells::Cell;
use crate::error::{Error, Result};

/// Bits of the lower half of a split sum.
const HALF: u32 = 32;

/// Contributions of entities to cells, as columns.
#[derive(Debug, Default)]
pub(super) struct Rows {
    cell: Vec<u64>,
    /// Sums are split at 32 bits, so that billions of rows add up exactly in 64 bits.
    high: Vec<i64>,
    low: Vec<i64>,
    max: Vec<i64>,
    window: Vec<i64>,
    known: Vec<i64>,
    fresh: Vec<i64>,
}

impl Rows {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a sum of 64-bit values over days has far fewer than 96 bits; the low half is masked"
    )]
    pub(super) fn push(&mut self, at: usize, cell: Cell) {
        self.cell.push(at as u64);
        self.high.push((cell.sum >> HALF) as i64);
        self.low.push((cell.sum & 0xffff_ffff) as i64);
        self.max.push(cell.max);
        self.window.push(cell.window);
        self.known.push(cell.known);
        self.fresh.push(cell.fresh);
    }

    /// Groups the rows by cell and merges each group into `cells`.
    pub(super) fn group_into(self, cells: &mut [Cell]) -> Result<()> {
        if self.cell.is_empty() {
            return Ok(());
        }
        self.grouped(cells).map_err(|error| Error::Frame {
            message: error.to_string(),
        })
    }

    #[expect(
        deprecated,
        reason = "the eager aggregations do just what is needed, without the lazy engine"
    )]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "cell numbers were made from positions in `cells`"
    )]
    fn grouped(self, cells: &mut [Cell]) -> std::result::Result<(), PolarsError> {
        let frame = DataFrame::new_infer_height(vec![
            Column::new("cell".into(), self.cell),
            Column::new("high".into(), self.high),
            Column::new("low".into(), self.low),
            Column::new("known".into(), self.known),
            Column::new("fresh".into(), self.fresh),
            Column::new("max".into(), self.max),
            Column::new("window".into(), self.window),
        ])?;
        let sums = frame
            .group_by(["cell"])?
            .select(["high", "low", "known", "fresh"])
            .sum()?;
        let (at, high, low, known, fresh) = (
            sums.column("cell")?.u64()?,
            sums.column("high_sum")?.i64()?,
            sums.column("low_sum")?.i64()?,
            sums.column("known_sum")?.i64()?,
            sums.column("fresh_sum")?.i64()?,
        );
        for row in 0..sums.height() {
            if let (Some(at), Some(high), Some(low), Some(known), Some(fresh)) = (
                at.get(row),
                high.get(row),
                low.get(row),
                known.get(row),
                fresh.get(row),
            ) {
                cells[at as usize].merge(Cell {
                    sum: (i128::from(high) << HALF) + i128::from(low),
                    known,
                    fresh,
                    ..Cell::EMPTY
                });
            }
        }
        let largest = frame.group_by(["cell"])?.select(["max", "window"]).max()?;
        let (at, max, window) = (
            largest.column("cell")?.u64()?,
            largest.column("max_max")?.i64()?,
            largest.column("window_max")?.i64()?,
        );
        for row in 0..largest.height() {
            if let (Some(at), Some(max), Some(window)) =
                (at.get(row), max.get(row), window.get(row))
            {
                cells[at as usize].merge(Cell {
                    max,
                    window,
                    ..Cell::EMPTY
                });
            }
        }
        Ok(())
    }
}

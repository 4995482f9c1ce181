//! A range in pieces that a platform answers.

use analytics_core::model::DateRange;
use chrono::Days;

/// `range` in pieces of `days` days, oldest first; the last one may be shorter.
pub(super) fn slices(range: DateRange, days: u32) -> Vec<DateRange> {
    let mut slices = Vec::new();
    let mut start = range.start;
    while start <= range.end {
        let end = start
            .checked_add_days(Days::new(u64::from(days) - 1))
            .unwrap_or(range.end)
            .min(range.end);
        slices.push(DateRange { start, end });
        match end.succ_opt() {
            Some(next) => start = next,
            None => break,
        }
    }
    slices
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn slices_cover_the_range_once() -> Result<(), analytics_core::Error> {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap_or_default();
        let range = DateRange::new(day("2026-01-01"), day("2026-03-31"))?;
        for size in [1, 7, 90, 365] {
            let days: Vec<NaiveDate> = slices(range, size)
                .iter()
                .flat_map(DateRange::iter)
                .collect();
            assert_eq!(days, range.iter().collect::<Vec<_>>(), "{size}");
        }
        Ok(())
    }
}

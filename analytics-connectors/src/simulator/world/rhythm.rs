//! How demand moves: over the week, over the year, over the years.

use chrono::{Datelike, NaiveDate};

/// Which days of a week are strong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rhythm {
    /// Shops and entertainment: evenings and weekends.
    Weekend,
    /// Work: Monday to Friday.
    Office,
    /// Nearly even.
    Even,
}

impl Rhythm {
    pub(crate) fn factor(self, date: NaiveDate) -> f64 {
        let week = match self {
            Self::Weekend => [0.92, 0.90, 0.93, 0.96, 1.04, 1.16, 1.14],
            Self::Office => [1.12, 1.16, 1.15, 1.12, 1.02, 0.70, 0.66],
            Self::Even => [0.98, 0.99, 1.00, 1.00, 1.01, 1.02, 1.01],
        };
        week[date.weekday().num_days_from_monday() as usize]
    }
}

/// Demand in the middle of each month, January first.
const JAPAN: [f64; 12] = [
    1.04, 0.90, 1.12, 0.99, 0.95, 0.97, 1.07, 0.93, 0.97, 1.01, 1.08, 1.24,
];
const WEST: [f64; 12] = [
    0.90, 0.91, 0.97, 1.00, 1.02, 0.99, 0.96, 0.97, 1.00, 1.04, 1.18, 1.27,
];

/// The year's curve of a market.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Market {
    /// Year-end gifts, fiscal year's end in March, bonus in July.
    Japan,
    /// Black Friday and Christmas.
    West,
}

impl Market {
    pub(crate) fn factor(self, date: NaiveDate) -> f64 {
        let months = match self {
            Self::Japan => &JAPAN,
            Self::West => &WEST,
        };
        // From the middle of one month to the middle of the next in a straight line.
        let month = date.month0() as usize;
        let offset = f64::from(date.day()) / 30.5 - 0.5;
        let neighbour = if offset < 0.0 { month + 11 } else { month + 1 } % 12;
        let curve = months[month] + (months[neighbour] - months[month]) * offset.abs();
        curve * self.event(date)
    }

    /// A few loud days.
    fn event(self, date: NaiveDate) -> f64 {
        match (self, date.month(), date.day()) {
            (Self::West, 11, 24..=30) => 1.30,
            (Self::West, 12, 25..=27) => 0.70,
            (Self::Japan, 1, 1..=3) => 0.75,
            (Self::Japan, 5, 3..=5) => 0.85,
            (Self::Japan, 12, 3..=7) => 1.22,
            _ => 1.0,
        }
    }
}

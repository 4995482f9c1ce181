//! Figures as a table in a file.

use analytics_core::model::{DateRange, Level};
use chrono::NaiveDate;

use super::{
    Product,
    definition::Definition,
    fields::{Cell, Field},
    jobs::Job,
};
use crate::simulator::world::{
    AsOf, Figures,
    ads::{AdAccount, Status},
    counts::Counts,
};

fn rows(account: &AdAccount, of: &Definition, as_of: AsOf) -> Vec<Figures> {
    let ranges: Vec<DateRange> = if of.by_day() {
        of.range.iter().map(DateRange::day).collect()
    } else {
        vec![of.range]
    };
    let is_removed = |entity| {
        let status = account.status(of.level, entity, as_of);
        matches!(status, Status::Archived | Status::Deleted)
    };
    ranges
        .into_iter()
        .flat_map(|range| account.figures(of.level, range, as_of))
        .filter(|figures| of.removed || !is_removed(figures.entity))
        .collect()
}

/// Whether there are more than so many rows.
pub(super) fn exceeds(account: &AdAccount, of: &Definition, as_of: AsOf, most: usize) -> bool {
    let days = of.range.days().unsigned_abs() as usize;
    // Counting takes time; most reports are small whatever they hold.
    days * account.count(of.level) > most && rows(account, of, as_of).len() > most
}

/// How a day is written: mostly with hyphens.
fn day(date: NaiveDate, job: u64) -> String {
    let spelling = match job % 8 {
        6 => "%Y/%m/%d",
        7 => "%Y%m%d",
        _ => "%Y-%m-%d",
    };
    date.format(spelling).to_string()
}

/// What stands where nothing is known.
fn blank(product: Product) -> String {
    match product {
        Product::Search => String::new(),
        Product::Display => "--".to_owned(),
    }
}

/// The file of a job.
pub(super) fn write(account: &AdAccount, job: &Job) -> Vec<u8> {
    let (of, file) = (&job.definition, &job.definition.file);
    let rows = rows(account, of, account.as_of(job.created));
    let mut text = String::new();
    if file.header {
        let heading = |field: &&'static Field| match file.japanese {
            true => field.japanese.to_owned(),
            false => field.english.to_owned(),
        };
        let headings: Vec<String> = of.fields.iter().map(heading).collect();
        text += &file.line(&headings);
    }
    for figures in &rows {
        let cell = |field: &&'static Field| {
            dimension(account, job, field, figures)
                .unwrap_or_else(|| number(of, field, &figures.counts))
        };
        let cells: Vec<String> = of.fields.iter().map(cell).collect();
        text += &file.line(&cells);
    }
    if file.totals {
        text += &file.line(&totals(of, &rows));
    }
    file.encoded(&text)
}

/// The cell of a dimension.
fn dimension(account: &AdAccount, job: &Job, field: &Field, figures: &Figures) -> Option<String> {
    let of = &job.definition;
    let ad = account.ads_of(of.level, figures.entity).next().unwrap_or(0);
    match field.cell {
        Cell::Day => Some(day(figures.range.start, job.id)),
        Cell::Id(level) => Some(account.entity_id(level, account.holder(ad, level))),
        Cell::Name(level) => {
            let name = account.entity_name(level, account.holder(ad, level));
            Some(name.to_owned())
        }
        Cell::AdType => {
            let video = account.ads[ad].video_hold.is_some();
            let kind = match (of.product, video, of.file.japanese) {
                (Product::Search, _, true) => "レスポンシブ検索広告",
                (Product::Search, _, false) => "Responsive Search Ads",
                (Product::Display, true, true) => "動画",
                (Product::Display, true, false) => "Video",
                (Product::Display, false, true) => "レスポンシブ",
                (Product::Display, false, false) => "Responsive",
            };
            Some(kind.to_owned())
        }
        Cell::Count(_) | Cell::Optional(_) | Cell::Decimal(_) => None,
    }
}

/// The cell of a number.
fn number(of: &Definition, field: &Field, counts: &Counts) -> String {
    match field.cell {
        Cell::Count(count) => count(counts).to_string(),
        Cell::Decimal(millionths) => of.file.decimal(millionths(counts)),
        Cell::Optional(count) => match count(counts) {
            // What an account has none of is none; a part of it may have no value at all.
            0 if of.level != Level::Account => blank(of.product),
            known => known.to_string(),
        },
        Cell::Day | Cell::Id(_) | Cell::Name(_) | Cell::AdType => blank(of.product),
    }
}

/// The row of totals: without a label in Search, with one in Display.
fn totals(of: &Definition, rows: &[Figures]) -> Vec<String> {
    let mut sums = Counts::default();
    for figures in rows {
        sums += &figures.counts;
    }
    let nothing = rows.is_empty() && of.product == Product::Display;
    let cell = |(at, field): (usize, &&'static Field)| {
        if at == 0 && field.is_dimension() && of.product == Product::Display {
            let label = if of.file.japanese { "合計" } else { "Total" };
            label.to_owned()
        } else if nothing {
            blank(of.product)
        } else {
            number(of, field, &sums)
        }
    };
    of.fields.iter().enumerate().map(cell).collect()
}

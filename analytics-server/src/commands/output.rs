//! What commands print: tables, CSV and JSON to standard output, progress to standard error.

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use console::measure_text_width;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::CommandError;

/// Writes text; a reader that has gone away (`| head`) is no error.
pub(crate) fn print(text: &str) -> Result<(), CommandError> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// Writes a line to standard error, beside what is printed.
pub(crate) fn note(line: &str) {
    // Who reads no notes loses nothing that was asked for.
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// Writes a value as indented JSON.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), CommandError> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    print(&text)
}

/// Rows under a header, columns as wide as they need to be. Columns whose every cell looks like a
/// number are aligned to the right.
pub(crate) fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let widths: Vec<usize> = header
        .iter()
        .enumerate()
        .map(|(at, name)| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| measure_text_width(cell))
                .chain([measure_text_width(name)])
                .max()
                .unwrap_or_default()
        })
        .collect();
    let right: Vec<bool> = (0..header.len())
        .map(|at| {
            !rows.is_empty()
                && rows
                    .iter()
                    .filter_map(|row| row.get(at))
                    .all(|cell| is_number(cell))
        })
        .collect();
    let mut text = String::new();
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    for row in std::iter::once(&header).chain(rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .zip(&right)
            .map(|((cell, width), right)| {
                let gap = " ".repeat(width.saturating_sub(measure_text_width(cell)));
                if *right {
                    format!("{gap}{cell}")
                } else {
                    format!("{cell}{gap}")
                }
            })
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

fn is_number(cell: &str) -> bool {
    cell.is_empty()
        || cell == "–"
        || cell
            .chars()
            .all(|c| c.is_ascii_digit() || "+-.,% ".contains(c))
}

/// Rows under a header as CSV (RFC 4180).
pub(crate) fn csv(header: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = csv_line(header.iter().copied());
    for row in rows {
        text.push_str(&csv_line(row.iter().map(String::as_str)));
    }
    text
}

/// One line of CSV.
pub(crate) fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<String> = cells
        .into_iter()
        .map(|cell| {
            if cell.contains([',', '"', '\n', '\r']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_owned()
            }
        })
        .collect();
    let mut line = cells.join(",");
    line.push_str("\r\n");
    line
}

/// Progress: a bar on a terminal, a plain line now and then elsewhere.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
    plain: bool,
    said: u64,
}

impl Progress {
    /// Progress of `what` over `length` steps.
    pub(crate) fn new(what: &str, length: u64) -> Self {
        let plain = !io::stderr().is_terminal();
        let target = if plain {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr()
        };
        let bar = ProgressBar::with_draw_target(Some(length), target);
        if let Ok(style) =
            ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {msg} {eta}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_prefix(what.to_owned());
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            plain,
            said: 0,
        }
    }

    /// `done` of `length` steps are done.
    pub(crate) fn set(&mut self, done: u64, length: u64, message: &str) {
        self.bar.set_length(length);
        self.bar.set_position(done);
        self.bar.set_message(message.to_owned());
        // A line for every tenth.
        let tenth = (done * 10).checked_div(length).unwrap_or_default();
        if self.plain && tenth > self.said {
            self.said = tenth;
            eprintln!("{} {done}/{length} {message}", self.bar.prefix());
        }
    }

    /// The end.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_align_also_with_wide_characters() {
        let rows = vec![
            vec!["東京".to_owned(), "12".to_owned()],
            vec!["Osaka".to_owned(), "3".to_owned()],
        ];
        assert_eq!(
            table(&["name", "n"], &rows),
            "name    n\n東京   12\nOsaka   3\n"
        );
    }

    #[test]
    fn cells_with_commas_and_quotes_survive_csv() {
        assert_eq!(
            csv_line(["a,b", "say \"hi\"", "c"]),
            "\"a,b\",\"say \"\"hi\"\"\",c\r\n"
        );
    }
}

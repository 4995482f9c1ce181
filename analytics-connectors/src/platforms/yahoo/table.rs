//! Reports as the vendor writes them: CSV in UTF-8 or in Shift-JIS, with a heading.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::SHIFT_JIS;

/// Letters of a cell that a message repeats.
const SHOWN: usize = 40;

/// The rows of a report below its heading, of so many columns each. Columns are told apart by their
/// position: headings change.
///
/// # Errors
/// What is wrong, for a message.
pub(super) fn rows(body: &[u8], columns: usize) -> Result<Vec<StringRecord>, String> {
    let text = decode(body)?;
    if text.trim_start().starts_with('<') {
        return Err("is a web page instead of a table".to_owned());
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (number, record) in reader.records().enumerate() {
        // Text is valid, and rows may differ in length: nothing is left that could fail.
        let record = record.map_err(|error| format!("cannot be read: {error}"))?;
        if record.len() != columns {
            let found = record.len();
            let place = match number {
                0 => "in its heading".to_owned(),
                row => format!("in row {row}"),
            };
            return Err(format!("has {found} columns {place}, not {columns}"));
        }
        rows.push(record);
    }
    if rows.is_empty() {
        return Err("is empty: not even a heading".to_owned());
    }
    rows.remove(0);
    Ok(rows)
}

/// The text of a file without its byte order mark.
fn decode(body: &[u8]) -> Result<String, String> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    if let Ok(text) = std::str::from_utf8(body) {
        return Ok(text.to_owned());
    }
    SHIFT_JIS
        .decode_without_bom_handling_and_without_replacement(body)
        .map(std::borrow::Cow::into_owned)
        .ok_or_else(|| "is neither UTF-8 nor Shift-JIS".to_owned())
}

/// A cell's text for a message.
pub(super) fn shown(cell: &str) -> String {
    cell.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(body: &[u8]) -> Result<Vec<Vec<String>>, String> {
        let rows = rows(body, 2)?;
        Ok(rows
            .iter()
            .map(|row| row.iter().map(str::to_owned).collect())
            .collect())
    }

    fn owned(rows: &[[&str; 2]]) -> Vec<Vec<String>> {
        rows.iter()
            .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
            .collect()
    }

    #[test]
    fn quotes_commas_and_line_breaks_stand_in_cells() {
        let body = "\u{feff}Day,Name\r\n1,\"秋, \"\"新作\"\"\nフェア\"\r\n2,x";
        let rows = owned(&[["1", "秋, \"新作\"\nフェア"], ["2", "x"]]);
        assert_eq!(cells(body.as_bytes()), Ok(rows));
    }

    #[test]
    fn shift_jis_reads_as_the_same_text() {
        let (body, _, lossy) = SHIFT_JIS.encode("日,名前\n1,一般キーワード表示\n");
        assert!(!lossy);
        assert_eq!(cells(&body), Ok(owned(&[["1", "一般キーワード表示"]])));
    }

    #[test]
    fn what_is_no_table_is_said_to_be_none() {
        for (body, said) in [
            (&b""[..], "empty"),
            (b"<html><body>Sorry</body></html>", "web page"),
            (b"Day\n", "1 columns in its heading"),
            (b"Day,Name\n1\n", "1 columns in row 1"),
            (b"Day,Name\n1,2,3\n", "3 columns in row 1"),
            (b"Day,Name\n1,\xff\xff\n", "neither UTF-8 nor Shift-JIS"),
        ] {
            let read = cells(body);
            assert!(
                read.as_ref().is_err_and(|error| error.contains(said)),
                "{read:?} lacks {said}"
            );
        }
    }

    #[test]
    fn a_heading_alone_is_a_report_without_rows() {
        assert_eq!(cells(b"Day,Name\r\n"), Ok(Vec::new()));
    }
}

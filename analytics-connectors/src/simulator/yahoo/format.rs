//! How the file of a report is written.

use encoding_rs::SHIFT_JIS;
use serde_json::Value;

use super::{Product, envelope::ApiError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encode {
    Utf8,
    Utf8Bom,
    ShiftJis,
    Utf16,
}

/// The format that was asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileFormat {
    separator: char,
    encode: Encode,
    pub(super) japanese: bool,
    pub(super) header: bool,
    pub(super) totals: bool,
    /// Whether decimal numbers keep their fractions.
    pub(super) fractions: bool,
}

/// One of the words that may stand under a key; the first if there is none.
fn choice<T: Copy>(
    operand: &Value,
    key: &'static str,
    choices: &[(&str, T)],
) -> Result<T, ApiError> {
    match &operand[key] {
        Value::Null => Ok(choices[0].1),
        given => choices
            .iter()
            .find(|(word, _)| given.as_str() == Some(word))
            .map(|(_, meant)| *meant)
            .ok_or_else(|| ApiError::new("V0001", key, given.to_string())),
    }
}

/// A flag, as text.
pub(super) fn flag(operand: &Value, key: &'static str, default: bool) -> Result<bool, ApiError> {
    let choices = [("TRUE", true), ("FALSE", false)];
    if operand[key].is_null() {
        return Ok(default);
    }
    choice(operand, key, &choices)
}

impl FileFormat {
    pub(super) fn parse(product: Product, operand: &Value) -> Result<Self, ApiError> {
        let mut encodes = vec![
            ("UTF8", Encode::Utf8),
            ("SJIS", Encode::ShiftJis),
            ("UTF16LE", Encode::Utf16),
        ];
        if product == Product::Display {
            encodes.push(("UTF8_BOM", Encode::Utf8Bom));
        }
        let separators = [("CSV", ','), ("TSV", '\t')];
        let fractions = [("SIMPLE_DISPLAY", false), ("FULL_DISPLAY", true)];
        choice(operand, "reportCompressType", &[("NONE", ())])?;
        Ok(Self {
            separator: choice(operand, "reportDownloadFormat", &separators)?,
            encode: choice(operand, "reportDownloadEncode", &encodes)?,
            japanese: choice(operand, "reportLanguage", &[("JA", true), ("EN", false)])?,
            header: !flag(operand, "reportSkipColumnHeader", false)?,
            totals: !flag(operand, "reportSkipReportSummary", false)?,
            fractions: choice(operand, "reportDecimalPartDisplayType", &fractions)?,
        })
    }

    /// A line of a file.
    pub(super) fn line(&self, cells: &[String]) -> String {
        let cells: Vec<String> = cells.iter().map(|cell| self.quoted(cell)).collect();
        cells.join(&self.separator.to_string()) + "\r\n"
    }

    fn quoted(&self, cell: &str) -> String {
        if cell.contains(['"', '\r', '\n', self.separator]) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.to_owned()
        }
    }

    pub(super) fn encoded(&self, text: &str) -> Vec<u8> {
        match self.encode {
            Encode::Utf8 => text.as_bytes().to_vec(),
            Encode::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Encode::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Encode::ShiftJis => {
                let mut bytes = Vec::with_capacity(text.len());
                for letter in text.chars() {
                    match SHIFT_JIS.encode(letter.encode_utf8(&mut [0; 4])) {
                        (known, _, false) => bytes.extend_from_slice(&known),
                        (_, _, true) => bytes.push(b'?'),
                    }
                }
                bytes
            }
        }
    }

    /// A decimal number, given in millionths.
    pub(super) fn decimal(&self, millionths: i64) -> String {
        if self.fractions {
            #[expect(
                clippy::cast_precision_loss,
                reason = "doubles are what the platform writes"
            )]
            let number = millionths as f64 / 1_000_000.0;
            format!("{number:?}")
        } else {
            (millionths + 500_000).div_euclid(1_000_000).to_string()
        }
    }
}

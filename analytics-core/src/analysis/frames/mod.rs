//! Frames: the way in for a user's own facts, and the way out for a report.

mod assemble;
mod columns;
mod input;
mod output;
mod properties;

use polars::prelude::PolarsError;

use crate::error::Error;

fn frame_error(error: &PolarsError) -> Error {
    Error::Frame {
        message: error.to_string(),
    }
}

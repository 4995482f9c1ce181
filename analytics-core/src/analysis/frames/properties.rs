//! Columns of a user's frame that say something about the account.

use std::collections::HashMap;

use polars::prelude::DataFrame;

use super::columns::Text;
use crate::{
    analysis::dataset::AccountInfo,
    error::{Error, Result},
    model::{Catalogue, Currency, Family, Platform},
};

/// Optional columns that say something about the account; they must not contradict themselves.
pub(super) struct Properties {
    columns: Vec<(&'static str, Text)>,
}

impl Properties {
    pub(super) fn new(frame: &DataFrame) -> Result<Self> {
        let mut columns = Vec::new();
        for name in ["platform", "family", "currency"] {
            if let Some(column) = Text::optional(frame, name)? {
                columns.push((name, column));
            }
        }
        Ok(Self { columns })
    }

    /// Notes what a row says about its account.
    pub(super) fn apply(
        &self,
        row: usize,
        account: &mut AccountInfo,
        (known, at): (&mut HashMap<(usize, &'static str), String>, usize),
        catalogue: &Catalogue,
    ) -> Result<()> {
        for (name, column) in &self.columns {
            let Some(value) = column.get(row) else {
                continue;
            };
            match known.get(&(at, *name)) {
                Some(before) if before == value => continue,
                Some(before) => {
                    return Err(Error::Frame {
                        message: format!(
                            "account `{}` has two values of `{name}`: `{before}` and, in row {}, `{value}`",
                            account.key,
                            row + 1
                        ),
                    });
                }
                None => {
                    known.insert((at, *name), value.to_owned());
                }
            }
            match *name {
                "platform" => {
                    account.platform = Platform::from(value);
                    if let Some(profile) = catalogue.platform(&account.platform) {
                        account.family = profile.family;
                    }
                }
                "currency" => account.currency = Some(Currency::new(value)?),
                _ => {
                    account.family = [Family::Ads, Family::Media]
                        .into_iter()
                        .find(|family| family.as_str() == value)
                        .ok_or_else(|| {
                            Error::unknown("family", "family", value, ["ads", "media"])
                        })?;
                }
            }
        }
        Ok(())
    }
}

//! What a database's URL says beside its path.

use std::{str::FromStr, time::Duration};

use sqlx::sqlite::SqliteConnectOptions;

use crate::error::{Error, Result};

/// How long a connection waits for another process' write before it gives up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a page; never set, so that of every file.
const PAGE: u64 = 4096;

/// The options of `url`, ours taken out before the rest is read.
pub(super) fn parse(url: &str) -> Result<SqliteConnectOptions> {
    let (place, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut others, mut pages, mut busy) = (Vec::new(), None, BUSY_TIMEOUT);
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("max_mb", value)) => pages = Some(number(url, pair, value)? * 1024 * 1024 / PAGE),
            Some(("busy_seconds", value)) => busy = Duration::from_secs(number(url, pair, value)?),
            _ => others.push(pair),
        }
    }
    let rest = match others.as_slice() {
        [] => place.to_owned(),
        others => format!("{place}?{}", others.join("&")),
    };
    let options = SqliteConnectOptions::from_str(&rest)
        .map_err(|error| wrong(url, &error.to_string()))?
        .busy_timeout(busy);
    Ok(match pages {
        Some(pages) => options.pragma("max_page_count", pages.to_string()),
        None => options,
    })
}

fn number(url: &str, pair: &str, value: &str) -> Result<u64> {
    value
        .parse()
        .ok()
        .filter(|number| (1..=1 << 24).contains(number))
        .ok_or_else(|| wrong(url, &format!("`{pair}` is no whole number from 1")))
}

fn wrong(url: &str, why: &str) -> Error {
    Error::Config {
        message: format!("cannot open `{url}`: {why}; expected `sqlite://path/to/file.db`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_words_are_taken_out_and_the_rest_is_read() -> Result<()> {
        let options = parse("sqlite://a/b.db?max_mb=16&mode=ro&busy_seconds=2")?;
        assert_eq!(options.get_filename(), std::path::Path::new("a/b.db"));
        Ok(())
    }

    #[test]
    fn a_limit_that_is_no_number_is_named() {
        for url in [
            "sqlite://b.db?max_mb=much",
            "sqlite://b.db?max_mb=0",
            "sqlite://b.db?size=1",
        ] {
            let error = parse(url).err().map(|error| error.to_string());
            assert!(
                error.is_some_and(|error| error.contains("cannot open")),
                "{url}"
            );
        }
    }
}

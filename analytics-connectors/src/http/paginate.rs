//! Cursor paging as a stream. The caller keeps its own parameters and only replaces the cursor:
//! a vendor's "next" URL already holds a token and is never followed.

use std::collections::HashSet;

use futures_util::Stream;

use crate::error::{Error, ErrorKind, Result};

/// More pages than any honest answer has.
const MAX_PAGES: usize = 20_000;

/// One page.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// What it holds; may be empty before the last page.
    pub items: Vec<T>,
    /// Cursor of the next page; none: this is the last one.
    pub next: Option<String>,
}

/// The items of page after page. `fetch` gets the cursor, none for the first page.
///
/// The stream ends with the first page without a next cursor. A cursor that comes twice, or an
/// endless chain, ends it with a `Decode` error instead of looping.
pub fn pages<'a, T, F, Fut>(
    platform: &'a str,
    operation: &'a str,
    mut fetch: F,
) -> impl Stream<Item = Result<Vec<T>>> + use<'a, T, F, Fut>
where
    F: FnMut(Option<String>) -> Fut,
    Fut: Future<Output = Result<Page<T>>>,
{
    async_stream::try_stream! {
        let mut seen = HashSet::new();
        let mut cursor = None;
        loop {
            let page = fetch(cursor).await?;
            yield page.items;
            let Some(next) = page.next else { break };
            if !seen.insert(next.clone()) || seen.len() >= MAX_PAGES {
                Err(Error::new(
                    ErrorKind::Decode,
                    platform,
                    operation,
                    format!(
                        "paging does not end: a cursor was repeated after {} pages",
                        seen.len()
                    ),
                ))?;
            }
            cursor = Some(next);
        }
    }
}

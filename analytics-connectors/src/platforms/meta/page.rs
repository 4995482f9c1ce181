//! The pages a user reaches: directly, and through business portfolios.

use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde::Deserialize;

use super::graph::{Graph, GraphCall, PageSize};
use crate::{
    error::{Error, ErrorKind, Result},
    oauth::TokenSource,
};

/// Calls of no account are paced by themselves: a limit of theirs concerns no account.
const LANE: &str = "me";

/// A page as lists of pages show it.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Only there for who has a role on the page.
    #[serde(default)]
    pub(crate) access_token: Option<SecretString>,
    /// What the user may do; portfolios do not tell it.
    #[serde(default)]
    pub(crate) tasks: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) picture: Option<Picture>,
    /// The professional profile connected to the page.
    #[serde(default)]
    pub(crate) instagram_business_account: Option<Profile>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Picture {
    #[serde(default)]
    data: Option<PictureData>,
}

#[derive(Debug, Deserialize)]
struct PictureData {
    #[serde(default)]
    url: Option<String>,
}

/// A professional profile as its page shows it.
#[derive(Debug, Deserialize)]
pub(crate) struct Profile {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) username: Option<String>,
    #[serde(default)]
    pub(crate) name: Option<String>,
    #[serde(default)]
    pub(crate) profile_picture_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Business {
    id: String,
}

impl Page {
    /// Whether its figures can be read: with a token of the page, and a role that may analyse it.
    pub(crate) fn is_readable(&self) -> bool {
        let may = |task: &String| {
            [
                "ANALYZE",
                "MANAGE",
                "PROFILE_PLUS_ANALYZE",
                "PROFILE_PLUS_MANAGE",
            ]
            .contains(&task.as_str())
        };
        // Portfolios tell no tasks; whether the role suffices is seen at the first fetch.
        self.access_token.is_some()
            && self
                .tasks
                .as_ref()
                .is_none_or(|tasks| tasks.iter().any(may))
    }

    pub(crate) fn picture_url(&self) -> Option<String> {
        self.picture.as_ref()?.data.as_ref()?.url.clone()
    }
}

/// Every page of the user behind `tokens`, each once: those of the user first, then those of
/// business portfolios, as far as the user let them be seen.
pub(crate) async fn pages(
    graph: &Graph,
    tokens: &TokenSource,
    operation: &str,
    fields: &str,
) -> Result<Vec<Page>> {
    let mut found: Vec<Page> = Vec::new();
    collect(graph, tokens, operation, "me/accounts", fields, &mut found).await?;
    let businesses = businesses(graph, tokens, operation).await?;
    for business in businesses {
        for edge in ["owned_pages", "client_pages"] {
            let path = format!("{}/{edge}", business.id);
            match collect(graph, tokens, operation, &path, fields, &mut found).await {
                // A portfolio that the user may not list says nothing about the others.
                Err(error) if is_hidden(&error) => {
                    tracing::info!(
                        business = business.id,
                        "a portfolio's pages are not shown: {error}"
                    );
                }
                listed => listed?,
            }
        }
    }
    Ok(found)
}

/// The user's business portfolios; none where that permission was not given.
async fn businesses(graph: &Graph, tokens: &TokenSource, operation: &str) -> Result<Vec<Business>> {
    let call = GraphCall::get(operation, LANE, "me/businesses").param("fields", "id");
    match graph
        .list(&call, tokens, PageSize::SHORT)
        .try_concat()
        .await
    {
        Err(error) if is_hidden(&error) => Ok(Vec::new()),
        listed => listed,
    }
}

fn is_hidden(error: &Error) -> bool {
    matches!(
        error.kind,
        ErrorKind::PermissionDenied | ErrorKind::InvalidRequest
    )
}

async fn collect(
    graph: &Graph,
    tokens: &TokenSource,
    operation: &str,
    path: &str,
    fields: &str,
    found: &mut Vec<Page>,
) -> Result<()> {
    let call = GraphCall::get(operation, LANE, path).param("fields", fields);
    let pages: Vec<Page> = graph
        .list(&call, tokens, PageSize::SHORT)
        .try_concat()
        .await?;
    for page in pages {
        match found.iter_mut().find(|known| known.id == page.id) {
            Some(known) if known.access_token.is_none() && page.access_token.is_some() => {
                *known = page;
            }
            Some(_) => {}
            None => found.push(page),
        }
    }
    Ok(())
}

//! What the consent dialog shows.

use super::scopes::Scopes;
use crate::simulator::page;

pub(super) use page::{error, escape};

/// What a consent reaches: heading, the scope that opens it, names as HTML.
pub(super) type Reach = (&'static str, &'static str, Vec<String>);

/// The page that asks for consent.
pub(super) fn consent(user: &str, asked: Scopes, lists: &[Reach]) -> String {
    let boxes: Vec<page::Asked<'_>> = asked
        .entries()
        .map(|(scope, about)| (scope, about, Scopes::ALWAYS.has(scope)))
        .collect();
    let lists: Vec<page::Reach> = lists
        .iter()
        .filter(|(_, scope, _)| asked.has(scope))
        .map(|(heading, _, names)| (*heading, names.clone()))
        .collect();
    page::consent(user, &boxes, &lists)
}

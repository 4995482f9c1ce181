//! Insights at once.

use analytics_core::model::Level;
use serde_json::Value;

use super::{GATE, Reply, params::Question, render::Renderer};
use crate::simulator::{
    Inner,
    meta::{error::GraphError, paging::Page, request::GraphRequest},
    world::{AsOf, Figures, ads::AdAccount},
};

/// Rows a question may have in all before the vendor wants a smaller one or a report run.
const MOST_ROWS: usize = 5_000;
/// Rows times fields that fit on a page.
const MOST_CELLS: usize = 20_000;

/// `GET …/insights`.
pub(super) fn get(
    sim: &Inner,
    request: &GraphRequest,
    account: &AdAccount,
    scope: (Level, usize),
) -> Result<Reply, GraphError> {
    let as_of = account.as_of(sim.now());
    let question = Question::parse(&request.params, account, scope, as_of)?;
    GATE.too_much(sim)?;
    let rows = question.rows(account, as_of)?;
    if rows.len() > MOST_ROWS {
        return Err(GraphError::reduce_data());
    }
    page(request, account, &question, &rows, as_of)
}

/// One page of an answer.
pub(super) fn page(
    request: &GraphRequest,
    account: &AdAccount,
    question: &Question,
    rows: &[Figures],
    as_of: AsOf,
) -> Result<Reply, GraphError> {
    let page = Page::of(request)?;
    let shown = page.within(rows.len());
    if shown.len() * question.fields.len() > MOST_CELLS {
        return Err(GraphError::reduce_data());
    }
    let mut body = format!(
        r#"{{"data":{},"paging":{}"#,
        Renderer::new(account, question).rows(&rows[shown]),
        Value::Object(page.paging(request, rows.len()))
    );
    if let (Some(fields), 0) = (&question.summary, page.start) {
        let total = account.figures(Level::Account, question.span(), as_of);
        if let Some(total) = total.first() {
            body.push_str(r#","summary":"#);
            body.push_str(&Renderer::new(account, question).summary(total, fields));
        }
    }
    body.push('}');
    Ok(Reply {
        body,
        account: Some(account.id.clone()),
        insights: true,
    })
}

//! Looks at report jobs: which of them have ended, and how.

use std::collections::HashMap;

use serde_json::json;

use super::{api::Method, fetch::Session, jobs::SERVICE, wire::Job};
use crate::{error::Result, http::Poll};

const GET: Method = Method::new(SERVICE, "get");
/// Looks that may not find a report that was just ordered.
const LOOKS_BEFORE_IT_EXISTS: u32 = 3;

/// How a job ended.
#[derive(Debug)]
pub(super) enum End {
    Completed,
    TooLarge,
    Failed(String),
}

/// Which of these jobs have ended.
pub(super) async fn look(
    session: &Session,
    ids: &[i64],
    looks: u32,
) -> Result<Poll<Vec<(i64, End)>>> {
    let body = json!({
        "accountId": session.account_id,
        "reportJobIds": ids,
        "numberResults": ids.len(),
        "startIndex": 1,
    });
    let call = session.call(GET, body);
    let (listing, _) = session.api.list(&call, &session.tokens).await?;
    let told: HashMap<i64, Job> = listing
        .values
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.report_definition)
        .map(|job| (job.report_job_id, job))
        .collect();
    let mut started = false;
    let mut ended = Vec::new();
    for id in ids {
        let Some(job) = told.get(id) else {
            if looks > LOOKS_BEFORE_IT_EXISTS {
                ended.push((*id, End::Failed("it is not there any more".to_owned())));
            }
            continue;
        };
        let status = job.report_job_status.as_deref().unwrap_or_default();
        started |= status == "IN_PROGRESS";
        match (status, job.report_job_error_detail.as_deref()) {
            ("COMPLETED", _) => ended.push((*id, End::Completed)),
            ("FAILED", Some(detail)) if detail.contains("Over limit") => {
                ended.push((*id, End::TooLarge));
            }
            ("FAILED" | "CANCELED", detail) => {
                let why = format!("{status}, {}", detail.unwrap_or("without a reason"));
                ended.push((*id, End::Failed(why)));
            }
            _ => {}
        }
    }
    Ok(if ended.is_empty() {
        Poll::Pending { started }
    } else {
        Poll::Ready(ended)
    })
}

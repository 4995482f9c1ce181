//! Report jobs: ordered several at a time, awaited together, read one by one, removed. What is too
//! large is ordered in halves, what fails once more.

use std::collections::{HashMap, VecDeque};

use analytics_core::model::DateRange;
use serde_json::{Value, json};

use super::{
    api::Method,
    error::{Code, REDUCE, TOO_MANY_OPEN},
    fetch::Session,
    memory::{Ordered, Subject},
    wire::{Job as Told, Order},
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::{Poll, poll_until},
};

const SERVICE: &str = "ReportDefinitionService";
const ADD: Method = Method::new(SERVICE, "add");
const GET: Method = Method::new(SERVICE, "get");
const DOWNLOAD: Method = Method::new(SERVICE, "download");
const REMOVE: Method = Method::new(SERVICE, "remove");

/// Orders, and removals, of one call.
const PER_CALL: usize = 30;
/// How often a report may fail for no reason.
const FAILURES: u32 = 2;
/// Looks that may not find a report that was just ordered.
const LOOKS_BEFORE_IT_EXISTS: u32 = 3;

/// A report that is wanted.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    range: DateRange,
    failures: u32,
}

/// A report that was ordered.
#[derive(Debug, Clone, Copy)]
struct Job {
    wanted: Wanted,
    ordered: Ordered,
    completed: bool,
}

/// How a job ended.
#[derive(Debug)]
enum End {
    Completed,
    TooLarge,
    Failed(String),
}

/// The reports of one fetch, newest days first.
pub(super) struct Jobs<'a> {
    session: &'a Session,
    waiting: VecDeque<Wanted>,
    open: Vec<Job>,
    /// Jobs that nobody needs any more.
    finished: Vec<i64>,
}

impl Drop for Jobs<'_> {
    /// Whatever ends a fetch: its open jobs are there for the next one.
    fn drop(&mut self) {
        let open = self.open.iter();
        let kept = open.map(|job| (self.session.subject(job.wanted.range), job.ordered));
        self.session.memory.keep(kept);
    }
}

impl<'a> Jobs<'a> {
    /// Reports of these ranges, newest first; those that are being made already are not ordered.
    pub(super) fn new(session: &'a Session, ranges: Vec<DateRange>) -> Self {
        let now = session.now();
        let mut jobs = Self {
            session,
            waiting: VecDeque::new(),
            open: Vec::new(),
            finished: Vec::new(),
        };
        for range in ranges {
            let wanted = Wanted { range, failures: 0 };
            let subject: Subject = session.subject(range);
            match session.memory.take(&subject, now) {
                Some(ordered) => jobs.open.push(Job {
                    wanted,
                    ordered,
                    completed: false,
                }),
                None => jobs.waiting.push_back(wanted),
            }
        }
        jobs
    }

    /// The next report's figures; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<Batch>> {
        loop {
            if let Some(at) = self.open.iter().position(|job| job.completed) {
                if let Some(batch) = self.read(at).await? {
                    return Ok(Some(batch));
                }
                continue;
            }
            self.remove().await;
            self.order().await?;
            if self.open.is_empty() {
                return Ok(None);
            }
            for (id, end) in self.wait().await? {
                self.settle(id, end)?;
            }
        }
    }

    /// Orders what waits, as far as there is room.
    async fn order(&mut self) -> Result<()> {
        let mut refused = None;
        while refused.is_none() && !self.waiting.is_empty() {
            let many = self.waiting.len().min(PER_CALL);
            let batch: Vec<Wanted> = self.waiting.drain(..many).collect();
            refused = self.add(&batch).await?;
        }
        match refused {
            // Others are open: room comes when they are done.
            Some(error) if self.open.is_empty() => Err(error),
            _ => Ok(()),
        }
    }

    /// Orders these; those without room wait on, and the error that says so is returned.
    async fn add(&mut self, batch: &[Wanted]) -> Result<Option<Error>> {
        let session = self.session;
        let orders: Vec<Order> = batch.iter().map(|one| session.order(one.range)).collect();
        let body = json!({ "accountId": session.account_id, "operand": orders });
        let call = session.call(ADD, body);
        let listed = session.api.list(&call, &session.tokens).await;
        let (listing, request) = match listed {
            Ok(listed) => listed,
            Err(error) => {
                self.waiting.extend(batch);
                return Err(error);
            }
        };
        let entries = listing.values.unwrap_or_default();
        if entries.len() != batch.len() {
            let what = format!("{} orders, {} answers", batch.len(), entries.len());
            return Err(session.decode(&what));
        }
        let (mut no_room, mut failed) = (None, None);
        for (wanted, entry) in batch.iter().zip(entries) {
            let refusal = session
                .api
                .refusal(&entry, request.as_deref(), &session.operation);
            match (refusal, entry.report_definition) {
                (Some(error), _) if Code::is(&error, TOO_MANY_OPEN) => {
                    self.waiting.push_back(*wanted);
                    no_room = Some(error);
                }
                (Some(error), _) => failed = Some(session.about(error, wanted.range)),
                (None, Some(job)) => self.open.push(Job {
                    wanted: *wanted,
                    ordered: Ordered {
                        id: job.report_job_id,
                        at: session.now(),
                    },
                    completed: false,
                }),
                (None, None) => failed = Some(session.decode("an order without a job")),
            }
        }
        match failed {
            Some(error) => Err(error),
            None => Ok(no_room),
        }
    }

    /// Waits until at least one job has ended; which, and how.
    async fn wait(&self) -> Result<Vec<(i64, End)>> {
        let ids: Vec<i64> = self.open.iter().map(|job| job.ordered.id).collect();
        let session = self.session;
        let mut looks = 0;
        let ended = poll_until(session.config.poll_schedule(), || {
            looks += 1;
            look(session, &ids, looks)
        })
        .await?;
        ended.ok_or_else(|| {
            let what = format!(
                "{} reports are not done after {} s; the next run looks for them again",
                ids.len(),
                session.config.poll_timeout.as_secs()
            );
            session.error(ErrorKind::Transient, &what)
        })
    }

    /// Takes note of how a job ended.
    fn settle(&mut self, id: i64, end: End) -> Result<()> {
        let Some(at) = self.open.iter().position(|job| job.ordered.id == id) else {
            return Ok(());
        };
        match end {
            End::Completed => self.open[at].completed = true,
            End::TooLarge => {
                let job = self.finish(at);
                let error = self.session.error(
                    ErrorKind::TooMuchData,
                    "the report is larger than the platform makes; ask for fewer days",
                );
                self.split(job.wanted, error)?;
            }
            End::Failed(why) => {
                let Wanted { range, failures } = self.finish(at).wanted;
                let failures = failures + 1;
                if failures >= FAILURES {
                    let what = format!("the report failed {failures} times: {why}");
                    let error = self.session.error(ErrorKind::InvalidRequest, &what);
                    return Err(self.session.about(error, range));
                }
                self.waiting.push_front(Wanted { range, failures });
            }
        }
        Ok(())
    }

    /// Reads a job's report; none if it had to be ordered in parts.
    async fn read(&mut self, at: usize) -> Result<Option<Batch>> {
        let (session, job) = (self.session, self.open[at]);
        let body = json!({ "accountId": session.account_id, "reportJobId": job.ordered.id });
        let call = session.call(DOWNLOAD, body);
        let file = session.api.send(&call, &session.tokens).await;
        let range = job.wanted.range;
        let batch = file.and_then(|answer| session.asked(range).read(&answer.body));
        match batch {
            Ok(batch) => {
                self.finish(at);
                if self.open.is_empty() && self.waiting.is_empty() {
                    self.remove().await;
                }
                Ok(Some(batch))
            }
            Err(error) if Code::is(&error, REDUCE) && range.days() > 1 => {
                let job = self.finish(at);
                self.split(job.wanted, error)?;
                Ok(None)
            }
            Err(error) => {
                // What cannot be read today cannot be read tomorrow: only a new report helps.
                if matches!(error.kind, ErrorKind::Decode | ErrorKind::InvalidRequest) {
                    self.finish(at);
                    self.remove().await;
                }
                Err(session.about(error, range))
            }
        }
    }

    /// Orders both halves of what is too large.
    fn split(&mut self, wanted: Wanted, error: Error) -> Result<()> {
        let Some([older, newer]) = wanted.range.halves() else {
            return Err(self.session.about(error, wanted.range));
        };
        for range in [older, newer] {
            self.waiting.push_front(Wanted { range, ..wanted });
        }
        Ok(())
    }

    fn finish(&mut self, at: usize) -> Job {
        let job = self.open.remove(at);
        self.finished.push(job.ordered.id);
        job
    }

    /// Removes what is finished. Were it not to succeed: jobs vanish by themselves after a week.
    async fn remove(&mut self) {
        let session = self.session;
        for ids in std::mem::take(&mut self.finished).chunks(PER_CALL) {
            let operand: Vec<Value> = ids.iter().map(|id| json!({ "reportJobId": id })).collect();
            let body = json!({ "accountId": session.account_id, "operand": operand });
            let call = session.call(REMOVE, body);
            if let Err(error) = session.api.list(&call, &session.tokens).await {
                tracing::info!(%error, "reports that were read could not be removed");
            }
        }
    }
}

/// Which of these jobs have ended.
async fn look(session: &Session, ids: &[i64], looks: u32) -> Result<Poll<Vec<(i64, End)>>> {
    let body = json!({
        "accountId": session.account_id,
        "reportJobIds": ids,
        "numberResults": ids.len(),
        "startIndex": 1,
    });
    let call = session.call(GET, body);
    let (listing, _) = session.api.list(&call, &session.tokens).await?;
    let told: HashMap<i64, Told> = listing
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

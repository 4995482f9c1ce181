//! Report jobs: ordered several at a time, awaited together, read one by one, removed. What is too
//! large is ordered in halves, what fails once more.

use std::collections::VecDeque;

use analytics_core::model::DateRange;
use serde_json::{Value, json};

use super::{
    api::Method,
    error::{Code, REDUCE, TOO_MANY_OPEN},
    fetch::{Session, Subject},
    look::{End, look},
    wire::Order,
};
use crate::{
    connector::Batch,
    error::{Error, ErrorKind, Result},
    http::poll_until,
    orders::Ordered,
};

pub(super) const SERVICE: &str = "ReportDefinitionService";
const ADD: Method = Method::new(SERVICE, "add");
const DOWNLOAD: Method = Method::new(SERVICE, "download");
const REMOVE: Method = Method::new(SERVICE, "remove");

/// Orders, and removals, of one call.
const PER_CALL: usize = 30;
/// How often a report may fail for no reason.
const FAILURES: u32 = 2;
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
    ordered: Ordered<i64>,
    /// Whether it was ordered by an earlier fetch, and not looked at since.
    picked_up: bool,
    completed: bool,
}

/// The reports of one fetch, newest days first.
pub(super) struct Jobs<'a> {
    session: &'a Session,
    waiting: VecDeque<Wanted>,
    open: Vec<Job>,
    /// Jobs whose reports were read: needed again should the fetch not come to its end.
    read: Vec<Job>,
    /// Jobs that nobody needs any more.
    finished: Vec<i64>,
}

impl Drop for Jobs<'_> {
    /// Whatever ends a fetch before its time: its jobs are there for the next one.
    fn drop(&mut self) {
        let jobs = self.open.iter().chain(&self.read);
        let kept = jobs.map(|job| (self.session.subject(job.wanted.range), job.ordered));
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
            read: Vec::new(),
            finished: Vec::new(),
        };
        for range in ranges {
            let wanted = Wanted { range, failures: 0 };
            let subject: Subject = session.subject(range);
            match session.memory.take(&subject, now) {
                Some(ordered) => jobs.open.push(Job {
                    wanted,
                    ordered,
                    picked_up: true,
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
                let read = std::mem::take(&mut self.read);
                self.finished.extend(read.iter().map(|job| job.ordered.id));
                self.remove().await;
                return Ok(None);
            }
            let (ended, looks) = self.wait().await?;
            if looks > 1 {
                // What was still being made at a look is not older than that.
                self.looked_at();
            }
            for (id, end) in ended {
                self.settle(id, end)?;
            }
            self.looked_at();
        }
    }

    fn looked_at(&mut self) {
        for job in &mut self.open {
            job.picked_up = false;
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
            Err(error) if Code::is(&error, TOO_MANY_OPEN) => {
                self.waiting.extend(batch);
                return Ok(Some(error));
            }
            Err(error) if Code::is(&error, REDUCE) => {
                // Nobody says of what there is too much: less of each, then.
                let error = session.too_much(error);
                for wanted in batch {
                    self.split(*wanted, &error)?;
                }
                return Ok(None);
            }
            Err(error) => return Err(error),
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
                    picked_up: false,
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

    /// Waits until at least one job has ended: which, and how; and after how many looks.
    async fn wait(&self) -> Result<(Vec<(i64, End)>, u32)> {
        let ids: Vec<i64> = self.open.iter().map(|job| job.ordered.id).collect();
        let session = self.session;
        let mut looks = 0;
        let ended = poll_until(session.config.poll_schedule(), || {
            looks += 1;
            look(session, &ids, looks)
        })
        .await?;
        let ended = ended.ok_or_else(|| {
            let what = format!(
                "{} reports are not done after {} s; the next run looks for them again",
                ids.len(),
                session.config.poll_timeout.as_secs()
            );
            session.error(ErrorKind::Transient, &what)
        })?;
        Ok((ended, looks))
    }

    /// Takes note of how a job ended.
    fn settle(&mut self, id: i64, end: End) -> Result<()> {
        let Some(at) = self.open.iter().position(|job| job.ordered.id == id) else {
            return Ok(());
        };
        match end {
            End::Completed => {
                let job = self.open[at];
                if job.picked_up && job.ordered.is_stale(self.session.now()) {
                    let wanted = self.finish(at).wanted;
                    self.waiting.push_front(wanted);
                } else {
                    self.open[at].completed = true;
                }
            }
            End::TooLarge => {
                let job = self.finish(at);
                let error = self.session.error(
                    ErrorKind::TooMuchData,
                    "the report is larger than the platform makes; ask for fewer days",
                );
                self.split(job.wanted, &error)?;
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
                let job = self.open.remove(at);
                self.read.push(job);
                Ok(Some(Batch {
                    as_of: Some(job.ordered.at),
                    ..batch
                }))
            }
            Err(error) if error.kind == ErrorKind::TooMuchData || Code::is(&error, REDUCE) => {
                let job = self.finish(at);
                self.split(job.wanted, &session.too_much(error))?;
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

    /// Orders both halves of what is too large; a day has none.
    fn split(&mut self, wanted: Wanted, error: &Error) -> Result<()> {
        let Some([older, newer]) = wanted.range.halves() else {
            let error = self.session.error(error.kind.clone(), &error.context);
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

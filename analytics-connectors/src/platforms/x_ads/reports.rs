//! Report jobs: ordered so many at a time, awaited together, their files read.

use std::collections::{HashMap, VecDeque};

use super::{
    api::Call,
    error::{Code, invalid},
    fetch::Session,
    stats::{By, Question, ask},
    wire::{Job, Listed, Single, Stats},
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{Poll, decode, poll_until},
};

/// How often a report may fail for no reason: the second time it is ordered in halves.
const FAILURES: u32 = 2;

struct Wanted {
    question: Question,
    failures: u32,
}

/// The reports of one fetch.
pub(super) struct Reports<'a> {
    session: &'a Session,
    waiting: VecDeque<Wanted>,
    open: HashMap<String, Wanted>,
    done: Vec<(String, String)>,
}

impl<'a> Reports<'a> {
    pub(super) fn new(session: &'a Session, questions: Vec<Question>) -> Self {
        let wanted = |question| Wanted {
            question,
            failures: 0,
        };
        Self {
            session,
            waiting: questions.into_iter().map(wanted).collect(),
            open: HashMap::new(),
            done: Vec::new(),
        }
    }

    /// The next answer, with its question; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<(Question, Stats)>> {
        loop {
            if let Some((id, address)) = self.done.pop() {
                let Some(wanted) = self.open.remove(&id) else {
                    continue;
                };
                let stats = self.read(&address).await?;
                return Ok(Some((wanted.question, stats)));
            }
            self.order().await?;
            if self.open.is_empty() {
                return Ok(None);
            }
            for job in self.wait().await? {
                self.settle(job)?;
            }
        }
    }

    async fn order(&mut self) -> Result<()> {
        let room = self.session.config.reports_at_once as usize;
        while self.open.len() < room
            && let Some(wanted) = self.waiting.pop_front()
        {
            let session = self.session;
            let ordered: Result<Single<Job>> = ask(session, &wanted.question, By::Report).await;
            match ordered {
                Ok(job) => {
                    self.open.insert(job.data.id_str, wanted);
                }
                // Others are being made: room comes when they are done.
                Err(error) if Code::is_of_room(&error) && !self.open.is_empty() => {
                    self.waiting.push_front(wanted);
                    return Ok(());
                }
                Err(error) => {
                    let failures = wanted.failures;
                    for question in wanted.question.instead(error)? {
                        self.waiting.push_front(Wanted { question, failures });
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits until at least one job has ended; those that have.
    async fn wait(&self) -> Result<Vec<Job>> {
        let session = self.session;
        let ids: Vec<&str> = self.open.keys().map(String::as_str).collect();
        let look = || async {
            let call = Call {
                operation: "await reports",
                account: session.account(),
                path: vec!["stats", "jobs", "accounts", session.account()],
                params: vec![("job_ids", ids.join(","))],
            };
            let jobs: Listed<Job> = session.api.get(&call, &session.tokens).await?;
            let ended: Vec<Job> = jobs.data.into_iter().filter(Job::has_ended).collect();
            Ok(if ended.is_empty() {
                Poll::Pending { started: true }
            } else {
                Poll::Ready(ended)
            })
        };
        let ended = poll_until(session.config.poll_schedule(), look).await?;
        ended.ok_or_else(|| {
            let what = format!(
                "{} reports are not done after {} s",
                ids.len(),
                session.config.poll_timeout.as_secs()
            );
            session.error("await reports", ErrorKind::Transient, &what)
        })
    }

    /// Takes note of how a job ended.
    fn settle(&mut self, job: Job) -> Result<()> {
        match (job.status.as_deref(), job.url) {
            (Some("SUCCESS"), Some(address)) => self.done.push((job.id_str, address)),
            (status, _) => {
                let Some(wanted) = self.open.remove(&job.id_str) else {
                    return Ok(());
                };
                let failures = wanted.failures + 1;
                let what = format!("the report ended as {}", status.unwrap_or("nothing"));
                let kind = match failures {
                    0..FAILURES => ErrorKind::TooMuchData,
                    _ => ErrorKind::InvalidRequest,
                };
                let error = self.session.error("await reports", kind, &what);
                // A failure of no reason is tried once more, with less at a time if there is less.
                let again = match wanted.question.halves() {
                    Some(_) => wanted.question.instead(error)?,
                    None if failures < FAILURES => vec![wanted.question],
                    None => return Err(error),
                };
                for question in again {
                    self.waiting.push_front(Wanted { question, failures });
                }
            }
        }
        Ok(())
    }

    async fn read(&self, address: &str) -> Result<Stats> {
        let session = self.session;
        let operation = "read a report";
        let file = session
            .api
            .file(operation, session.account(), address, &session.tokens)
            .await?;
        decode(super::PLATFORM, operation, &file)
    }
}

impl Job {
    /// Whether nothing more is to come: a success without an address has its file in a moment.
    fn has_ended(&self) -> bool {
        match self.status.as_deref() {
            Some("SUCCESS") => self.url.as_deref().is_some_and(|url| !url.is_empty()),
            Some("FAILED" | "CANCELLED") => true,
            _ => false,
        }
    }
}

/// The answer to a question that is short enough to be answered at once.
pub(super) async fn at_once(
    session: &Session,
    question: Question,
) -> Result<Vec<(Question, Stats)>> {
    let mut open = vec![question];
    let mut answers = Vec::new();
    while let Some(question) = open.pop() {
        let answer: Result<Stats> = ask(session, &question, By::Call).await;
        match answer {
            Ok(stats) => answers.push((question, stats)),
            Err(error) => open.extend(question.instead(error)?),
        }
    }
    Ok(answers)
}

/// An error of this connector itself, about a request that makes no sense.
pub(super) fn nonsense(what: impl Into<String>) -> Error {
    invalid("fetch", what)
}

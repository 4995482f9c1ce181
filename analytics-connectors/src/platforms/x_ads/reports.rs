//! Report jobs: ordered so many at a time, awaited together, their files read.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, Utc};

use super::{
    api::Call,
    error::{Code, invalid},
    fetch::Session,
    lost,
    stats::{By, Question, ask},
    wire::{Job, Listed, Stats},
};
use crate::{
    error::{Error, ErrorKind, Result},
    http::{Poll, decode, poll_until},
    orders::Ordered,
};

/// How often a report may fail for no reason: the second time it is ordered in halves.
const FAILURES: u32 = 2;

#[derive(Debug)]
struct Wanted {
    question: Question,
    failures: u32,
}

/// A report that was ordered.
#[derive(Debug)]
struct Open {
    wanted: Wanted,
    at: DateTime<Utc>,
    /// Whether it was ordered by an earlier fetch, and not looked at since.
    picked_up: bool,
}

/// The reports of one fetch.
pub(super) struct Reports<'a> {
    session: &'a Session,
    waiting: VecDeque<Wanted>,
    open: HashMap<String, Open>,
    /// Ids and addresses of reports that are done.
    done: Vec<(String, String)>,
    /// Reports that were read: needed again should the fetch not come to its end.
    read: Vec<(String, Open)>,
}

impl Drop for Reports<'_> {
    /// Whatever ends a fetch before its time: its reports are there for the next one.
    fn drop(&mut self) {
        let session = self.session;
        let jobs = self.open.drain().chain(self.read.drain(..));
        let kept = jobs.map(|(id, open)| {
            let subject = session.subject(open.wanted.question);
            (subject, Ordered { id, at: open.at })
        });
        session.orders.keep(kept);
    }
}

impl<'a> Reports<'a> {
    /// Reports that answer these questions; those that are being made already are not ordered.
    pub(super) fn new(session: &'a Session, questions: Vec<Question>) -> Self {
        let mut reports = Self {
            session,
            waiting: VecDeque::new(),
            open: HashMap::new(),
            done: Vec::new(),
            read: Vec::new(),
        };
        for question in questions {
            let subject = session.subject(question);
            let ordered = session.orders.take(&subject, session.now());
            let wanted = Wanted {
                question: subject.1,
                failures: 0,
            };
            match ordered {
                Some(ordered) => reports.pick_up(ordered, wanted),
                None => reports.waiting.push_back(wanted),
            }
        }
        reports
    }

    fn pick_up(&mut self, ordered: Ordered<String>, wanted: Wanted) {
        let open = Open {
            wanted,
            at: ordered.at,
            picked_up: true,
        };
        self.open.insert(ordered.id, open);
    }

    /// The next answer, with its question and the time of its order; none after the last one.
    pub(super) async fn next(&mut self) -> Result<Option<(Question, Stats, DateTime<Utc>)>> {
        loop {
            if let Some((id, address)) = self.done.pop() {
                // A file that cannot be read is not looked for again: it is ordered anew.
                let stats = match self.read(&address).await {
                    Err(error) if error.kind == ErrorKind::Decode => {
                        self.open.remove(&id);
                        return Err(error);
                    }
                    stats => stats?,
                };
                let Some(open) = self.open.remove(&id) else {
                    continue;
                };
                let answer = (open.wanted.question.clone(), stats, open.at);
                self.read.push((id, open));
                return Ok(Some(answer));
            }
            self.order().await?;
            if self.open.is_empty() {
                self.read.clear();
                return Ok(None);
            }
            let (ended, looks) = self.wait().await?;
            if looks > 1 {
                // What was still being made at a look is not older than that.
                self.looked_at();
            }
            for job in ended {
                self.settle(job)?;
            }
            self.looked_at();
        }
    }

    fn looked_at(&mut self) {
        for open in self.open.values_mut() {
            open.picked_up = false;
        }
    }

    async fn order(&mut self) -> Result<()> {
        let room = self.session.config.reports_at_once as usize;
        while self.open.len() < room
            && let Some(wanted) = self.waiting.pop_front()
        {
            let session = self.session;
            let lost = lost::find(session, &wanted.question).await?;
            if let Some(lost) = lost.filter(|lost| !self.open.contains_key(&lost.id)) {
                self.pick_up(lost, wanted);
                continue;
            }
            match lost::order(session, &wanted.question).await {
                Ok(job) => {
                    let open = Open {
                        wanted,
                        at: session.now(),
                        picked_up: false,
                    };
                    if self.open.insert(job.data.id_str, open).is_some() {
                        let what = "two orders got the same number";
                        return Err(session.error("order a report", ErrorKind::Decode, what));
                    }
                }
                // Others are being made: room comes when they are done.
                Err(error) if Code::is_of_room(&error) && !self.open.is_empty() => {
                    self.waiting.push_front(wanted);
                    return Ok(());
                }
                Err(error) => {
                    let failures = wanted.failures;
                    for question in wanted.question.instead(session, error)? {
                        self.waiting.push_front(Wanted { question, failures });
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits until at least one job has ended: those that have, and after how many looks.
    async fn wait(&self) -> Result<(Vec<Job>, u32)> {
        let session = self.session;
        let ids: Vec<&str> = self.open.keys().map(String::as_str).collect();
        let mut looks = 0;
        let ended = poll_until(session.config.poll_schedule(), || {
            looks += 1;
            look(session, &ids)
        })
        .await?;
        let ended = ended.ok_or_else(|| {
            let what = format!(
                "{} reports are not done after {} s; the next run looks for them again",
                ids.len(),
                session.config.poll_timeout.as_secs()
            );
            session.error("await reports", ErrorKind::Transient, &what)
        })?;
        Ok((ended, looks))
    }

    /// Takes note of how a job ended.
    fn settle(&mut self, job: Job) -> Result<()> {
        let Some(open) = self.open.get(&job.id_str) else {
            return Ok(());
        };
        let ordered = Ordered {
            id: (),
            at: open.at,
        };
        let stale = open.picked_up && ordered.is_stale(self.session.now());
        match (job.status.as_deref(), job.url) {
            (Some("SUCCESS"), Some(address)) if !stale => self.done.push((job.id_str, address)),
            (status, _) => {
                let Some(Open { wanted, .. }) = self.open.remove(&job.id_str) else {
                    return Ok(());
                };
                if status == Some("SUCCESS") {
                    self.waiting.push_front(wanted);
                } else {
                    self.again(wanted, status.unwrap_or("nothing"))?;
                }
            }
        }
        Ok(())
    }

    /// Orders once more what failed for no reason, with less at a time where there is less.
    fn again(&mut self, wanted: Wanted, status: &str) -> Result<()> {
        let failures = wanted.failures + 1;
        if failures >= FAILURES {
            let what = format!(
                "{}: the report ended as {status} {failures} times",
                wanted.question.range
            );
            let kind = ErrorKind::InvalidRequest;
            return Err(self.session.error("await reports", kind, &what));
        }
        let questions = match wanted.question.halves() {
            Some(halves) => halves.to_vec(),
            None => vec![wanted.question],
        };
        for question in questions {
            self.waiting.push_front(Wanted { question, failures });
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

/// Those of these jobs that have ended.
async fn look(session: &Session, ids: &[&str]) -> Result<Poll<Vec<Job>>> {
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
            Err(error) => open.extend(question.instead(session, error)?),
        }
    }
    Ok(answers)
}

/// An error of this connector itself, about a request that makes no sense.
pub(super) fn nonsense(what: impl Into<String>) -> Error {
    invalid("fetch", what)
}

//! The platform: the simulator in this process, behind a door that counts what is asked for and
//! can be held shut.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use analytics_connectors::{
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings},
};
use analytics_core::model::DateRange;
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use chrono::Utc;
use tokio::sync::watch;

/// A question about figures, as the platform got it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fetch {
    pub(crate) account: String,
    /// What it is about: a level, and whether day by day or the range as a whole.
    pub(crate) subject: String,
    pub(crate) range: DateRange,
    /// None: the caller did not live to see the answer.
    pub(crate) status: Option<u16>,
}

#[derive(Debug)]
struct Door {
    fetches: Mutex<Vec<Fetch>>,
    /// Calls to the login that renew a token.
    renewals: AtomicU64,
    /// So many questions are answered; later ones wait.
    allowed: watch::Sender<usize>,
    waiting: AtomicUsize,
}

/// The platform.
#[derive(Debug)]
pub(crate) struct Vendor {
    pub(crate) simulator: Simulator,
    base_url: String,
    door: Arc<Door>,
    server: tokio::task::JoinHandle<()>,
}

impl Vendor {
    /// A platform on the machine's time with so many accounts.
    pub(crate) async fn start(accounts: usize, latency: Duration) -> Self {
        let simulator = Simulator::new(SimulatorSettings {
            seed: 7,
            accounts,
            clock: Arc::new(SettableClock::running(Utc::now())),
            latency,
        });
        let door = Arc::new(Door {
            fetches: Mutex::default(),
            renewals: AtomicU64::new(0),
            allowed: watch::Sender::new(usize::MAX),
            waiting: AtomicUsize::new(0),
        });
        let router = simulator
            .router()
            .layer(middleware::from_fn_with_state(door.clone(), pass));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            simulator,
            base_url,
            door,
            server,
        }
    }

    /// The variables that point every connector at it.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        self.simulator.env(&self.base_url)
    }

    /// Answers `more` questions from now on, and lets later ones wait.
    pub(crate) fn hold_after(&self, more: usize) {
        let asked = self.door.fetches.lock().unwrap().len();
        self.door.allowed.send_replace(asked + more);
    }

    /// Answers everything again.
    pub(crate) fn open(&self) {
        self.door.allowed.send_replace(usize::MAX);
    }

    /// Waits until somebody stands before the shut door.
    pub(crate) async fn somebody_waits(&self) {
        for _ in 0..600 {
            if self.door.waiting.load(Ordering::SeqCst) > 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nobody asked the platform within half a minute");
    }

    /// Everything that was asked for so far.
    pub(crate) fn fetches(&self) -> Vec<Fetch> {
        self.door.fetches.lock().unwrap().clone()
    }

    pub(crate) fn renewals(&self) -> u64 {
        self.door.renewals.load(Ordering::SeqCst)
    }

    /// Questions that had been asked before, for a day or a range at least: what somebody fetched
    /// again.
    pub(crate) fn repeated(&self) -> Vec<Fetch> {
        let mut seen: BTreeMap<(String, String, String), usize> = BTreeMap::new();
        let mut repeated = Vec::new();
        for fetch in self.fetches() {
            let days: Vec<String> = if fetch.subject.ends_with("daily") {
                fetch.range.iter().map(|day| day.to_string()).collect()
            } else {
                vec![fetch.range.to_string()]
            };
            let mut known = false;
            for day in days {
                let key = (fetch.account.clone(), fetch.subject.clone(), day);
                let times = seen.entry(key).or_default();
                known |= *times > 0;
                *times += 1;
            }
            if known {
                repeated.push(fetch);
            }
        }
        repeated
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Somebody before the door; gone when the answer is given or the caller has hung up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::SeqCst);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&body).into_owned();
    if path.ends_with("/token") && text.contains("grant_type=refresh_token") {
        door.renewals.fetch_add(1, Ordering::SeqCst);
    }
    let question = question(&path, &text);
    let request = Request::from_parts(parts, Body::from(body));
    let Some(question) = question else {
        return next.run(request).await;
    };
    let number = {
        let mut fetches = door.fetches.lock().unwrap();
        fetches.push(question);
        fetches.len() - 1
    };
    let mut allowed = door.allowed.subscribe();
    if *allowed.borrow() <= number {
        let _waiting = Waiting::new(&door.waiting);
        let _ = allowed.wait_for(|allowed| *allowed > number).await;
    }
    let response = next.run(request).await;
    door.fetches.lock().unwrap()[number].status = Some(response.status().as_u16());
    response
}

/// What a query about figures of Google's asks for; none for other calls.
fn question(path: &str, body: &str) -> Option<Fetch> {
    let account = path
        .split("/customers/")
        .nth(1)?
        .strip_suffix("/googleAds:searchStream")?;
    let body: serde_json::Value = serde_json::from_str(body).ok()?;
    let query = body["query"].as_str()?;
    let (fields, rest) = query.split_once(" FROM ")?;
    let (resource, condition) = rest.split_once(" WHERE ")?;
    let mut dates = condition.split('\'').skip(1).step_by(2);
    let range = DateRange::new(dates.next()?.parse().ok()?, dates.next()?.parse().ok()?).ok()?;
    let how = if fields.contains("segments.date") {
        "daily"
    } else {
        "whole"
    };
    Some(Fetch {
        account: account.to_owned(),
        subject: format!("{resource} {how}"),
        range,
        status: None,
    })
}

//! The platform: the simulator in this process, behind a door that counts what is asked for.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use analytics_connectors::{
    clock::SettableClock,
    simulator::{Simulator, SimulatorSettings},
};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use chrono::Utc;

use crate::Failure;

#[derive(Debug, Default)]
struct Count {
    calls: u64,
    /// Questions about days, by what they say, and how often each was answered.
    questions: HashMap<u64, u32>,
    first: Option<Instant>,
    last: Option<Instant>,
}

/// What was asked for.
#[derive(Debug, Default)]
pub(crate) struct Door(Mutex<Count>);

impl Door {
    fn lock(&self) -> MutexGuard<'_, Count> {
        // Nothing panics while it is held.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls, whatever the answer.
    pub(crate) fn calls(&self) -> u64 {
        self.lock().calls
    }

    /// Questions about days that were answered.
    pub(crate) fn questions(&self) -> u64 {
        self.lock().questions.len() as u64
    }

    /// Questions that were answered more than once.
    pub(crate) fn doubled(&self) -> u64 {
        let count = self.lock();
        count.questions.values().filter(|times| **times > 1).count() as u64
    }

    /// From the first call to the last.
    pub(crate) fn span(&self) -> Duration {
        let count = self.lock();
        match (count.first, count.last) {
            (Some(first), Some(last)) => last - first,
            _ => Duration::ZERO,
        }
    }

    /// Starts counting anew.
    pub(crate) fn clear(&self) {
        *self.lock() = Count::default();
    }

    /// A platform's routes behind this door.
    pub(crate) fn before(self: &Arc<Self>, router: Router) -> Router {
        router.layer(middleware::from_fn_with_state(Arc::clone(self), pass))
    }
}

/// The platform.
#[derive(Debug)]
pub(crate) struct Platform {
    pub(crate) simulator: Simulator,
    pub(crate) door: Arc<Door>,
    base_url: String,
}

impl Platform {
    pub(crate) async fn start(accounts: usize, latency: Duration) -> Result<Self, Failure> {
        let simulator = Simulator::new(SimulatorSettings {
            seed: 7,
            accounts,
            clock: Arc::new(SettableClock::running(Utc::now())),
            latency,
        });
        let door = Arc::new(Door::default());
        let base_url = serve(door.before(simulator.router())).await?;
        Ok(Self {
            simulator,
            door,
            base_url,
        })
    }

    /// The variables that point every connector at it.
    pub(crate) fn env(&self) -> Vec<(String, String)> {
        self.simulator.env(&self.base_url)
    }
}

/// Serves routes on a free port for as long as this process lives; its address.
pub(crate) async fn serve(router: Router) -> Result<String, Failure> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(format!("http://localhost:{port}"))
}

async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap_or_default();
    let target = parts.uri.to_string();
    let is_token = target.contains("token");
    let is_question = !is_token && (has_date(target.as_bytes()) || has_date(&body));
    let mut hasher = DefaultHasher::new();
    (parts.method.as_str(), &target, &body[..]).hash(&mut hasher);
    let question = hasher.finish();
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if !is_token {
        let mut count = door.lock();
        count.calls += 1;
        count.first.get_or_insert(begun);
        count.last = Some(Instant::now());
        if is_question && response.status().is_success() {
            *count.questions.entry(question).or_default() += 1;
        }
    }
    response
}

/// Whether there is a day in it, such as `2026-11-23`.
fn has_date(text: &[u8]) -> bool {
    text.windows(10).any(|part| {
        part.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
    })
}

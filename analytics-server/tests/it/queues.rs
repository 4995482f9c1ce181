//! Queues that several processes share: each kind carries jobs to whoever works, once, and outlives
//! what happens to it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use analytics_core::{
    model::{AccountId, WorkspaceId},
    testing::{PrivatePostgres, PrivateRedis},
};
use analytics_server::jobs::{AccountKey, JobHandler, JobTransport, open_transport};
use async_trait::async_trait;
use rstest::rstest;

/// Counts how often each account was worked on.
#[derive(Debug, Default)]
struct Counting {
    seen: Mutex<BTreeMap<i64, usize>>,
    takes: Duration,
    panics: bool,
}

#[async_trait]
impl JobHandler for Counting {
    async fn handle(&self, (_, account): AccountKey) {
        let first = {
            let mut seen = self.seen.lock().unwrap();
            let count = seen.entry(account.0).or_default();
            *count += 1;
            *count == 1
        };
        tokio::time::sleep(self.takes).await;
        assert!(!(self.panics && first), "as the test wants it");
    }
}

impl Counting {
    fn seen(&self) -> BTreeMap<i64, usize> {
        self.seen.lock().unwrap().clone()
    }

    async fn until(&self, enough: impl Fn(&BTreeMap<i64, usize>) -> bool) {
        for _ in 0..300 {
            if enough(&self.seen()) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("not within half a minute: {:?}", self.seen());
    }
}

/// A server with a queue, as long as it lives.
enum Server {
    Postgres(PrivatePostgres),
    Redis(PrivateRedis),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Postgres,
    Redis,
}

impl Kind {
    fn start(self) -> (Server, String) {
        match self {
            Self::Postgres => {
                let server = PrivatePostgres::start().unwrap();
                let url = server.database().unwrap();
                (Server::Postgres(server), url)
            }
            Self::Redis => {
                let server = PrivateRedis::start().unwrap();
                let url = server.url();
                (Server::Redis(server), url)
            }
        }
    }
}

impl Server {
    fn restart(&self) {
        match self {
            Self::Postgres(server) => {
                server.crash().unwrap();
                server.start_again().unwrap();
            }
            Self::Redis(server) => {
                server.crash().unwrap();
                server.start_again().unwrap();
            }
        }
    }

    fn wipe(&self) {
        match self {
            Self::Postgres(server) => {
                server
                    .sql("test_0", "TRUNCATE apalis.jobs, apalis.workers CASCADE")
                    .unwrap();
            }
            Self::Redis(server) => server.flush_all().unwrap(),
        }
    }

    /// Jobs that the queue still knows, finished ones too.
    fn kept(&self) -> String {
        match self {
            Self::Postgres(server) => server
                .sql("test_0", "SELECT count(*) FROM apalis.jobs")
                .unwrap(),
            Self::Redis(server) => {
                let known = server.command(&["KEYS", "*:meta:*"]).unwrap();
                known.lines().next().unwrap_or_default()[1..].to_owned()
            }
        }
    }
}

fn key(account: i64) -> AccountKey {
    (WorkspaceId(7), AccountId(account))
}

async fn push(transport: &Arc<dyn JobTransport>, accounts: impl Iterator<Item = i64>) {
    for account in accounts {
        transport.push(key(account)).await.unwrap();
    }
}

#[rstest]
#[case(Kind::Postgres)]
#[case(Kind::Redis)]
#[tokio::test(flavor = "multi_thread")]
async fn jobs_reach_one_of_several_workers_once_and_leave_nothing(#[case] kind: Kind) {
    let (server, url) = kind.start();
    let pusher = open_transport(&url, 1).await.unwrap();
    let handler = Arc::new(Counting {
        takes: Duration::from_millis(50),
        ..Counting::default()
    });
    let mut workers = Vec::new();
    for _ in 0..2 {
        let worker = open_transport(&url, 4).await.unwrap();
        worker.run(handler.clone());
        workers.push(worker);
    }
    push(&pusher, 0..40).await;
    handler.until(|seen| seen.len() == 40).await;
    for worker in &workers {
        worker.idle().await;
    }
    assert!(handler.seen().values().all(|count| *count == 1));
    // An acknowledgement follows the work.
    for _ in 0..50 {
        pusher.clean().await.unwrap();
        if server.kept() == "0" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(server.kept(), "0", "finished jobs are removed");
    for worker in workers {
        worker.shut_down(Duration::from_secs(1)).await;
    }
}

#[rstest]
#[case(Kind::Postgres)]
#[case(Kind::Redis)]
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_outlives_its_queue(#[case] kind: Kind) {
    let (server, url) = kind.start();
    let transport = open_transport(&url, 2).await.unwrap();
    let handler = Arc::new(Counting::default());
    transport.run(handler.clone());
    push(&transport, 0..3).await;
    handler.until(|seen| seen.len() == 3).await;

    server.restart();
    let mut pushed = false;
    for _ in 0..100 {
        // The first one may meet a broken connection: the scheduler would come again, too.
        if transport.push(key(10)).await.is_ok() {
            pushed = true;
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(pushed, "the queue takes jobs again");
    handler.until(|seen| seen.contains_key(&10)).await;

    server.wipe();
    // The worker is not known to the queue any more, and registers anew.
    for round in 0..100 {
        let _ = transport.push(key(20 + round)).await;
        if handler.seen().keys().any(|account| *account >= 20) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    handler
        .until(|seen| seen.keys().any(|account| *account >= 20))
        .await;
    transport.shut_down(Duration::from_secs(1)).await;
}

#[rstest]
#[case(Kind::Postgres)]
#[case(Kind::Redis)]
#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_panics_ends_nothing_but_itself(#[case] kind: Kind) {
    let (_server, url) = kind.start();
    let transport = open_transport(&url, 1).await.unwrap();
    let handler = Arc::new(Counting {
        panics: true,
        ..Counting::default()
    });
    transport.run(handler.clone());
    push(&transport, 0..3).await;
    handler.until(|seen| seen.len() == 3).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(
        handler.seen().values().all(|count| *count == 1),
        "not tried again by the queue"
    );
    transport.shut_down(Duration::from_secs(1)).await;
}

#[rstest]
#[case::nobody_there("postgres://nobody:hunter2@127.0.0.1:9/x")]
#[case::nobody_there_either("redis://:hunter2@127.0.0.1:9/")]
#[case::no_queue("amqp://:hunter2@127.0.0.1/")]
#[tokio::test]
async fn a_queue_that_cannot_be_opened_is_one_clear_line(#[case] url: &str) {
    let error = open_transport(url, 1).await.unwrap_err().to_string();
    assert!(error.contains("cannot be opened"), "{error}");
    assert!(
        !error.contains("hunter2") && !error.contains('\n'),
        "{error}"
    );
}

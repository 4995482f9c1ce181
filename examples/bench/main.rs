//! The project's side of `make bench`: the facts that the peers wrote, saved slice by slice into
//! SQLite, and the dashboard's question asked of them.
//!
//! Prints tab-separated lines: question, engine, median in ms, minimum in ms; and for loading,
//! facts a second and bytes a fact. The facts are `values.i64` in the folder given as argument:
//! every account × entity × metric × day in that order, millionths in the machine's byte order;
//! entity 0 is the account itself, the others are campaigns.

mod load;
mod questions;

use std::{path::PathBuf, sync::Arc};

use analytics_connectors::{Config, Registry, clock::SystemClock};
use analytics_core::storage::{Cipher, connect};

type Failure = Box<dyn std::error::Error>;

/// Shape of the facts; the same numbers go to the peers.
#[derive(Debug, Clone, Copy)]
struct Shape {
    accounts: usize,
    entities: usize,
    metrics: usize,
    days: usize,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: bench FOLDER ACCOUNTS ENTITIES METRICS DAYS RUNS";
    let folder = PathBuf::from(arguments.next().ok_or(usage)?);
    let mut number = || -> Result<usize, Failure> { Ok(arguments.next().ok_or(usage)?.parse()?) };
    let shape = Shape {
        accounts: number()?,
        entities: number()?,
        metrics: number()?,
        days: number()?,
    };
    let runs = number()?;

    let path = folder.join("analytics.db");
    for suffix in ["", "-wal", "-shm"] {
        let file = folder.join(format!("analytics.db{suffix}"));
        if file.exists() {
            std::fs::remove_file(file)?;
        }
    }
    let registry = Registry::new(&Config::default(), Arc::new(SystemClock))?;
    let catalogue = Arc::new(registry.catalogue());
    let store = connect(&format!("sqlite://{}", path.display()), Cipher::generate()?).await?;
    let loaded = load::load(
        store.as_ref(),
        &catalogue,
        &folder.join("values.i64"),
        shape,
    )
    .await?;
    println!(
        "load\tanalytics, facts a second\t{:.0}\t{:.1} bytes a fact",
        loaded.facts_a_second,
        load::bytes_on_disk(&path)? / loaded.facts
    );
    questions::dashboard(&store, &catalogue, &loaded.workspace, runs).await
}

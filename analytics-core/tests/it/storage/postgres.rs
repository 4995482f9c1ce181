//! The PostgreSQL store: the suite on one private server, a database a test.

use std::sync::{Arc, LazyLock};

use analytics_core::testing::PrivatePostgres;

use super::*;

mod concurrency;
mod opening;

/// Gone with the process, however it ends.
pub(crate) static SERVER: LazyLock<PrivatePostgres> =
    LazyLock::new(|| PrivatePostgres::start().unwrap());

/// A database with the schema in place, to copy: quicker than migrating one for every test.
static TEMPLATE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();

fn name(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

/// The URL of a new database that is up to date.
pub(crate) async fn fresh_url() -> String {
    let template = TEMPLATE
        .get_or_init(|| async {
            let url = SERVER.database().unwrap();
            let store = connect(&url, Cipher::generate().unwrap()).await.unwrap();
            store.close().await;
            name(&url).to_owned()
        })
        .await;
    SERVER.database_like(template).unwrap()
}

/// A store in a new database.
pub(crate) async fn fresh() -> Arc<dyn Store> {
    let url = fresh_url().await;
    connect(&url, Cipher::generate().unwrap()).await.unwrap()
}

analytics_core::store_suite!({ (fresh().await, ()) });

//! The stores.

use std::path::{Path, PathBuf};

use analytics_core::storage::{Cipher, MasterKey, Store, connect, sqlite::SqliteStore};

fn url(folder: &Path) -> String {
    format!("sqlite://{}/deep/analytics.db", folder.display())
}

mod in_a_file {
    use super::*;

    analytics_core::store_suite!({
        let folder = tempfile::tempdir().unwrap();
        let store = connect(&url(folder.path()), Cipher::generate().unwrap())
            .await
            .unwrap();
        (store, folder)
    });
}

mod in_memory {
    use super::*;

    analytics_core::store_suite!({
        let store = connect("sqlite::memory:", Cipher::generate().unwrap())
            .await
            .unwrap();
        (store, ())
    });
}

pub(super) mod files;
mod fixture;
#[cfg(all(feature = "postgres", unix))]
pub(crate) mod postgres;

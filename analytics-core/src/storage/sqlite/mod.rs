//! SQLite.

use super::Cipher;
use crate::error::Result;

/// The SQLite store.
#[derive(Debug)]
pub struct SqliteStore;

impl SqliteStore {
    /// Opens it.
    pub(super) async fn open(_url: &str, _cipher: Cipher) -> Result<Self> {
        Ok(Self)
    }
}

//! SQLite.

mod skeleton;

use async_trait::async_trait;

use super::{Cipher, Store};
use crate::error::Result;

/// The SQLite store.
#[derive(Debug)]
pub struct SqliteStore;

impl SqliteStore {
    /// Opens it.
    pub async fn open(_url: &str, _cipher: Cipher) -> Result<Self> {
        Ok(Self)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn migrate(&self) -> Result<usize> {
        Ok(0)
    }
    async fn ping(&self) -> Result<()> {
        Ok(())
    }
    async fn close(&self) {}
}

//! Sealing of secrets at rest.

/// Seals and opens secrets.
#[derive(Debug, Clone)]
pub struct Cipher;

/// A key.
#[derive(Debug, Clone)]
pub struct MasterKey;

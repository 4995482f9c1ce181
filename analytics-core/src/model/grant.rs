//! Grants: one OAuth authorization of a provider's user.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{GrantId, PublicId, WorkspaceId};

/// Whether a grant still opens doors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantState {
    /// The provider accepts its tokens.
    Active,
    /// Revoked or expired: the user must consent again.
    Dead,
}

/// A grant's secrets. Sealed at rest; never logged.
#[derive(Debug, Clone)]
pub struct GrantTokens {
    /// Access token.
    pub access_token: SecretString,
    /// Refresh token, where the provider has one.
    pub refresh_token: Option<SecretString>,
    /// When the access token expires, if the provider says so.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A grant to be stored. The same provider and subject in a workspace is the same grant, renewed.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Provider, for example `meta`.
    pub provider: String,
    /// The provider's id of the user who consented.
    pub subject: String,
    /// Name of the user who consented, for people.
    pub subject_name: Option<String>,
    /// Scopes that were really granted.
    pub scopes: Vec<String>,
    /// Secrets.
    pub tokens: GrantTokens,
    /// When the user consented.
    pub granted_at: DateTime<Utc>,
}

/// A stored grant, with its secrets opened.
#[derive(Debug, Clone)]
pub struct Grant {
    /// Internal id.
    pub id: GrantId,
    /// Id outside, `gr_…`.
    pub public_id: PublicId,
    /// Workspace.
    pub workspace: WorkspaceId,
    /// Provider.
    pub provider: String,
    /// The provider's id of the user who consented.
    pub subject: String,
    /// Name of the user who consented.
    pub subject_name: Option<String>,
    /// Granted scopes.
    pub scopes: Vec<String>,
    /// State.
    pub state: GrantState,
    /// Secrets.
    pub tokens: GrantTokens,
    /// Rises with every renewal; a renewal names the one it started from.
    pub version: i64,
    /// When the user last consented.
    pub granted_at: DateTime<Utc>,
}

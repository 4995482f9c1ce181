//! Identifiers: small integers inside, typed and unguessable-order strings outside.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};

macro_rules! internal_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

internal_id!(
    /// A workspace, inside the database.
    WorkspaceId
);
internal_id!(
    /// A linked account, inside the database.
    AccountId
);
internal_id!(
    /// An entity (account, campaign, ad group, ad, post), inside the database.
    EntityId
);
internal_id!(
    /// A grant, inside the database.
    GrantId
);
internal_id!(
    /// A user, inside the database.
    UserId
);

/// An identifier as users see it: a prefix that says what it is (`ws_`, `acc_`, `ent_`, `gr_`,
/// `usr_`) and a UUIDv7 in lower-case base32.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublicId(String);

impl PublicId {
    /// A new identifier with `prefix` (without underscore), unique by its UUIDv7.
    #[must_use]
    pub fn generate(prefix: &str) -> Self {
        Self::from_uuid(prefix, Uuid::now_v7())
    }

    /// The identifier of `uuid`.
    #[must_use]
    pub fn from_uuid(prefix: &str, uuid: Uuid) -> Self {
        let text = data_encoding::BASE32_NOPAD.encode(uuid.as_bytes());
        Self(format!("{prefix}_{}", text.to_lowercase()))
    }

    /// The UUID behind the identifier.
    ///
    /// # Errors
    /// [`Error::Invalid`] if it does not start with `prefix` or is no base32 UUID.
    pub fn uuid(&self, prefix: &str) -> Result<Uuid> {
        self.0
            .strip_prefix(prefix)
            .and_then(|rest| rest.strip_prefix('_'))
            .and_then(|rest| {
                data_encoding::BASE32_NOPAD
                    .decode(rest.to_uppercase().as_bytes())
                    .ok()
            })
            .and_then(|bytes| Uuid::from_slice(&bytes).ok())
            .ok_or_else(|| {
                Error::invalid("id", &self.0, format!("expected an id like `{prefix}_…`"))
            })
    }

    /// The identifier as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for PublicId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for PublicId {
    fn from(text: String) -> Self {
        Self(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_id_round_trips_and_refuses_another_prefix() -> Result<()> {
        let uuid = Uuid::now_v7();
        let id = PublicId::from_uuid("acc", uuid);
        assert_eq!(id.uuid("acc")?, uuid);
        assert!(id.uuid("ent").is_err());
        assert!(PublicId::from("acc_???").uuid("acc").is_err());
        Ok(())
    }
}

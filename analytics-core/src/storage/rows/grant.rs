//! Grants; their tokens are sealed for their row.

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    model::{Grant, GrantId, GrantState, GrantTokens, WorkspaceId},
    storage::{
        Cipher,
        columns::{Columns, get},
        convert::{During, corrupt, moment, public_id},
    },
};

#[derive(Serialize)]
struct PlainTokens<'a> {
    access_token: &'a str,
    refresh_token: Option<&'a str>,
}

#[derive(Deserialize)]
struct OpenedTokens {
    access_token: SecretString,
    refresh_token: Option<SecretString>,
}

fn identity(uuid: &[u8]) -> Vec<u8> {
    [b"grants/", uuid].concat()
}

/// Tokens sealed for the row with this id.
pub(crate) fn seal(cipher: &Cipher, uuid: &[u8], tokens: &GrantTokens) -> Result<Vec<u8>> {
    let plain = PlainTokens {
        access_token: tokens.access_token.expose_secret(),
        refresh_token: tokens
            .refresh_token
            .as_ref()
            .map(ExposeSecret::expose_secret),
    };
    let plain = Zeroizing::new(serde_json::to_vec(&plain).during("sealing tokens")?);
    cipher.seal(&plain, &identity(uuid))
}

/// A grant from its row.
pub(crate) fn grant(cipher: &Cipher, row: &impl Columns) -> Result<Grant> {
    let uuid: &[u8] = get(row, "uuid")?;
    let plain = cipher.open(get(row, "sealed_tokens")?, &identity(uuid))?;
    let tokens: OpenedTokens = serde_json::from_slice(plain.expose_secret())
        // The parser's own message could quote a token.
        .map_err(|_| corrupt("a grant's opened tokens have an unknown shape"))?;
    Ok(Grant {
        id: GrantId(get(row, "id")?),
        public_id: public_id("gr", uuid)?,
        workspace: WorkspaceId(get(row, "workspace_id")?),
        provider: get(row, "provider")?,
        subject: get(row, "subject")?,
        subject_name: get(row, "subject_name")?,
        scopes: serde_json::from_str(get(row, "scopes")?).during("reading a grant's scopes")?,
        state: match get(row, "state")? {
            "active" => GrantState::Active,
            "dead" => GrantState::Dead,
            other => return Err(corrupt(format!("`{other}` is no grant state"))),
        },
        tokens: GrantTokens {
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            expires_at: get::<Option<i64>>(row, "expires_at")?
                .map(moment)
                .transpose()?,
        },
        version: get(row, "version")?,
        granted_at: moment(get(row, "granted_at")?)?,
    })
}

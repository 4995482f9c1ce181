//! Accounts, and what writes need to know of them.

use chrono_tz::Tz;
use secrecy::ExposeSecret;
use serde_json::Value;

use crate::{
    error::{Error, Result},
    model::{Account, AccountId, AccountState, CostTerms, Currency, Level, Platform, WorkspaceId},
    storage::{
        Cipher,
        columns::{Columns, get},
        convert::{corrupt, moment, public_id},
    },
};

/// What an account's access data are sealed for.
pub(crate) fn identity(uuid: &[u8]) -> Vec<u8> {
    [b"accounts/", uuid].concat()
}

/// An account from its row.
pub(crate) fn account(cipher: &Cipher, row: &impl Columns) -> Result<Account> {
    let uuid: &[u8] = get(row, "uuid")?;
    Ok(Account {
        id: AccountId(get(row, "id")?),
        public_id: public_id("acc", uuid)?,
        workspace: WorkspaceId(get(row, "workspace_id")?),
        platform: get::<String>(row, "platform")?.into(),
        external_id: get(row, "external_id")?,
        name: get(row, "name")?,
        currency: get::<Option<&str>>(row, "currency")?
            .map(Currency::new)
            .transpose()?,
        time_zone: zone_of(get(row, "time_zone")?)?,
        picture_url: get(row, "picture_url")?,
        access: access(cipher, get(row, "sealed_access")?, uuid)?,
        state: state(get(row, "state")?)?,
        linked_at: moment(get(row, "linked_at")?)?,
        cost_terms: cost_terms(get(row, "cost_terms")?)?,
        data_version: get(row, "data_version")?,
    })
}

/// Who reads figures needs no key: without the one that sealed them, the access data are null. No
/// call can be made with them then, since the grant cannot be opened either.
fn access(cipher: &Cipher, sealed: &[u8], uuid: &[u8]) -> Result<Value> {
    if !cipher.has_key_of(sealed) {
        return Ok(Value::Null);
    }
    let opened = cipher.open(sealed, &identity(uuid))?;
    serde_json::from_slice(opened.expose_secret())
        .map_err(|_| corrupt("an account's opened access data have an unknown shape"))
}

fn cost_terms(text: &str) -> Result<CostTerms> {
    serde_json::from_str(text)
        .map_err(|_| corrupt("an account's cost terms have an unknown shape"))
        .and_then(CostTerms::new)
}

/// A state by its name.
pub(crate) fn state(text: &str) -> Result<AccountState> {
    [
        AccountState::Active,
        AccountState::NeedsRelink,
        AccountState::Error,
        AccountState::Archived,
    ]
    .into_iter()
    .find(|state| state.as_str() == text)
    .ok_or_else(|| corrupt(format!("`{text}` is no account state")))
}

/// What writes need to know of the account they write to.
pub(crate) struct Owner {
    pub(crate) account: AccountId,
    pub(crate) platform: Platform,
    pub(crate) external_id: String,
    /// Its days are days there.
    pub(crate) time_zone: Tz,
    /// Its own entity.
    pub(crate) entity: i64,
}

pub(crate) fn zone_of(name: &str) -> Result<Tz> {
    name.parse()
        .map_err(|_| corrupt(format!("`{name}` is no time zone")))
}

/// The entity of the account itself must carry facts of level account, and nothing else may.
pub(crate) fn check_entity(owner: &Owner, level: Level, external_id: &str) -> Result<()> {
    if level == Level::Account && external_id != owner.external_id {
        return Err(Error::invalid(
            "facts",
            external_id,
            format!(
                "a fact of level account belongs to the account itself, `{}`",
                owner.external_id
            ),
        ));
    }
    if external_id.is_empty() {
        return Err(Error::invalid("facts", "", "a fact without an entity"));
    }
    Ok(())
}

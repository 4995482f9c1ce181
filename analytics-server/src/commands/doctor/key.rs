//! The master key.

use super::checks::Checks;
use crate::{
    addresses::without_password,
    config::Settings,
    master_key::{self, KeySource},
};

/// Whether the database may be opened without making a key or a file.
pub(super) fn master_key(settings: &Settings, checks: &mut Checks) -> bool {
    let name = "master key";
    let source = match master_key::source(settings) {
        Ok(source) => source,
        Err(error) => {
            checks.fail(name, "none", error.to_string());
            return false;
        }
    };
    let exists = match &source {
        KeySource::Environment => true,
        KeySource::Memory => {
            checks.ok(name, "in memory, with the database");
            return false;
        }
        KeySource::NamedFile(path) => {
            if !path.exists() {
                checks.fail(
                    name,
                    format!("{} does not exist", path.display()),
                    "correct ANALYTICS_MASTER_KEY_FILE, or make one: openssl rand -base64 32",
                );
                return false;
            }
            true
        }
        KeySource::Beside(path) => path.exists(),
    };
    if !exists {
        let database = master_key::sqlite_path(&settings.database_url());
        if database.as_deref().is_some_and(std::path::Path::exists) {
            checks.fail(
                name,
                "the database exists and its key does not",
                "put the key back beside it; with another one every account must be linked again",
            );
        } else {
            checks.ok(name, "will be made on first start");
            checks.ok(
                "database",
                format!(
                    "{} will be made on first start",
                    without_password(&settings.database_url())
                ),
            );
        }
        return false;
    }
    if let KeySource::NamedFile(path) | KeySource::Beside(path) = &source
        && master_key::is_too_open(path)
    {
        checks.warn(
            name,
            format!("others on this machine can read {}", path.display()),
            format!("chmod 600 {}", path.display()),
        );
    }
    match master_key::load(settings) {
        Ok(_) => {
            checks.ok(name, "can be used");
            true
        }
        Err(error) => {
            checks.fail(
                name,
                error.to_string(),
                "it must be 32 bytes in base64: openssl rand -base64 32",
            );
            false
        }
    }
}

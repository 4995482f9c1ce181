//! Where the demonstration keeps its data: a temporary folder, or one that is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::CommandError;

/// What must stay the same in a kept folder.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Kept {
    seed: u64,
}

/// A folder with the demonstration's database.
#[derive(Debug)]
pub(super) struct Place {
    folder: PathBuf,
    kept: Kept,
    /// Removed at the end; none for a folder that is kept.
    temporary: Option<tempfile::TempDir>,
}

impl Place {
    pub(super) fn open(named: Option<&Path>, seed: Option<u64>) -> Result<Self, CommandError> {
        let Some(folder) = named else {
            let temporary = tempfile::Builder::new()
                .prefix("analytics-demo-")
                .tempdir()?;
            return Ok(Self {
                folder: temporary.path().to_owned(),
                kept: Kept {
                    seed: seed.unwrap_or(1),
                },
                temporary: Some(temporary),
            });
        };
        let failed = |error: std::io::Error| {
            CommandError::failed(format!("cannot use {}: {error}", folder.display()))
        };
        fs::create_dir_all(folder).map_err(failed)?;
        let file = folder.join("demo.json");
        let kept = if file.exists() {
            let text = fs::read_to_string(&file).map_err(failed)?;
            serde_json::from_str::<Kept>(&text).map_err(|error| {
                CommandError::failed(format!("{} is broken: {error}", file.display()))
            })?
        } else {
            let kept = Kept {
                seed: seed.unwrap_or(1),
            };
            fs::write(&file, serde_json::to_string(&kept)?).map_err(failed)?;
            kept
        };
        if let Some(seed) = seed.filter(|seed| *seed != kept.seed) {
            return Err(CommandError::usage(format!(
                "{} was made with --seed {}; its world cannot become that of seed {seed}. Choose another folder",
                folder.display(),
                kept.seed
            )));
        }
        Ok(Self {
            folder: folder.to_owned(),
            kept,
            temporary: None,
        })
    }

    pub(super) fn seed(&self) -> u64 {
        self.kept.seed
    }

    pub(super) fn database_url(&self) -> String {
        format!("sqlite://{}", self.folder.join("demo.db").display())
    }

    /// Removes a temporary folder.
    pub(super) fn close(self) {
        if let Some(Err(error)) = self.temporary.map(tempfile::TempDir::close) {
            tracing::warn!(%error, "a temporary folder could not be removed");
        }
    }
}

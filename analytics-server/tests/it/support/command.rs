//! The command line, as a process.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs `analytics` in a folder, with nothing but `env` around it.
pub(crate) fn analytics(directory: &Path, arguments: &[&str], env: &[(String, String)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_analytics"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(env.iter().cloned())
        .output()
        .unwrap()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

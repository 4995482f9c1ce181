//! The service as a process of its own.

use std::{
    io::{BufRead, BufReader, Lines},
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
};

use url::Url;

/// A running `analytics serve`; killed when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) url: Url,
}

impl Server {
    /// Starts it in a folder, with nothing but these variables.
    pub(crate) fn start(folder: &Path, port: u16, env: &[(String, String)]) -> Self {
        Self::logging(folder, port, env, Stdio::null())
    }

    /// The same, with its log in a file.
    pub(crate) fn logging(folder: &Path, port: u16, env: &[(String, String)], log: Stdio) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_analytics"))
            .args(["serve", "--listen", &format!("127.0.0.1:{port}")])
            .current_dir(folder)
            .env_clear()
            .envs(env.iter().cloned())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stdout.take().unwrap()).lines();
        Self {
            process,
            lines,
            url: format!("http://127.0.0.1:{port}/").parse().unwrap(),
        }
    }

    /// The set-up link it prints.
    pub(crate) fn setup_link(&mut self) -> Url {
        self.line_with("/setup?token=").parse().unwrap()
    }

    /// Waits until it says that it answers.
    pub(crate) fn answers(&mut self) {
        self.line_with("answers at");
    }

    fn line_with(&mut self, part: &str) -> String {
        self.lines
            .find_map(|line| Some(line.unwrap()).filter(|line| line.contains(part)))
            .map(|line| line.trim().to_owned())
            .expect("the server says so")
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// SIGTERM; the exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.process.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A port that was free a moment ago.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

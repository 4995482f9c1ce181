//! The service's processes, started and ended one by one.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// The variables that let a process live at another time: `+3660` or `-3600` seconds away.
pub(crate) fn faketime(offset: &str) -> [(String, String); 3] {
    let folders = std::fs::read_dir("/usr/lib").unwrap();
    let library = folders
        .flatten()
        .map(|folder| folder.path().join("faketime/libfaketime.so.1"))
        .find(|path| path.exists());
    let library =
        library.expect("`faketime` is not installed; install it with: apt-get install faketime");
    [
        ("LD_PRELOAD", library.display().to_string()),
        ("FAKETIME", offset.to_owned()),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
}

/// A running `analytics serve`; ended by its id when dropped, also while a test panics.
#[derive(Debug)]
pub(crate) struct Service {
    child: Child,
    role: String,
    log: PathBuf,
}

impl Service {
    /// Starts it in `folder` with nothing but these variables; what it says goes to a file there.
    pub(crate) fn start(folder: &Path, name: &str, role: &str, env: &[(String, String)]) -> Self {
        let log = folder.join(format!("{name}.log"));
        let output: File = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_analytics"))
            .args(["serve", "--role", role, "--listen", "127.0.0.1:0"])
            .current_dir(folder)
            .env_clear()
            .envs(env.iter().cloned())
            .stdin(Stdio::null())
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        Self {
            child,
            role: role.to_owned(),
            log,
        }
    }

    /// Whether it synchronizes accounts.
    pub(crate) fn works(&self) -> bool {
        ["worker", "all"].contains(&&*self.role)
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end and waits until it has.
    pub(crate) fn terminate(mut self) {
        self.signal("TERM");
        self.child.wait().unwrap();
    }

    /// Stops it where it stands.
    pub(crate) fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub(crate) fn thaw(&self) {
        self.signal("CONT");
    }

    /// Whether it has not ended.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// What it said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success(), "SIG{name} could not be sent");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let said = self.said();
            let last: Vec<&str> = said.lines().rev().take(25).collect();
            eprintln!("--- {} said at last:", self.log.display());
            for line in last.iter().rev() {
                eprintln!("{line}");
            }
        }
    }
}

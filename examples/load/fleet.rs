//! The service's processes.

use std::{
    fs::{File, OpenOptions},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use crate::{Failure, Setup};

/// A process of the service; ended by its id when dropped.
#[derive(Debug)]
struct Process {
    child: Child,
    name: String,
    role: &'static str,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Fleet {
    program: PathBuf,
    folder: PathBuf,
    env: Vec<(String, String)>,
    processes: Vec<Process>,
    /// Largest resident size seen of one that has ended.
    peak: u64,
    killed: usize,
}

impl Fleet {
    /// Starts `workers` of them and, where there is a transport, a scheduler.
    pub(crate) fn start(
        setup: Setup,
        workers: usize,
        folder: &Path,
        env: Vec<(String, String)>,
    ) -> Result<Self, Failure> {
        let here = std::env::current_exe()?;
        let program = here.with_file_name("analytics");
        if !program.exists() {
            let what = "build the service beside this program: cargo build -p analytics-server";
            return Err(format!("{} is not there; {what}", program.display()).into());
        }
        let mut fleet = Self {
            program,
            folder: folder.to_owned(),
            env,
            processes: Vec::new(),
            peak: 0,
            killed: 0,
        };
        if setup != Setup::Sqlite {
            fleet.add("scheduler".to_owned(), "scheduler")?;
        }
        for number in 1..=workers {
            fleet.add(format!("worker-{number}"), "worker")?;
        }
        Ok(fleet)
    }

    fn add(&mut self, name: String, role: &'static str) -> Result<(), Failure> {
        let log: File = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join(format!("{name}.log")))?;
        let child = Command::new(&self.program)
            .args(["serve", "--role", role])
            .current_dir(&self.folder)
            .env_clear()
            .envs(self.env.iter().cloned())
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()?;
        self.processes.push(Process { child, name, role });
        Ok(())
    }

    /// `kill -9` of the next worker in turn, and a new one in its place.
    pub(crate) fn kill_one(&mut self) -> Result<(), Failure> {
        self.peak_memory()?;
        let workers: Vec<usize> = (0..self.processes.len())
            .filter(|at| self.processes[*at].role == "worker")
            .collect();
        let at = workers[self.killed % workers.len()];
        self.killed += 1;
        let mut process = self.processes.remove(at);
        process.child.kill()?;
        process.child.wait()?;
        self.add(process.name.clone(), process.role)
    }

    /// Workers killed so far.
    pub(crate) fn killed(&self) -> usize {
        self.killed
    }

    /// Largest resident size of a process so far, in bytes. An error if one has ended by itself.
    pub(crate) fn peak_memory(&mut self) -> Result<u64, Failure> {
        for process in &mut self.processes {
            if let Some(status) = process.child.try_wait()? {
                let log = self.folder.join(format!("{}.log", process.name));
                let said = std::fs::read_to_string(log).unwrap_or_default();
                let last: Vec<&str> = said.lines().rev().take(5).collect();
                return Err(format!("{} ended: {status}: {last:?}", process.name).into());
            }
            self.peak = self.peak.max(peak_memory(process.child.id()));
        }
        Ok(self.peak)
    }

    /// Asks all to end and waits until they have.
    pub(crate) fn stop(mut self) -> Result<u64, Failure> {
        let peak = self.peak_memory()?;
        for process in &mut self.processes {
            let id = process.child.id().to_string();
            Command::new("kill").args(["-s", "TERM", &id]).status()?;
        }
        for process in &mut self.processes {
            process.child.wait()?;
        }
        Ok(peak)
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.child.kill();
            let _ = process.child.wait();
        }
    }
}

/// Largest resident size of a process, in bytes.
pub(crate) fn peak_memory(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    kilobytes
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or_default()
        * 1024
}

//! A private PostgreSQL.

use std::{
    fs, io,
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use super::supervised::{Home, Supervised, find_program, free_port};

const USER: &str = "analytics";

/// A PostgreSQL of this process' own on loopback, with a password nobody else knows.
///
/// Durability is off, as it is for something that is thrown away: a killed server may lose
/// transactions only if the machine goes down with it.
#[derive(Debug)]
pub struct PrivatePostgres {
    home: Home,
    programs: PathBuf,
    port: u16,
    password: String,
    server: Mutex<Supervised>,
    databases: AtomicU32,
}

impl PrivatePostgres {
    /// Creates and starts one; a second or two.
    ///
    /// # Errors
    /// If PostgreSQL is not installed, naming the package, or does not start.
    pub fn start() -> io::Result<Self> {
        Self::start_with(&[])
    }

    /// The same with settings of its own, as `name=value`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_with(settings: &[&str]) -> io::Result<Self> {
        Self::make(&[], settings)
    }

    /// One whose log comes in files of a megabyte, so that its files may be limited to little more:
    /// see [`Self::start_limited`].
    ///
    /// # Errors
    /// As [`Self::start`].
    pub fn start_small() -> io::Result<Self> {
        Self::make(
            &["--wal-segsize=1"],
            &["min_wal_size=2MB", "max_wal_size=8MB"],
        )
    }

    fn make(layout: &[&str], settings: &[&str]) -> io::Result<Self> {
        let programs = programs()?;
        let home = Home::new("postgres")?;
        let data = home.path.join("data");
        let password = random_hex()?;
        let password_file = home.path.join("password");
        fs::write(&password_file, &password)?;
        // Written by root where root starts it: the owner of the folder must be able to read it.
        fs::set_permissions(
            &password_file,
            std::os::unix::fs::PermissionsExt::from_mode(0o644),
        )?;
        let made = home
            .command(programs.join("initdb"))
            .arg("-D")
            .arg(&data)
            .args(["-U", USER, "--auth=scram-sha-256", "--encoding=UTF8"])
            .args(layout)
            .args(["--locale=C.UTF-8", "--no-sync", "--pwfile"])
            .arg(&password_file)
            .output()?;
        if !made.status.success() {
            return Err(io::Error::other(format!(
                "initdb failed: {}",
                String::from_utf8_lossy(&made.stderr).trim()
            )));
        }
        fs::remove_file(&password_file)?;
        let port = free_port()?;
        let mut arguments = vec!["-D".to_owned(), data.display().to_string()];
        let port_setting = format!("port={port}");
        let socket = format!("unix_socket_directories={}", home.path.display());
        let usual = [
            &*port_setting,
            &*socket,
            "listen_addresses=127.0.0.1",
            "fsync=off",
            "max_connections=200",
        ];
        for setting in usual.iter().chain(settings) {
            arguments.extend(["-c".to_owned(), (*setting).to_owned()]);
        }
        let server = home.supervise(&programs.join("postgres"), &arguments)?;
        let postgres = Self {
            home,
            programs,
            port,
            password,
            server: Mutex::new(server),
            databases: AtomicU32::new(0),
        };
        postgres.start_again()?;
        Ok(postgres)
    }

    /// The URL of a new, empty database.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn database(&self) -> io::Result<String> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.sql("postgres", &format!("CREATE DATABASE {name}"))?;
        Ok(self.url(&name))
    }

    /// The URL of a new database that begins as a copy of another one, which nobody may be connected
    /// to right now.
    ///
    /// # Errors
    /// If it cannot be created.
    pub fn database_like(&self, template: &str) -> io::Result<String> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        self.sql(
            "postgres",
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )?;
        Ok(self.url(&name))
    }

    /// The URL of a database of it.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        let Self { port, password, .. } = self;
        format!("postgresql://{USER}:{password}@127.0.0.1:{port}/{database}")
    }

    /// What a statement prints, without decoration.
    ///
    /// # Errors
    /// With what the server said.
    pub fn sql(&self, database: &str, statement: &str) -> io::Result<String> {
        let output = self
            .home
            .command(self.programs.join("psql"))
            .args(["-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement])
            .arg(self.url(database))
            .output()?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(io::Error::other(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ))
        }
    }

    /// Stops it at once, as a crash does.
    ///
    /// # Errors
    /// If its supervisor is gone.
    pub fn crash(&self) -> io::Result<()> {
        self.lock().stop("QUIT")
    }

    /// Stops it in good order, ending connections.
    ///
    /// # Errors
    /// If its supervisor is gone.
    pub fn stop(&self) -> io::Result<()> {
        self.lock().stop("INT")
    }

    /// Starts it after it was stopped and waits until it answers.
    ///
    /// # Errors
    /// If it does not within half a minute, with the end of its log.
    pub fn start_again(&self) -> io::Result<()> {
        self.start_limited(None)
    }

    /// The same with files of at most so many bytes: what a full disk is like.
    ///
    /// # Errors
    /// As [`Self::start_again`].
    pub fn start_limited(&self, file_bytes: Option<u64>) -> io::Result<()> {
        self.lock().start(file_bytes.map(|bytes| bytes / 512))?;
        let patience = Instant::now() + Duration::from_secs(30);
        while self.sql("postgres", "SELECT 1").is_err() {
            if Instant::now() > patience {
                let log = fs::read_to_string(self.home.path.join("log")).unwrap_or_default();
                let tail: Vec<&str> = log.lines().rev().take(5).collect();
                return Err(io::Error::other(format!(
                    "PostgreSQL does not start: {}",
                    tail.join(" | ")
                )));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Supervised> {
        // Nothing panics while it is held.
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the newest installed version has its programs.
fn programs() -> io::Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    versions.sort();
    let folders: Vec<PathBuf> = versions.iter().rev().map(|path| path.join("bin")).collect();
    let initdb = find_program("initdb", "postgresql", &folders)?;
    initdb
        .parent()
        .map(PathBuf::from)
        .ok_or_else(|| io::Error::other("`initdb` is in no folder"))
}

fn random_hex() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

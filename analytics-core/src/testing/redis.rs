//! A private Redis.

use std::{
    io::{self, Read, Write},
    net::TcpStream,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::supervised::{Home, Supervised, find_program, free_port};

/// A Redis of this process' own on loopback. What it is told survives a stop, not a crash of the
/// machine.
#[derive(Debug)]
pub struct PrivateRedis {
    port: u16,
    server: Mutex<Supervised>,
    _home: Home,
}

impl PrivateRedis {
    /// Starts one.
    ///
    /// # Errors
    /// If Redis is not installed, naming the package, or does not start.
    pub fn start() -> io::Result<Self> {
        let program = find_program("redis-server", "redis-server", &[])?;
        let home = Home::new("redis")?;
        let port = free_port()?;
        let port_text = port.to_string();
        let folder = home.path.display().to_string();
        let arguments = [
            "--port",
            &port_text,
            "--bind",
            "127.0.0.1",
            "--dir",
            &folder,
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "no",
        ]
        .map(str::to_owned);
        let server = home.supervise(&program, &arguments)?;
        let redis = Self {
            port,
            server: Mutex::new(server),
            _home: home,
        };
        redis.start_again()?;
        Ok(redis)
    }

    /// Its URL.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// What it answers to a command, in its own protocol.
    ///
    /// # Errors
    /// If it cannot be reached.
    pub fn command(&self, words: &[&str]) -> io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let mut request = format!("*{}\r\n", words.len());
        for word in words {
            request.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        stream.write_all(request.as_bytes())?;
        let mut answer = [0_u8; 4096];
        let length = stream.read(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
    }

    /// Forgets everything.
    ///
    /// # Errors
    /// If it cannot be reached.
    pub fn flush_all(&self) -> io::Result<()> {
        self.command(&["FLUSHALL"]).map(drop)
    }

    /// Stops it at once.
    ///
    /// # Errors
    /// If its supervisor is gone.
    pub fn crash(&self) -> io::Result<()> {
        self.lock().stop("KILL")
    }

    /// Starts it after it was stopped and waits until it answers.
    ///
    /// # Errors
    /// If it does not within half a minute.
    pub fn start_again(&self) -> io::Result<()> {
        self.lock().start(None)?;
        let patience = Instant::now() + Duration::from_secs(30);
        loop {
            match self.command(&["PING"]) {
                Ok(answer) if answer.starts_with("+PONG") => return Ok(()),
                _ if Instant::now() > patience => {
                    return Err(io::Error::other("Redis does not start"));
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Supervised> {
        // Nothing panics while it is held.
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

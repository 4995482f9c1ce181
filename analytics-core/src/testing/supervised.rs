//! A server that ends with the process that started it.

use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::{
        fs::{PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

/// Starts and stops the server as it is told, line by line. The end of its input is the end of
/// whoever started it: then it ends the server and removes the folder.
const SUPERVISOR: &str = r#"
home=$1
shift
while read -r order argument; do
  case $order in
    start)
      ( [ "$argument" = none ] || ulimit -S -f "$argument"; exec "$@" ) >>"$home/log" 2>&1 </dev/null &
      server=$! ;;
    stop)
      kill -"$argument" "$server" 2>/dev/null
      wait "$server" ;;
  esac
  echo done
done
kill -INT "$server" 2>/dev/null
wait "$server"
cd /
rm -rf "$home"
"#;

/// A folder of a server's own, and the user that may run it: root may not run PostgreSQL.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) path: PathBuf,
    user: Option<(u32, u32)>,
}

impl Home {
    pub(super) fn new(name: &str) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = format!("analytics-{name}-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(folder);
        // What is left of a process that had the same id and was cut off from power.
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
        let user = unprivileged(fs::metadata("/proc/self").or_else(|_| fs::metadata(&path))?)?;
        if let Some((user, group)) = user {
            chown(&path, Some(user), Some(group))?;
        }
        Ok(Self { path, user })
    }

    /// A command that runs as the folder's owner.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.path);
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
        command
    }

    /// A server in this folder that does not run yet. Dropping it ends it and removes the folder; so
    /// does the end of this process.
    pub(super) fn supervise(&self, program: &Path, arguments: &[String]) -> io::Result<Supervised> {
        let mut child = self
            .command("/bin/sh")
            .args(["-c", SUPERVISOR, "supervisor"])
            .arg(&self.path)
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C in a terminal ends the tests first, and the server because of them.
            .process_group(0)
            .spawn()?;
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("the supervisor has no input or output"));
        };
        Ok(Supervised {
            child,
            orders: Some(orders),
            answers: BufReader::new(answers),
        })
    }
}

/// The owner of a server that root starts; none where the current user runs it.
fn unprivileged(own: fs::Metadata) -> io::Result<Option<(u32, u32)>> {
    use std::os::unix::fs::MetadataExt;
    if own.uid() != 0 {
        return Ok(None);
    }
    let users = fs::read_to_string("/etc/passwd")?;
    let find = |name: &str| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            (fields.next() == Some(name)).then_some(())?;
            let user = fields.nth(1)?.parse().ok()?;
            Some((user, fields.next()?.parse().ok()?))
        })
    };
    find("postgres")
        .or_else(|| find("nobody"))
        .map(Some)
        .ok_or_else(|| {
            io::Error::other("there is no user `postgres` or `nobody` to run servers as")
        })
}

/// A server that can be started and stopped.
#[derive(Debug)]
pub(super) struct Supervised {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Supervised {
    /// Starts it. `file_blocks` limits the size of its files, in blocks of 512 bytes: a full disk.
    pub(super) fn start(&mut self, file_blocks: Option<u64>) -> io::Result<()> {
        match file_blocks {
            None => self.order("start none"),
            Some(blocks) => self.order(&format!("start {blocks}")),
        }
    }

    /// Ends it by a signal (`INT`, `QUIT`, `KILL`) and waits until it is gone.
    pub(super) fn stop(&mut self, signal: &str) -> io::Result<()> {
        self.order(&format!("stop {signal}"))
    }

    fn order(&mut self, order: &str) -> io::Result<()> {
        let gone = || io::Error::other("the supervisor of a server is gone");
        let orders = self.orders.as_mut().ok_or_else(gone)?;
        writeln!(orders, "{order}")?;
        let mut answer = String::new();
        match self.answers.read_line(&mut answer)? {
            0 => Err(gone()),
            _ => Ok(()),
        }
    }
}

impl Drop for Supervised {
    fn drop(&mut self) {
        drop(self.orders.take());
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on right now.
pub(super) fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The first of these programs that is there.
pub(super) fn find_program(name: &str, package: &str, folders: &[PathBuf]) -> io::Result<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    folders
        .iter()
        .cloned()
        .chain(std::env::split_paths(&on_path))
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .ok_or_else(|| {
            io::Error::other(format!(
                "`{name}` is not installed; install it with: apt-get install {package}"
            ))
        })
}

//! The command `analytics`.

fn main() -> std::process::ExitCode {
    analytics_server::run(std::env::args_os())
}

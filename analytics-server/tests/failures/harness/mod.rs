//! What the failure tests share: a platform in this process, a database of their own, the real
//! program as child processes, and the comparison of what they stored with the truth.

mod check;
mod link;
mod process;
mod setup;
mod stage;
mod vendor;

pub(crate) use check::is_up_to_date;
pub(crate) use process::{Service, faketime};
pub(crate) use setup::{Database, Setup};
pub(crate) use stage::{AT_ONCE, PLATFORM, Plan, Stage};
pub(crate) use vendor::Vendor;

/// Makes tests of scenarios: each on every set-up.
macro_rules! on_every_setup {
    ($($scenario:ident),* $(,)?) => {$(
        mod $scenario {
            use crate::harness::Setup;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$scenario(Setup::Sqlite).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                super::$scenario(Setup::Postgres).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres_and_redis() {
                super::$scenario(Setup::Redis).await;
            }
        }
    )*};
}
pub(crate) use on_every_setup;

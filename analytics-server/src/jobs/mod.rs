//! Background work: a job says only "reconcile this account"; the database knows the rest.

mod heartbeat;
mod metered;
mod scheduler;
mod sync_account;
mod transport;

pub(crate) use heartbeat::Heartbeat;
pub(crate) use metered::Metered;
pub use scheduler::{Scheduler, SchedulerSettings};
pub use sync_account::SyncAccount;
pub use transport::{
    AccountKey, InProcess, JobHandler, JobTransport, TransportError, open as open_transport,
};

//! Background work: a job says only "reconcile this account"; the database knows the rest.

mod metered;
mod scheduler;
mod sync_account;
mod transport;

pub(crate) use metered::Metered;
pub use scheduler::Scheduler;
pub(crate) use sync_account::Again;
pub use sync_account::SyncAccount;
pub use transport::{AccountKey, InProcess, JobHandler, JobTransport};

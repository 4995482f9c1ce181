//! The kit that every connector calls its vendor with: one client, retry, pacing, paging,
//! polling, and words without secrets.

mod client;
mod decode;
mod number;
mod paginate;
mod poll;
mod rate_limit;
mod redact;
mod request;
mod retry;
mod settings;
mod shared_limits;

pub use client::{Answer, ApiClient, CallContext, HttpClient, Vendor};
pub use decode::decode;
pub use number::Number;
pub use paginate::{Page, pages};
pub use poll::{Poll, PollSchedule, poll_until};
pub use rate_limit::{Throttle, ThrottleSettings, Usage, UsageScope};
pub use redact::{Secrets, redact_url};
pub use request::Request;
pub use retry::{RetryPolicy, with_retry};
pub use settings::HttpSettings;
pub use shared_limits::SharedLimits;

//! Who is asking: passwords, sessions, the set-up link, and what a caller may do.

pub(crate) mod caller;
pub(crate) mod operator;
pub(crate) mod password;
pub(crate) mod secret_link;
pub(crate) mod session;
pub(crate) mod throttle;

pub(crate) use caller::Caller;
pub(crate) use operator::Operator;
pub(crate) use secret_link::{SecretLink, same_secret};

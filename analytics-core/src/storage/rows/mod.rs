//! Between rows and the model's types, the same for every database.

pub(crate) mod account;
pub(crate) mod coverage;
pub(crate) mod entity;
pub(crate) mod facts;
pub(crate) mod grant;
pub(crate) mod sync;
pub(crate) mod workspace;

//! What every route shares: reading requests, and what is checked or added around them.

pub(crate) mod base_path;
pub(crate) mod body;
pub(crate) mod dates;
pub(crate) mod layers;
pub(crate) mod origin;
pub(crate) mod params;
pub(crate) mod path;
pub(crate) mod proxies;
pub(crate) mod request_id;

pub(crate) use base_path::BasePath;
pub(crate) use body::{Body, Form};
pub(crate) use params::Params;
pub(crate) use path::Path;

//! Moving whole stores.

mod backups;
mod fixture;
mod interrupted;
#[cfg(all(feature = "postgres", unix))]
mod postgres;
mod refused;
mod same_rows;

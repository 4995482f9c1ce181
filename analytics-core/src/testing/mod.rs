//! Private database servers for tests and load runs: started on loopback in a folder of their own,
//! gone when the process is, however it ends.

mod postgres;
mod redis;
mod supervised;

pub use postgres::PrivatePostgres;
pub use redis::PrivateRedis;

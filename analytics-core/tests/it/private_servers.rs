//! The servers that other tests stand on.

use analytics_core::testing::{PrivatePostgres, PrivateRedis};

#[test]
fn a_private_postgres_survives_a_crash_and_leaves_nothing() {
    let postgres = PrivatePostgres::start().unwrap();
    let url = postgres.database().unwrap();
    let name = url.rsplit('/').next().unwrap();
    postgres
        .sql(name, "CREATE TABLE t AS SELECT 42 AS answer")
        .unwrap();
    postgres.crash().unwrap();
    assert!(postgres.sql(name, "SELECT 1").is_err());
    postgres.start_again().unwrap();
    assert_eq!(postgres.sql(name, "SELECT answer FROM t").unwrap(), "42");
}

#[test]
fn a_private_redis_remembers_over_a_crash() {
    let redis = PrivateRedis::start().unwrap();
    assert_eq!(redis.command(&["SET", "a", "1"]).unwrap(), "+OK\r\n");
    redis.crash().unwrap();
    redis.start_again().unwrap();
    assert_eq!(redis.command(&["GET", "a"]).unwrap(), "$1\r\n1\r\n");
    redis.flush_all().unwrap();
    assert_eq!(redis.command(&["GET", "a"]).unwrap(), "$-1\r\n");
}

//! Stand-in.
use crate::error::Result;
use sqlx::{
    PgPool, SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};
pub(super) async fn run(pool: &PgPool) -> Result<usize> {
    let all = [
        (
            1,
            include_str!("../../../migrations/postgres/0001_first_schema.sql"),
        ),
        (
            2,
            include_str!("../../../migrations/postgres/0002_posts.sql"),
        ),
        (
            3,
            include_str!("../../../migrations/postgres/0003_cost_terms.sql"),
        ),
        (
            4,
            include_str!("../../../migrations/postgres/0004_kept_secrets.sql"),
        ),
        (
            5,
            include_str!("../../../migrations/postgres/0005_charges.sql"),
        ),
    ];
    let migrations = all
        .into_iter()
        .map(|(v, sql)| {
            Migration::new(
                v,
                "x".into(),
                MigrationType::Simple,
                sql.into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run(pool)
        .await
        .map_err(|e| super::failed("bringing the schema up to date", "", e))?;
    Ok(0)
}

//! Columns of rows, read the same way from every database.

use super::convert::{During, corrupt};
use crate::error::Result;

/// What a column can hold in either database; none where it is null.
pub(crate) trait Columns {
    /// An integer of any width.
    fn integer(&self, column: &str) -> Result<Option<i64>>;
    /// A text.
    fn text(&self, column: &str) -> Result<Option<&str>>;
    /// Bytes.
    fn bytes(&self, column: &str) -> Result<Option<&[u8]>>;
    /// What a condition came to.
    fn truth(&self, column: &str) -> Result<Option<bool>>;
}

/// A column by name.
pub(crate) fn get<'r, T: Column<'r>>(row: &'r impl Columns, column: &str) -> Result<T> {
    T::of(row, column)?.ok_or_else(|| corrupt(format!("`{column}` is null")))
}

/// What a column is read as; none where it is null and may not be.
pub(crate) trait Column<'r>: Sized {
    fn of(row: &'r impl Columns, column: &str) -> Result<Option<Self>>;
}

impl<'r, T: Column<'r>> Column<'r> for Option<T> {
    fn of(row: &'r impl Columns, column: &str) -> Result<Option<Self>> {
        T::of(row, column).map(Some)
    }
}

impl Column<'_> for i64 {
    fn of(row: &impl Columns, column: &str) -> Result<Option<Self>> {
        row.integer(column)
    }
}

impl Column<'_> for u32 {
    fn of(row: &impl Columns, column: &str) -> Result<Option<Self>> {
        row.integer(column)?
            .map(|number| Self::try_from(number).during("reading a row"))
            .transpose()
    }
}

impl Column<'_> for bool {
    fn of(row: &impl Columns, column: &str) -> Result<Option<Self>> {
        row.truth(column)
    }
}

impl<'r> Column<'r> for &'r str {
    fn of(row: &'r impl Columns, column: &str) -> Result<Option<Self>> {
        row.text(column)
    }
}

impl Column<'_> for String {
    fn of(row: &impl Columns, column: &str) -> Result<Option<Self>> {
        Ok(row.text(column)?.map(str::to_owned))
    }
}

impl<'r> Column<'r> for &'r [u8] {
    fn of(row: &'r impl Columns, column: &str) -> Result<Option<Self>> {
        row.bytes(column)
    }
}

impl Column<'_> for Vec<u8> {
    fn of(row: &impl Columns, column: &str) -> Result<Option<Self>> {
        Ok(row.bytes(column)?.map(<[u8]>::to_vec))
    }
}

#[cfg(feature = "sqlite")]
impl Columns for sqlx::sqlite::SqliteRow {
    fn integer(&self, column: &str) -> Result<Option<i64>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }

    fn text(&self, column: &str) -> Result<Option<&str>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }

    fn bytes(&self, column: &str) -> Result<Option<&[u8]>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }

    fn truth(&self, column: &str) -> Result<Option<bool>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }
}

#[cfg(feature = "postgres")]
impl Columns for sqlx::postgres::PgRow {
    fn integer(&self, column: &str) -> Result<Option<i64>> {
        let number: Option<Number> = sqlx::Row::try_get(self, column).during("reading a row")?;
        Ok(number.map(|number| number.0))
    }

    fn text(&self, column: &str) -> Result<Option<&str>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }

    fn bytes(&self, column: &str) -> Result<Option<&[u8]>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }

    fn truth(&self, column: &str) -> Result<Option<bool>> {
        sqlx::Row::try_get(self, column).during("reading a row")
    }
}

/// A `SMALLINT`, `INTEGER` or `BIGINT` of PostgreSQL.
#[cfg(feature = "postgres")]
pub(crate) struct Number(pub(crate) i64);

#[cfg(feature = "postgres")]
mod number {
    use sqlx::{
        Decode, Postgres, Type, TypeInfo, ValueRef,
        error::BoxDynError,
        postgres::{PgTypeInfo, PgValueRef},
    };

    use super::Number;

    impl Type<Postgres> for Number {
        fn type_info() -> PgTypeInfo {
            <i64 as Type<Postgres>>::type_info()
        }

        fn compatible(kind: &PgTypeInfo) -> bool {
            matches!(kind.name(), "INT2" | "INT4" | "INT8")
        }
    }

    impl<'r> Decode<'r, Postgres> for Number {
        fn decode(value: PgValueRef<'r>) -> Result<Self, BoxDynError> {
            let number = match value.type_info().name() {
                "INT2" => i64::from(<i16 as Decode<Postgres>>::decode(value)?),
                "INT4" => i64::from(<i32 as Decode<Postgres>>::decode(value)?),
                _ => <i64 as Decode<Postgres>>::decode(value)?,
            };
            Ok(Self(number))
        }
    }
}

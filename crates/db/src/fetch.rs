//! The few reads that every click makes, at the speed of the database.
//!
//! The same SQL text runs on both databases, rows are read by position. On SQLite, outside a transaction, it goes over
//! rusqlite with cached statements: one thread hop a statement instead of one a row (docs/adr/0005-hot-reads.md).
//! Everything else stays with SeaORM.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Error, Result, Timestamp};
use chrono::{DateTime, Utc};
use rusqlite::types::{ToSqlOutput, ValueRef};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement, TryGetable, Value,
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{Tx, dialect};

/// A connection that can also run hot reads.
pub trait Fetch: ConnectionTrait {
    /// Runs hand-written SQL (`$1`, `$2`, ... for values) and reads each row.
    fn fetch<T, F>(&self, sql: String, values: Vec<Value>, read: F) -> impl Future<Output = Result<Vec<T>>> + Send
    where
        T: Send + 'static,
        F: Fn(&Row<'_>) -> Result<T> + Send + Sync + 'static;
}

/// One row of a hot read.
pub struct Row<'a>(Source<'a>);

enum Source<'a> {
    Rusqlite(&'a rusqlite::Row<'a>),
    SeaOrm(&'a QueryResult),
}

impl Row<'_> {
    /// The value at a position, counted from 0.
    pub fn get<T: Cell>(&self, index: usize) -> Result<T> {
        match &self.0 {
            Source::SeaOrm(row) => Ok(row.try_get_by_index(index)?),
            Source::Rusqlite(row) => {
                let value = row.get_ref(index).map_err(Error::internal)?;
                T::from_sqlite(value).ok_or_else(|| Error::internal(format!("column {index} holds {value:?}")))
            }
        }
    }

    /// A text that stands for a value of an enum.
    pub fn parse<T>(&self, index: usize, parse: fn(&str) -> Option<T>) -> Result<T> {
        let text: String = self.get(index)?;
        parse(&text).ok_or_else(|| Error::internal(format!("column {index} holds {text}")))
    }
}

/// A type that a column can be read as.
pub trait Cell: TryGetable {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self>;
}

impl Cell for i64 {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok()
    }
}

impl Cell for bool {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        value.as_i64().ok().map(|number| number != 0)
    }
}

impl Cell for String {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        value.as_str().ok().map(str::to_owned)
    }
}

impl Cell for Uuid {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        Uuid::from_slice(value.as_blob().ok()?).ok()
    }
}

impl Cell for Timestamp {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        Some(DateTime::parse_from_rfc3339(value.as_str().ok()?).ok()?.with_timezone(&Utc))
    }
}

impl Cell for serde_json::Value {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        serde_json::from_str(value.as_str().ok()?).ok()
    }
}

impl<T: Cell> Cell for Option<T> {
    fn from_sqlite(value: ValueRef<'_>) -> Option<Self> {
        match value {
            ValueRef::Null => Some(None),
            value => T::from_sqlite(value).map(Some),
        }
    }
}

/// The pool for reading. On SQLite its connections refuse to write.
pub struct Reader {
    pool: DatabaseConnection,
    sqlite: Option<Arc<SqliteReaders>>,
}

impl Reader {
    pub(crate) fn new(pool: DatabaseConnection, sqlite: Option<PathBuf>) -> Self {
        Reader { pool, sqlite: sqlite.map(|path| Arc::new(SqliteReaders::new(path))) }
    }

    /// SQLite's file.
    pub(crate) fn sqlite_path(&self) -> Option<&Path> {
        self.sqlite.as_ref().map(|sqlite| sqlite.path.as_path())
    }

    pub(crate) async fn close(&self) -> Result<()> {
        if let Some(sqlite) = &self.sqlite {
            sqlite.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        Ok(self.pool.clone().close().await?)
    }
}

impl Fetch for Reader {
    async fn fetch<T, F>(&self, sql: String, values: Vec<Value>, read: F) -> Result<Vec<T>>
    where
        T: Send + 'static,
        F: Fn(&Row<'_>) -> Result<T> + Send + Sync + 'static,
    {
        match &self.sqlite {
            None => fetch_by_sea_orm(&self.pool, &sql, values, read).await,
            Some(sqlite) => {
                let sqlite = sqlite.clone();
                let turn = sqlite.turns.clone().acquire_owned().await.map_err(Error::internal)?;
                let work = move || {
                    let rows = sqlite.fetch(&sql, &values, read);
                    drop(turn);
                    rows
                };
                tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
            }
        }
    }
}

impl Fetch for Tx {
    async fn fetch<T, F>(&self, sql: String, values: Vec<Value>, read: F) -> Result<Vec<T>>
    where
        T: Send + 'static,
        F: Fn(&Row<'_>) -> Result<T> + Send + Sync + 'static,
    {
        fetch_by_sea_orm(self, &sql, values, read).await
    }
}

async fn fetch_by_sea_orm<T>(
    connection: &impl ConnectionTrait,
    sql: &str,
    values: Vec<Value>,
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let rows = connection.query_all_raw(dialect::statement(connection, sql, values)).await?;
    rows.iter().map(|row| read(&Row(Source::SeaOrm(row)))).collect()
}

/// Read-only connections to the database file, opened when needed and kept for the next read.
///
/// Invariant: there are never more of them than `turns`. A read that would only wait for a core waits without a thread
/// and a connection of its own, which cost memory (an allocator's arena, pages, plans) and, when thrown away, a new reading
/// of the schema.
struct SqliteReaders {
    path: PathBuf,
    turns: Arc<Semaphore>,
    idle: Mutex<Vec<rusqlite::Connection>>,
}

/// One that reads and one that waits for the disk, for each core.
fn most_readers() -> usize {
    std::thread::available_parallelism().map_or(4, |cores| (cores.get() * 2).clamp(4, 16))
}

impl SqliteReaders {
    fn new(path: PathBuf) -> Self {
        SqliteReaders { path, turns: Arc::new(Semaphore::new(most_readers())), idle: Mutex::default() }
    }

    fn fetch<T>(&self, sql: &str, values: &[Value], read: impl Fn(&Row<'_>) -> Result<T>) -> Result<Vec<T>> {
        let connection = self.take()?;
        let rows = run(&connection, sql, values, read);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        rows
    }

    fn take(&self) -> Result<rusqlite::Connection> {
        if let Some(connection) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(connection);
        }
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = rusqlite::Connection::open_with_flags(&self.path, flags).map_err(Error::internal)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(Error::internal)?;
        connection.set_prepared_statement_cache_capacity(64);
        connection
            .execute_batch("pragma query_only = on; pragma cache_size = -6000; pragma temp_store = memory")
            .map_err(Error::internal)?;
        Ok(connection)
    }
}

fn run<T>(
    connection: &rusqlite::Connection,
    sql: &str,
    values: &[Value],
    read: impl Fn(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let broken = |error: rusqlite::Error| Error::internal(format!("{error} in: {sql}"));
    let mut statement = connection.prepare_cached(sql).map_err(broken)?;
    // To SQLite `$2` is a name, numbered by where it stands first; a built statement has bare `?` in order instead.
    for (index, value) in values.iter().enumerate() {
        let named = statement.parameter_index(&format!("${}", index + 1)).map_err(broken)?;
        statement.raw_bind_parameter(named.unwrap_or(index + 1), Parameter(value)).map_err(broken)?;
    }
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    while let Some(row) = rows.next().map_err(broken)? {
        found.push(read(&Row(Source::Rusqlite(row)))?);
    }
    Ok(found)
}

/// A value as sqlx would write it, so that both drivers mean the same bytes.
pub(crate) struct Parameter<'a>(pub(crate) &'a Value);

impl rusqlite::ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let borrowed = match self.0 {
            Value::Bool(value) => value.map(|value| ValueRef::Integer(i64::from(value))),
            Value::Int(value) => value.map(|value| ValueRef::Integer(i64::from(value))),
            Value::BigInt(value) => value.map(ValueRef::Integer),
            Value::BigUnsigned(value) => value.and_then(|value| i64::try_from(value).ok()).map(ValueRef::Integer),
            Value::String(value) => value.as_ref().map(|value| ValueRef::Text(value.as_bytes())),
            Value::Uuid(value) => value.as_ref().map(|value| ValueRef::Blob(value.as_bytes())),
            Value::ChronoDateTimeUtc(Some(value)) => {
                let text = value.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, false);
                return Ok(ToSqlOutput::Owned(rusqlite::types::Value::Text(text)));
            }
            Value::Json(Some(value)) => return Ok(ToSqlOutput::Owned(rusqlite::types::Value::Text(value.to_string()))),
            Value::ChronoDateTimeUtc(None) | Value::Json(None) => None,
            other => {
                let message = format!("SQLite is not given {other:?}");
                return Err(rusqlite::Error::ToSqlConversionFailure(message.into()));
            }
        };
        Ok(ToSqlOutput::Borrowed(borrowed.unwrap_or(ValueRef::Null)))
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Reader {
    fn get_database_backend(&self) -> DbBackend {
        self.pool.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.pool.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.pool.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.pool.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.pool.query_all_raw(statement).await
    }
}

/// `$1, $2, ...` for the values added last, as the inside of an `in (...)`.
pub fn places(from: usize, count: usize) -> String {
    (from..from + count).map(|index| format!("${index}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plans_do_not_depend_on_bound_values() {
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("pragma compile_options").unwrap();
        let options: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(options.iter().any(|option| option == "ENABLE_QPSG"), "see .cargo/config.toml: {options:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_reads_share_few_connections() {
        let path = std::env::temp_dir().join(format!("otklik-readers-{}.db", std::process::id()));
        rusqlite::Connection::open(&path).unwrap().execute_batch("create table number (n bigint)").unwrap();
        let pool = sea_orm::Database::connect(format!("sqlite:{}?mode=ro", path.display())).await.unwrap();
        let reader = Arc::new(Reader::new(pool, Some(path.clone())));
        let reads = (0..200_i64).map(|wanted| {
            let reader = reader.clone();
            tokio::spawn(async move {
                let read = |row: &Row<'_>| row.get::<i64>(0);
                reader.fetch("select count(*) + $1 from number".to_owned(), vec![wanted.into()], read).await
            })
        });
        for (wanted, read) in reads.collect::<Vec<_>>().into_iter().enumerate() {
            assert_eq!(read.await.unwrap().unwrap(), [wanted as i64]);
        }
        let sqlite = reader.sqlite.as_ref().unwrap();
        let opened = sqlite.idle.lock().unwrap().len();
        assert!((1..=most_readers()).contains(&opened), "{opened} connections");
        assert_eq!(sqlite.turns.available_permits(), most_readers());
        reader.close().await.unwrap();
        std::fs::remove_file(path).unwrap();
    }
}

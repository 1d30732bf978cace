//! Many rows at once: for imports and demonstrations, where one statement a row would take hours.
//!
//! `insert` puts rows into any transaction. `Load` fills a database that nobody uses yet, at the speed of the database:
//! on SQLite past sqlx and without waiting for the disk, on PostgreSQL by COPY and with the search index built at the end.
//!
//! Invariant: the same statement text is used again and again, so that the database prepares it once.

mod postgres;
mod sqlite;

use base::{ConversationId, LineId, Result, Timestamp};
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
use uuid::Uuid;

use crate::{Db, Tx};

/// Most rows of one statement.
const ROWS: usize = 64;
/// Both databases take a little more (SQLite 32,766, PostgreSQL 65,535).
const MAX_VALUES: usize = 30_000;

/// In which form this database takes values fastest, for whoever prepares them elsewhere.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    json_is_text: bool,
}

impl Form {
    pub fn of(db: &Db) -> Form {
        Form { json_is_text: db.read().get_database_backend() == DbBackend::Sqlite }
    }

    /// The same value. On SQLite, where JSON is text anyway, a text is copied faster than a tree.
    pub fn value(self, value: Value) -> Value {
        match value {
            Value::Json(Some(json)) if self.json_is_text => json.to_string().into(),
            other => other,
        }
    }
}

/// Rows of one table. Their values follow each other, in the order of `columns`.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pub table: String,
    pub columns: Vec<String>,
    pub values: Vec<Value>,
}

/// A text for the search index, as in `search::Document`.
#[derive(Clone, Debug)]
pub struct Text {
    pub object_id: Uuid,
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    pub at: Timestamp,
    pub stems: String,
}

/// Inserts rows as part of a transaction.
pub async fn insert(tx: &Tx, rows: Rows) -> Result<()> {
    let Rows { table, columns, values } = rows;
    let width = columns.len();
    debug_assert_eq!(values.len() % width, 0, "rows of {table} must be whole");
    let most = ROWS.min(MAX_VALUES / width) * width;
    let full = sql(tx, &table, &columns, most / width);
    let mut values = values.into_iter();
    while values.len() > 0 {
        let rows: Vec<Value> = values.by_ref().take(most).collect();
        let text = if rows.len() == most { full.clone() } else { sql(tx, &table, &columns, rows.len() / width) };
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), text, rows)).await?;
    }
    Ok(())
}

fn sql(tx: &Tx, table: &str, columns: &[String], rows: usize) -> String {
    let numbered = tx.get_database_backend() != DbBackend::Sqlite;
    let mut sql = format!("insert into {table} ({}) values ", columns.join(", "));
    let mut number = 0;
    for row in 0..rows {
        sql += if row > 0 { ", (" } else { "(" };
        for column in 0..columns.len() {
            number += 1;
            sql += if column > 0 { ", " } else { "" };
            // SQLite binds nameless places much faster than numbered ones.
            sql += &if numbered { format!("${number}") } else { "?".to_owned() };
        }
        sql += ")";
    }
    sql
}

/// A database being filled.
///
/// Invariant: no other write may be open meanwhile, and a database whose load did not come to `finish` is thrown away:
/// on SQLite a power cut on the way may leave anything, on PostgreSQL it leaves nothing.
pub struct Load {
    inner: Inner,
}

enum Inner {
    /// Absent only while a blocking thread has it.
    Sqlite(Option<sqlite::Load>),
    Postgres(postgres::Load),
}

impl Load {
    pub async fn begin(db: &Db) -> Result<Load> {
        let inner = match (&db.inner.write, db.read().sqlite_path()) {
            (crate::Write::Postgres(connection), _) => {
                Inner::Postgres(postgres::Load::begin(connection.get_postgres_connection_pool()).await?)
            }
            (crate::Write::Sqlite(_), path) => {
                let path = path.map(ToOwned::to_owned).unwrap_or_default();
                Inner::Sqlite(Some(blocking(move || sqlite::Load::begin(&path)).await?))
            }
        };
        Ok(Load { inner })
    }

    /// Writes rows, table after table, and adds texts to the search index: the last one is found first.
    pub async fn write(&mut self, tables: Vec<Rows>, texts: Vec<Text>) -> Result<()> {
        match &mut self.inner {
            Inner::Postgres(load) => load.write(tables, texts).await,
            Inner::Sqlite(load) => {
                let Some(mut taken) = load.take() else { return Err(broken()) };
                *load = Some(
                    blocking(move || {
                        taken.write(&tables, &texts)?;
                        Ok(taken)
                    })
                    .await?,
                );
                Ok(())
            }
        }
    }

    /// Makes everything durable and as it is in daily use.
    pub async fn finish(self) -> Result<()> {
        match self.inner {
            Inner::Postgres(load) => load.finish().await,
            Inner::Sqlite(load) => {
                let load = load.ok_or_else(broken)?;
                blocking(move || load.finish()).await
            }
        }
    }
}

fn broken() -> base::Error {
    base::Error::internal("the load failed before")
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(base::Error::internal)?
}

//! Many rows at once: for imports and demonstrations, where one statement a row would take hours.
//!
//! Invariant: the same statement text is used again and again, so that the database prepares it once.

use base::Result;
use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::search::Document;
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

/// Inserts rows whose values follow each other in `values`, in the order of `columns`.
pub async fn insert(tx: &Tx, table: &str, columns: &[&str], values: Vec<Value>) -> Result<()> {
    let places = vec!["?"; columns.len()];
    insert_places(tx, table, columns, &places, values).await
}

/// `places`: for each column `?` or an expression with one `?` in it.
async fn insert_places(tx: &Tx, table: &str, columns: &[&str], places: &[&str], values: Vec<Value>) -> Result<()> {
    let width = columns.len();
    debug_assert_eq!(values.len() % width, 0, "rows of {table} must be whole");
    let most = ROWS.min(MAX_VALUES / width) * width;
    let full = sql(tx, table, columns, places, most / width);
    let mut values = values.into_iter();
    while values.len() > 0 {
        let rows: Vec<Value> = values.by_ref().take(most).collect();
        let text = if rows.len() == most { full.clone() } else { sql(tx, table, columns, places, rows.len() / width) };
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), text, rows)).await?;
    }
    Ok(())
}

fn sql(tx: &Tx, table: &str, columns: &[&str], places: &[&str], rows: usize) -> String {
    let numbered = tx.get_database_backend() != DbBackend::Sqlite;
    let mut sql = format!("insert into {table} ({}) values ", columns.join(", "));
    let mut number = 0;
    for row in 0..rows {
        sql += if row > 0 { ", (" } else { "(" };
        for (column, place) in places.iter().enumerate() {
            number += 1;
            sql += if column > 0 { ", " } else { "" };
            // SQLite binds nameless places much faster than numbered ones.
            sql += &if numbered { place.replace('?', &format!("${number}")) } else { (*place).to_owned() };
        }
        sql += ")";
    }
    sql
}

/// Adds many texts to the index, in this order: the last one is found first.
pub async fn index(tx: &Tx, documents: Vec<Document<'_>>) -> Result<()> {
    if tx.get_database_backend() != DbBackend::Sqlite {
        let mut rows: Vec<Value> = Vec::with_capacity(documents.len() * 5);
        for Document { object_id, conversation_id, line_id, at, stems } in documents {
            rows.extend([object_id.into(), conversation_id.0.into(), line_id.0.into(), at.into(), stems.into()]);
        }
        let columns = ["object_id", "conversation_id", "line_id", "at", "stems"];
        return insert_places(tx, "search_doc", &columns, &["?", "?", "?", "?", "to_tsvector('simple', ?)"], rows)
            .await;
    }
    let last = tx
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, "select coalesce(max(id), 0) from search_doc"))
        .await?;
    let mut id: i64 = last.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(0);
    let mut rows: Vec<Value> = Vec::with_capacity(documents.len() * 5);
    let mut stemmed: Vec<Value> = Vec::with_capacity(documents.len() * 2);
    for Document { object_id, conversation_id, line_id, at, stems } in documents {
        id += 1;
        rows.extend([id.into(), object_id.into(), conversation_id.0.into(), line_id.0.into(), at.into()]);
        stemmed.extend([id.into(), stems.into()]);
    }
    insert(tx, "search_doc", &["id", "object_id", "conversation_id", "line_id", "at"], rows).await?;
    insert(tx, "search_fts", &["rowid", "stems"], stemmed).await
}

/// Lets SQLite's index gather more before it writes, while many texts come in. End it with `index_as_usual`.
pub async fn index_in_bulk(tx: &Tx) -> Result<()> {
    set_index_memory(tx, 32 << 20).await
}

/// The usual setting again.
pub async fn index_as_usual(tx: &Tx) -> Result<()> {
    set_index_memory(tx, 1 << 20).await
}

async fn set_index_memory(tx: &Tx, bytes: i64) -> Result<()> {
    if tx.get_database_backend() == DbBackend::Sqlite {
        let set = "insert into search_fts (search_fts, rank) values ('hashsize', ?)";
        tx.execute_raw(Statement::from_sql_and_values(DbBackend::Sqlite, set, [bytes.into()])).await?;
    }
    Ok(())
}

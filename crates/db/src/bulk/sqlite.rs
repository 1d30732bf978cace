//! A load on SQLite: prepared statements on a connection of its own, one row a statement, one thread hop a bundle.
//!
//! Invariant: only the end of a load waits for the disk. Until then the system's crash may leave a broken file; that of
//! the process leaves whole transactions.

use std::path::Path;
use std::time::Duration;

use base::{Error, Result};
use rusqlite::Connection;
use rusqlite::types::{ToSqlOutput, ValueRef};
use sea_orm::Value;

use super::{Rows, Text};
use crate::fetch::Parameter;

/// Texts of one transaction. At its end the search index writes what it gathered, so a few large ones are cheaper.
const TEXTS: usize = 50_000;
/// What the search index may gather before it writes: a transaction's worth, so that this never happens earlier.
const INDEX_BYTES: i64 = 128 << 20;
/// FTS5's own default.
const USUAL_INDEX_BYTES: i64 = 1 << 20;

pub(super) struct Load {
    connection: Connection,
    last_text: i64,
    /// Texts of the open transaction.
    texts: usize,
}

impl Load {
    pub(super) fn begin(path: &Path) -> Result<Load> {
        let connection = Connection::open(path).map_err(Error::internal)?;
        connection.busy_timeout(Duration::from_secs(10)).map_err(Error::internal)?;
        connection.set_prepared_statement_cache_capacity(64);
        // The rows are checked by the tests of whoever makes them, and what they refer to is in the same load.
        let settings = "pragma synchronous = off; pragma foreign_keys = off; pragma temp_store = memory; \
                        pragma cache_size = -131072; pragma wal_autocheckpoint = 16384; begin immediate";
        connection.execute_batch(settings).map_err(Error::internal)?;
        set_index_memory(&connection, INDEX_BYTES)?;
        let last_text = connection
            .query_row("select coalesce(max(id), 0) from search_doc", [], |row| row.get(0))
            .map_err(Error::internal)?;
        Ok(Load { connection, last_text, texts: 0 })
    }

    pub(super) fn write(&mut self, tables: &[Rows], texts: &[Text]) -> Result<()> {
        for rows in tables {
            insert(&self.connection, rows)?;
        }
        self.index(texts).map_err(Error::internal)?;
        self.texts += texts.len();
        if self.texts >= TEXTS {
            self.texts = 0;
            self.connection.execute_batch("commit; begin immediate").map_err(Error::internal)?;
        }
        Ok(())
    }

    fn index(&mut self, texts: &[Text]) -> rusqlite::Result<()> {
        let insert = "insert into search_doc (id, object_id, conversation_id, line_id, at) values (?, ?, ?, ?, ?)";
        let mut document = self.connection.prepare_cached(insert)?;
        let mut stemmed = self.connection.prepare_cached("insert into search_fts (rowid, stems) values (?, ?)")?;
        for Text { object_id, conversation_id, line_id, at, stems } in texts {
            self.last_text += 1;
            document.raw_bind_parameter(1, self.last_text)?;
            let keys: [Value; 4] =
                [(*object_id).into(), conversation_id.0.into(), line_id.0.into(), Value::ChronoDateTimeUtc(Some(*at))];
            for (index, key) in keys.iter().enumerate() {
                document.raw_bind_parameter(index + 2, Parameter(key))?;
            }
            document.raw_execute()?;
            stemmed.raw_bind_parameter(1, self.last_text)?;
            stemmed.raw_bind_parameter(2, ToSqlOutput::Borrowed(ValueRef::Text(stems.as_bytes())))?;
            stemmed.raw_execute()?;
        }
        Ok(())
    }

    pub(super) fn finish(self) -> Result<()> {
        set_index_memory(&self.connection, USUAL_INDEX_BYTES)?;
        let end = "commit; pragma synchronous = full; pragma wal_checkpoint (truncate)";
        self.connection.execute_batch(end).map_err(Error::internal)
    }
}

fn insert(connection: &Connection, rows: &Rows) -> Result<()> {
    let Rows { table, columns, values } = rows;
    let places = vec!["?"; columns.len()].join(", ");
    let sql = format!("insert into {table} ({}) values ({places})", columns.join(", "));
    let broken = |error: rusqlite::Error| Error::internal(format!("{error} in: {sql}"));
    let mut statement = connection.prepare_cached(&sql).map_err(broken)?;
    for row in values.chunks_exact(columns.len()) {
        for (index, value) in row.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, Parameter(value)).map_err(broken)?;
        }
        statement.raw_execute().map_err(broken)?;
    }
    Ok(())
}

fn set_index_memory(connection: &Connection, bytes: i64) -> Result<()> {
    let set = "insert into search_fts (search_fts, rank) values ('hashsize', ?)";
    connection.execute(set, [bytes]).map_err(Error::internal)?;
    Ok(())
}

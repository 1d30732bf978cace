//! The raw rate of SQLite: one connection, cached statements, WAL and `synchronous = full` as the server has them.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use base::Clock;
use chrono::SecondsFormat;
use rusqlite::types::Value;
use rusqlite::{Connection, TransactionBehavior, params};
use uuid::Uuid;

use super::{Cell, Column, Examples, JOBS, Row, Source, Work, find, refresh};

/// One connection that writes the rows of one kind of work.
pub struct Writer {
    connection: Connection,
    plan: Plan,
    conversations: Vec<Uuid>,
}

impl Writer {
    /// Reads the rows. Before anything is written: what is written looks like the example.
    pub fn open(database: &Path, examples: &Examples, work: Work) -> Result<Self> {
        let connection = Connection::open(database)?;
        connection.execute_batch(
            "pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma busy_timeout = 10000;
             pragma temp_store = memory; pragma cache_size = -16000; pragma mmap_size = 268435456",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        let plan = Plan::read(&connection, examples, work)?;
        Ok(Writer { connection, plan, conversations: examples.conversations.clone() })
    }

    /// Writes for so long; answers transactions a second.
    pub fn rate(&mut self, span: Duration) -> Result<f64> {
        let started = Instant::now();
        let mut count = 0;
        while started.elapsed() < span {
            self.plan.run(&mut self.connection, self.conversations[count % self.conversations.len()])?;
            count += 1;
        }
        Ok(count as f64 / started.elapsed().as_secs_f64())
    }
}

struct Plan {
    inserts: Vec<Insert>,
    /// How many fresh ids.
    ids: usize,
    /// For an answer: what its conversation repeats of it.
    preview: Option<String>,
}

struct Insert {
    sql: String,
    row: Row<Value>,
    /// For the search index: the stems that belong to the row.
    stems: Option<String>,
}

impl Plan {
    fn read(connection: &Connection, examples: &Examples, work: Work) -> Result<Self> {
        let id = Value::Blob(work.example(examples).as_bytes().to_vec());
        let mut rows = Vec::new();
        for source in work.sources() {
            rows.extend(read(connection, source, &id)?);
        }
        let message = find(&rows, "message").context("the example has no message")?;
        let text = text_in(message, "text");
        let message_id = message.value("id").cloned();
        let Some(Value::Blob(bytes)) = &message_id else { anyhow::bail!("the message has no id") };
        rows.extend(read(connection, &JOBS, &Value::Text(format!("%{}%", Uuid::from_slice(bytes)?)))?);

        let subject = find(&rows, "conversation").map(|row| text_in(row, "subject")).unwrap_or_default();
        let name = find(&rows, "participant").map(|row| text_in(row, "name")).unwrap_or_default();
        // The index itself does not keep them. A document is of the message, or of the conversation.
        let stems: Vec<Option<String>> = rows
            .iter()
            .map(|row| match row.table {
                "search_doc" if row.value("object_id") == message_id.as_ref() => Some(text::stem_text(&text)),
                "search_doc" => Some(text::stem_text(&format!("1000000 {subject} {name}"))),
                _ => None,
            })
            .collect();
        let ids = refresh(&mut rows, work);
        let inserts =
            rows.into_iter().zip(stems).map(|(row, stems)| Insert { sql: insert(&row), row, stems }).collect();
        Ok(Plan { inserts, ids, preview: (work == Work::Reply).then(|| text.chars().take(200).collect()) })
    }

    fn run(&self, connection: &mut Connection, conversation: Uuid) -> Result<()> {
        let mut ids: Vec<Uuid> = (0..self.ids).map(|_| Uuid::now_v7()).collect();
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut number = 0i64;
        if self.preview.is_some() {
            ids[0] = conversation;
        } else {
            let next = "update number_series set last = last + 1 where name = 'conversation' returning last";
            number = tx.prepare_cached(next)?.query_row([], |row| row.get(0))?;
        }
        for Insert { sql, row, stems } in &self.inserts {
            let mut statement = tx.prepare_cached(sql)?;
            for (place, cell) in (1..).zip(&row.cells) {
                match cell {
                    Cell::Same(value) => statement.raw_bind_parameter(place, value)?,
                    Cell::Id(id) => statement.raw_bind_parameter(place, ids[*id].as_bytes().as_slice())?,
                    Cell::Number => statement.raw_bind_parameter(place, number)?,
                }
            }
            statement.raw_execute()?;
            if let Some(stems) = stems {
                tx.prepare_cached("insert into search_fts (rowid, stems) values (last_insert_rowid(), ?)")?
                    .execute([stems])?;
            }
        }
        if let Some(preview) = &self.preview {
            let update = "update conversation set message_count = message_count + 1, preview = ?1, last_from = 'operator', last_message_at = ?2,
                          updated_at = ?2, unread = 0, delivery = 'queued' where id = ?3";
            let now = Clock::System.now().to_rfc3339_opts(SecondsFormat::AutoSi, false);
            tx.prepare_cached(update)?.execute(params![preview, now, conversation.as_bytes().as_slice()])?;
        }
        Ok(tx.commit()?)
    }
}

fn read(connection: &Connection, source: &Source, id: &Value) -> Result<Vec<Row<Value>>> {
    let mut table = connection.prepare("select name, type from pragma_table_info(?)")?;
    let columns = table.query_map([source.table], |row| Ok(Column { name: row.get(0)?, kind: row.get(1)? }))?;
    let mut columns = columns.collect::<Result<Vec<_>, _>>()?;
    columns.retain(|column| !source.without.contains(&column.name.as_str()));
    let mut statement = connection.prepare(&source.select(&columns, "?", ""))?;
    let rows =
        statement.query_map([id], |row| (0..columns.len()).map(|index| row.get(index).map(Cell::Same)).collect())?;
    rows.map(|cells| Ok(Row { table: source.table, columns: columns.clone(), cells: cells? })).collect()
}

fn text_in(row: &Row<Value>, column: &str) -> String {
    match row.value(column) {
        Some(Value::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

fn insert(row: &Row<Value>) -> String {
    let columns: Vec<&str> = row.columns.iter().map(|column| column.name.as_str()).collect();
    format!("insert into {} ({}) values ({})", row.table, columns.join(", "), vec!["?"; columns.len()].join(", "))
}

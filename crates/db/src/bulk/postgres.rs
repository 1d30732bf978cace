//! A load on PostgreSQL: COPY in its binary form, in one transaction; the index of the texts is built at the end.
//!
//! The binary form is that of <https://www.postgresql.org/docs/current/sql-copy.html>: each row a count of fields, each
//! field its length and what the type's `recv` function reads.

use base::{Error, Result};
use sea_orm::Value;
use sea_orm::sqlx::{self, PgPool, Postgres};

use super::{Rows, Text};
use crate::search::POSTGRES_INDEX;

pub(super) struct Load {
    transaction: sqlx::Transaction<'static, Postgres>,
    /// One place for all rows on their way.
    buffer: Vec<u8>,
}

impl Load {
    pub(super) async fn begin(pool: &PgPool) -> Result<Load> {
        let mut transaction = pool.begin().await.map_err(Error::internal)?;
        for sql in [
            "set local statement_timeout = 0",
            "set local maintenance_work_mem = '512MB'",
            "drop index search_doc_stems",
        ] {
            sqlx::query(sql).execute(&mut *transaction).await.map_err(Error::internal)?;
        }
        Ok(Load { transaction, buffer: Vec::new() })
    }

    pub(super) async fn write(&mut self, tables: Vec<Rows>, texts: Vec<Text>) -> Result<()> {
        for rows in tables.iter().filter(|rows| !rows.values.is_empty()) {
            self.copy(rows).await?;
        }
        self.index(texts).await
    }

    async fn copy(&mut self, rows: &Rows) -> Result<()> {
        let Rows { table, columns, values } = rows;
        let names = columns.join(", ");
        let sql = format!("copy {table} ({names}) from stdin (format binary)");
        self.buffer.clear();
        self.buffer.extend_from_slice(b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0");
        let width = i16::try_from(columns.len()).map_err(Error::internal)?;
        for row in values.chunks_exact(columns.len()) {
            self.buffer.extend_from_slice(&width.to_be_bytes());
            for value in row {
                put(value, &mut self.buffer)?;
            }
        }
        self.buffer.extend_from_slice(&(-1_i16).to_be_bytes());
        let broken = |error: sqlx::Error| Error::internal(format!("{error} in: {sql}"));
        let mut copy = self.transaction.copy_in_raw(&sql).await.map_err(broken)?;
        copy.send(self.buffer.as_slice()).await.map_err(broken)?;
        copy.finish().await.map_err(broken)?;
        Ok(())
    }

    async fn index(&mut self, texts: Vec<Text>) -> Result<()> {
        let count = texts.len();
        let mut objects = Vec::with_capacity(count);
        let mut conversations = Vec::with_capacity(count);
        let mut lines = Vec::with_capacity(count);
        let mut times = Vec::with_capacity(count);
        let mut stemmed = Vec::with_capacity(count);
        for Text { object_id, conversation_id, line_id, at, stems } in texts {
            objects.push(object_id);
            conversations.push(conversation_id.0);
            lines.push(line_id.0);
            times.push(at);
            stemmed.push(stems);
        }
        let insert = "insert into search_doc (object_id, conversation_id, line_id, at, stems) \
                      select object_id, conversation_id, line_id, at, to_tsvector('simple', stems) from unnest \
                      ($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[]) with ordinality \
                      as given (object_id, conversation_id, line_id, at, stems, place) order by place";
        let query = sqlx::query(insert).bind(objects).bind(conversations).bind(lines).bind(times).bind(stemmed);
        query.execute(&mut *self.transaction).await.map_err(Error::internal)?;
        Ok(())
    }

    pub(super) async fn finish(mut self) -> Result<()> {
        for sql in [POSTGRES_INDEX, "analyze"] {
            sqlx::query(sql).execute(&mut *self.transaction).await.map_err(Error::internal)?;
        }
        self.transaction.commit().await.map_err(Error::internal)
    }
}

/// PostgreSQL counts time from 2000-01-01, in microseconds.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

fn put(value: &Value, buffer: &mut Vec<u8>) -> Result<()> {
    let mut field = |parts: &[&[u8]]| {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let length = i32::try_from(length).map_err(Error::internal)?;
        buffer.extend_from_slice(&length.to_be_bytes());
        for part in parts {
            buffer.extend_from_slice(part);
        }
        Ok(())
    };
    match value {
        Value::Bool(Some(value)) => field(&[&[u8::from(*value)]]),
        Value::Int(Some(value)) => field(&[&value.to_be_bytes()]),
        Value::BigInt(Some(value)) => field(&[&value.to_be_bytes()]),
        Value::String(Some(value)) => field(&[value.as_bytes()]),
        Value::Uuid(Some(value)) => field(&[value.as_bytes()]),
        Value::ChronoDateTimeUtc(Some(value)) => field(&[&(value.timestamp_micros() - EPOCH_MICROS).to_be_bytes()]),
        // The version of jsonb's form, then its text.
        Value::Json(Some(value)) => field(&[&[1], value.to_string().as_bytes()]),
        Value::Bool(None)
        | Value::Int(None)
        | Value::BigInt(None)
        | Value::String(None)
        | Value::Uuid(None)
        | Value::ChronoDateTimeUtc(None)
        | Value::Json(None) => {
            buffer.extend_from_slice(&(-1_i32).to_be_bytes());
            Ok(())
        }
        other => Err(Error::internal(format!("a load cannot take {other:?}"))),
    }
}

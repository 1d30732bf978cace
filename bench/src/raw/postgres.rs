//! The raw rate of PostgreSQL: all rows of a transaction in one prepared statement, so that it costs one round trip.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Executor, Row as _};
use uuid::Uuid;

use super::{Cell, Column, Examples, JOBS, Row, Source, Work, find, refresh};

/// Writes for so long over so many connections; answers transactions a second.
pub async fn rate(url: &str, examples: &Examples, work: Work, connections: usize, span: Duration) -> Result<f64> {
    let plan = Arc::new(Plan::read(url, examples, work).await?);
    let started = Instant::now();
    let tasks: Vec<_> = (0..connections)
        .map(|first| {
            let (plan, conversations, url) = (plan.clone(), examples.conversations.clone(), url.to_owned());
            tokio::spawn(async move {
                let mut connection = PgConnection::connect(&url).await?;
                let mut turns = (first..).step_by(connections);
                let mut count = 0;
                while started.elapsed() < span
                    && let Some(turn) = turns.next()
                {
                    plan.run(&mut connection, conversations[turn % conversations.len()]).await?;
                    count += 1;
                }
                connection.close().await?;
                Ok::<_, anyhow::Error>(count)
            })
        })
        .collect();
    let mut total = 0;
    for task in tasks {
        total += task.await??;
    }
    Ok(f64::from(total) / started.elapsed().as_secs_f64())
}

/// Values travel as text and are cast in the statement.
type Text = Option<String>;

struct Plan {
    sql: Arc<str>,
    parameters: Vec<Parameter>,
    ids: usize,
    reply: bool,
}

enum Parameter {
    Same(Text),
    Id(usize),
}

impl Plan {
    async fn read(url: &str, examples: &Examples, work: Work) -> Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        let mut rows = Vec::new();
        for source in work.sources() {
            rows.extend(read(&mut connection, source, "$1::uuid", &work.example(examples).to_string()).await?);
        }
        let message = find(&rows, "message").context("the example has no message")?;
        let text = message.value("text").cloned().flatten().unwrap_or_default();
        let message_id = message.value("id").cloned().flatten().context("the message has no id")?;
        rows.extend(read(&mut connection, &JOBS, "$1", &format!("%{message_id}%")).await?);
        connection.close().await?;
        let ids = refresh(&mut rows, work);
        let preview = (work == Work::Reply).then(|| text.chars().take(200).collect());
        Ok(Plan::build(rows, ids, preview))
    }

    fn build(rows: Vec<Row<Text>>, ids: usize, preview: Option<String>) -> Self {
        let reply = preview.is_some();
        let mut parameters = Vec::new();
        let mut place = |parameter: Parameter, kind: &str| {
            parameters.push(parameter);
            format!("${}::text::{kind}", parameters.len())
        };
        let mut parts: Vec<String> = Vec::new();
        for Row { table, columns, cells } in rows {
            let values = columns.iter().zip(cells).map(|(column, cell)| match cell {
                Cell::Same(value) => place(Parameter::Same(value), &column.kind),
                Cell::Id(id) => place(Parameter::Id(id), "uuid"),
                Cell::Number => "nextval('conversation_number')".to_owned(),
            });
            let values: Vec<String> = values.collect();
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            parts.push(format!("insert into {table} ({}) values ({})", names.join(", "), values.join(", ")));
        }
        if let Some(preview) = preview {
            let (preview, id) = (place(Parameter::Same(Some(preview)), "text"), place(Parameter::Id(0), "uuid"));
            parts.push(format!(
                "update conversation set message_count = message_count + 1, preview = {preview}, last_from = 'operator',
                 last_message_at = now(), updated_at = now(), unread = false, delivery = 'queued' where id = {id}"
            ));
        }
        let parts: Vec<String> =
            parts.iter().enumerate().map(|(index, part)| format!("part_{index} as ({part})")).collect();
        Plan { sql: format!("with {} select 1", parts.join(", ")).into(), parameters, ids, reply }
    }

    async fn run(&self, connection: &mut PgConnection, conversation: Uuid) -> Result<()> {
        let mut ids: Vec<String> = (0..self.ids).map(|_| Uuid::now_v7().to_string()).collect();
        if self.reply {
            ids[0] = conversation.to_string();
        }
        let mut query = sqlx::query(AssertSqlSafe(self.sql.clone()));
        for parameter in &self.parameters {
            query = match parameter {
                Parameter::Same(value) => query.bind(value.as_deref()),
                Parameter::Id(place) => query.bind(ids[*place].clone()),
            };
        }
        connection.execute(query).await?;
        Ok(())
    }
}

async fn read(connection: &mut PgConnection, source: &Source, place: &str, id: &str) -> Result<Vec<Row<Text>>> {
    let columns = "select column_name::text, udt_name::text from information_schema.columns
                   where table_schema = current_schema() and table_name = $1 order by ordinal_position";
    let columns: Vec<(String, String)> = sqlx::query_as(columns).bind(source.table).fetch_all(&mut *connection).await?;
    let columns: Vec<Column> = columns
        .into_iter()
        .map(|(name, kind)| Column { name, kind })
        .filter(|column| !source.without.contains(&column.name.as_str()))
        .collect();
    let sql = source.select(&columns, place, "::text");
    let rows: Vec<PgRow> = sqlx::query(AssertSqlSafe(sql)).bind(id).fetch_all(&mut *connection).await?;
    rows.iter()
        .map(|row| {
            let cells = (0..columns.len())
                .map(|index| row.try_get::<Text, _>(index).map(Cell::Same))
                .collect::<Result<_, _>>()?;
            Ok(Row { table: source.table, columns: columns.clone(), cells })
        })
        .collect()
}

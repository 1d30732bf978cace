//! The raw rate of PostgreSQL: all rows of a transaction in one prepared statement, so that it costs one round trip.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Connection, Executor, Row as _};
use uuid::Uuid;

use super::{Cell, Column, Examples, JOBS, Row, Source, Work, find, refresh};

/// Writes the rows of one kind of work.
pub struct Writer {
    url: String,
    plan: Arc<Plan>,
    conversations: Arc<[Uuid]>,
}

impl Writer {
    /// Reads the rows. Before anything is written: what is written looks like the example.
    pub async fn open(url: &str, examples: &Examples, work: Work) -> Result<Self> {
        let plan = Arc::new(Plan::read(url, examples, work).await?);
        Ok(Writer { url: url.to_owned(), plan, conversations: examples.conversations.clone().into() })
    }

    /// Writes for so long over so many connections; answers transactions a second.
    pub async fn rate(&self, connections: usize, span: Duration) -> Result<f64> {
        let mut open = Vec::with_capacity(connections);
        for _ in 0..connections {
            open.push(PgConnection::connect(&self.url).await?);
        }
        let started = Instant::now();
        let tasks = open.into_iter().enumerate().map(|(first, mut connection)| {
            let (plan, conversations) = (self.plan.clone(), self.conversations.clone());
            tokio::spawn(async move {
                let mut turns = conversations.iter().cycle().skip(first).step_by(connections);
                let mut count = 0;
                while started.elapsed() < span
                    && let Some(conversation) = turns.next()
                {
                    plan.run(&mut connection, *conversation).await?;
                    count += 1;
                }
                Ok::<_, anyhow::Error>((count, connection))
            })
        });
        let mut total = 0;
        let mut done = Vec::with_capacity(connections);
        for task in tasks.collect::<Vec<_>>() {
            let (count, connection) = task.await??;
            total += count;
            done.push(connection);
        }
        let rate = f64::from(total) / started.elapsed().as_secs_f64();
        for connection in done {
            connection.close().await?;
        }
        Ok(rate)
    }
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

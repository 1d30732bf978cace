//! The database's own rate: the rows of one create or one reply, written by nothing but prepared statements, each
//! time in one durable transaction.
//!
//! The rows are read from what the server wrote, whatever its tables look like by then, so they are the same rows: only
//! ids and the conversation's number are new each time. Invariant: no job written here is ever due.

pub mod postgres;
pub mod sqlite;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use uuid::Uuid;

/// What the server wrote, to be written again.
#[derive(Clone, Debug)]
pub struct Examples {
    /// A conversation begun over the API, with its first message.
    pub conversation: Uuid,
    /// An answer in another conversation.
    pub reply: Uuid,
    /// Conversations that answers are written to, in turn.
    pub conversations: Vec<Uuid>,
}

/// Which work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    Create,
    Reply,
}

/// Writes the rows of one kind of work, over and over.
pub enum Writer {
    Sqlite(Box<sqlite::Writer>),
    Postgres(postgres::Writer),
}

impl Writer {
    pub fn sqlite(database: &Path, examples: &Examples, work: Work) -> Result<Self> {
        Ok(Writer::Sqlite(Box::new(sqlite::Writer::open(database, examples, work)?)))
    }

    pub async fn postgres(url: &str, examples: &Examples, work: Work) -> Result<Self> {
        Ok(Writer::Postgres(postgres::Writer::open(url, examples, work).await?))
    }

    /// Transactions a second. SQLite has one writer, so that its rate does not depend on the connections.
    pub async fn rate(&mut self, connections: usize, span: Duration) -> Result<f64> {
        match self {
            Writer::Sqlite(writer) => writer.rate(span),
            Writer::Postgres(writer) => writer.rate(connections, span).await,
        }
    }
}

/// One row to insert; `V` is a value as the database's driver takes it.
struct Row<V> {
    table: &'static str,
    columns: Vec<Column>,
    cells: Vec<Cell<V>>,
}

#[derive(Clone)]
struct Column {
    name: String,
    /// As the database names it.
    kind: String,
}

enum Cell<V> {
    Same(V),
    /// The fresh id with this place in the list of ids.
    Id(usize),
    /// The next number of conversations.
    Number,
}

/// Which rows of a table belong to the example; `?` is its id.
struct Source {
    table: &'static str,
    condition: &'static str,
    /// Columns the database fills; the first one is the order of the rows.
    without: &'static [&'static str],
}

const fn source(table: &'static str, condition: &'static str, without: &'static [&'static str]) -> Source {
    Source { table, condition, without }
}

/// In the order of their references.
const CREATE: &[Source] = &[
    source("conversation", "id = ?", &[]),
    source("participant", "conversation_id = ?", &[]),
    source("message", "conversation_id = ?", &[]),
    source("event", "conversation_id = ?", &["seq", "tx"]),
    source("search_doc", "conversation_id = ?", &["id"]),
];
const REPLY: &[Source] = &[
    source("message", "id = ?", &[]),
    source("event", "subject = ?", &["seq", "tx"]),
    source("search_doc", "object_id = ?", &["id"]),
];

/// The jobs that carry the message's id, which stands for `?` with `%` around it.
const JOBS: Source = source("job", "cast(payload as text) like ?", &[]);

impl Work {
    fn sources(self) -> &'static [Source] {
        match self {
            Work::Create => CREATE,
            Work::Reply => REPLY,
        }
    }

    fn example(self, examples: &Examples) -> Uuid {
        match self {
            Work::Create => examples.conversation,
            Work::Reply => examples.reply,
        }
    }
}

impl Source {
    /// The text that reads the rows, each column through `cast`, given what stands for the id.
    fn select(&self, columns: &[Column], id: &str, cast: &str) -> String {
        let Source { table, condition, without } = self;
        let columns: Vec<String> = columns.iter().map(|column| format!("{}{cast}", column.name)).collect();
        let order = without.first().unwrap_or(&"1");
        format!("select {} from {table} where {} order by {order}", columns.join(", "), condition.replace('?', id))
    }
}

impl<V> Row<V> {
    fn value(&self, column: &str) -> Option<&V> {
        match self.cells.get(self.columns.iter().position(|other| other.name == column)?)? {
            Cell::Same(value) => Some(value),
            Cell::Id(_) | Cell::Number => None,
        }
    }
}

fn find<'a, V>(rows: &'a [Row<V>], table: &str) -> Option<&'a Row<V>> {
    rows.iter().find(|row| row.table == table)
}

/// Puts fresh ids in the place of the example's own, wherever they stand; answers how many there are.
fn refresh<V: Clone + PartialEq + From<String>>(rows: &mut [Row<V>], work: Work) -> usize {
    let mut old: Vec<V> = Vec::new();
    if work == Work::Reply {
        // Place 0 is the conversation the answer goes to.
        old.extend(find(rows, "message").and_then(|row| row.value("conversation_id")).cloned());
    }
    let fresh = rows.iter().filter(|row| matches!(row.table, "conversation" | "message" | "event" | "job"));
    old.extend(fresh.filter_map(|row| row.value("id")).cloned());
    for row in rows.iter_mut() {
        for (column, cell) in row.columns.iter().zip(&mut row.cells) {
            let Cell::Same(value) = cell else { continue };
            match (row.table, column.name.as_str(), old.iter().position(|id| id == value)) {
                (_, _, Some(place)) => *cell = Cell::Id(place),
                ("conversation", "number", _) => *cell = Cell::Number,
                ("job", "run_at", _) => *value = String::from("2999-01-01T00:00:00+00:00").into(),
                ("job", "state", _) => *value = String::from("waiting").into(),
                _ => {}
            }
        }
    }
    old.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_ids_become_fresh_ones_everywhere() {
        let row = |table, names: &[&str], values: &[&str]| Row {
            table,
            columns: names.iter().map(|name| Column { name: (*name).to_owned(), kind: "text".to_owned() }).collect(),
            cells: values.iter().map(|value| Cell::Same((*value).to_owned())).collect(),
        };
        let mut rows = [
            row("conversation", &["id", "number", "line_id"], &["c", "7", "l"]),
            row("message", &["id", "conversation_id"], &["m", "c"]),
            row("search_doc", &["object_id", "conversation_id"], &["m", "c"]),
            row("job", &["id", "run_at", "state"], &["j", "2026-01-01", "running"]),
        ];
        assert_eq!(refresh(&mut rows, Work::Create), 3);
        let shown = |cell: &Cell<String>| match cell {
            Cell::Same(value) => value.clone(),
            Cell::Id(place) => format!("#{place}"),
            Cell::Number => "number".to_owned(),
        };
        let cells: Vec<String> = rows.iter().flat_map(|row| &row.cells).map(shown).collect();
        assert_eq!(cells, ["#0", "number", "l", "#1", "#0", "#1", "#0", "#2", "2999-01-01T00:00:00+00:00", "waiting"]);
    }
}

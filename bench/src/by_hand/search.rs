//! Search, by hand: the matches are walked newest first until enough conversations are found.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::Id;
use super::list::{self, Row};

const LIMIT: usize = 20;

#[derive(Serialize)]
pub(super) struct Found {
    items: Vec<FoundConversation>,
}

#[derive(Serialize)]
struct FoundConversation {
    conversation: Row,
    snippet: Option<String>,
}

pub(super) fn find(connection: &Connection, typed: &str) -> Result<Found> {
    let query = text::query(typed);
    let mut best: Vec<(Id, Option<Id>)> = Vec::new();
    if let Some(number) = query.number() {
        let mut statement = connection.prepare_cached("select id from conversation where number = ?1")?;
        best.extend(statement.query_row([number], |row| row.get(0)).optional()?.map(|id: Id| (id, None)));
    }
    if !query.is_empty() {
        let mut statement = connection.prepare_cached(
            "select d.object_id, d.conversation_id from search_fts f join search_doc d on d.id = f.rowid
             where f.stems match ?1 order by f.rowid desc",
        )?;
        let mut rows = statement.query([query.fts5()])?;
        while best.len() < LIMIT
            && let Some(row) = rows.next()?
        {
            let id: Id = row.get(1)?;
            if !best.iter().any(|(other, _)| *other == id) {
                best.push((id, Some(row.get(0)?)));
            }
        }
    }
    let items = best.into_iter().map(|(id, object)| {
        let text = object.map(|object| text_of(connection, object)).transpose()?.flatten();
        Ok(FoundConversation {
            snippet: text.map(|text| text::snippet(&text, &query, 200)),
            conversation: list::by_id(connection, id)?,
        })
    });
    Ok(Found { items: items.collect::<Result<_>>()? })
}

/// Of a message; a conversation's own document (its subject) has none.
fn text_of(connection: &Connection, object: Id) -> Result<Option<String>> {
    let mut statement = connection.prepare_cached("select text from message where id = ?1")?;
    Ok(statement.query_row([object.0.as_bytes().as_slice()], |row| row.get(0)).optional()?)
}

//! Putting conversations into the search index and finding them again.
//!
//! One document for each conversation (number, subject, client) and one for each message. The first message carries the
//! conversation's document inside its own, so that a new mail costs one index entry, not two.

mod api;

use std::collections::HashSet;

use base::{Actor, ConversationId, MessageId, Result};
use db::{Tx, search as index};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::conversation::{self, rows_by_ids};
use crate::people::Address;
use crate::{contact, message};

pub(crate) use api::routes;
use api::{Found, FoundConversation};

/// Indexes a message; for the first of a conversation also its number, subject and sender.
pub(crate) async fn index_message(
    tx: &Tx,
    conversation: &conversation::Model,
    id: MessageId,
    text: &str,
    new_subject: Option<&str>,
    sender: Option<&Address>,
) -> Result<()> {
    let words = match new_subject {
        Some(subject) => {
            let (name, address) =
                sender.map(|one| (one.name.as_deref().unwrap_or_default(), one.address.as_str())).unwrap_or_default();
            format!("{} {subject} {name} {address} {text}", conversation.number)
        }
        None => text.to_owned(),
    };
    put(tx, conversation, id.0, &words).await
}

/// Indexes a conversation's number, subject and client; again after it was renamed.
pub(crate) async fn index_conversation(tx: &Tx, conversation: &conversation::Model) -> Result<()> {
    let client = contact::Entity::find_by_id(conversation.contact_id)
        .one(tx)
        .await?
        .map(|contact| contact.name)
        .unwrap_or_default();
    index::forget(tx, conversation.id.0).await?;
    put(tx, conversation, conversation.id.0, &format!("{} {} {client}", conversation.number, conversation.subject))
        .await
}

async fn put(tx: &Tx, conversation: &conversation::Model, object_id: uuid::Uuid, words: &str) -> Result<()> {
    let stems = text::stem_text(words);
    let document = index::Document {
        object_id,
        conversation_id: conversation.id,
        line_id: conversation.line_id,
        at: tx.now(),
        stems: &stems,
    };
    index::index(tx, document).await
}

/// Those of the found that belong to groups that are not the actor's: the index knows lines only.
async fn hidden_of(connection: &impl db::Fetch, actor: &Actor, hits: &[index::Hit]) -> Result<HashSet<ConversationId>> {
    let mut found: HashSet<ConversationId> = HashSet::new();
    if actor.hidden.is_empty() {
        return Ok(found);
    }
    found.extend(hits.iter().map(|hit| hit.conversation_id));
    let seen: Vec<ConversationId> = conversation::visible_to(actor)
        .select_only()
        .column(conversation::Column::Id)
        .filter(conversation::Column::Id.is_in(found.iter().copied()))
        .into_tuple()
        .all(connection)
        .await?;
    for id in seen {
        found.remove(&id);
    }
    Ok(found)
}

async fn find(connection: &impl db::Fetch, actor: &Actor, typed: &str, limit: usize) -> Result<Found> {
    let query = text::query(typed);
    let mut best: Vec<(ConversationId, Option<uuid::Uuid>)> = Vec::new();
    if let Some(number) = query.number()
        && let Some(id) = conversation::id_by_number(connection, actor, number).await?
    {
        best.push((id, None));
    }
    let mut before = None;
    while !query.is_empty() && best.len() < limit {
        let (fts5, tsquery) = (query.fts5(), query.tsquery());
        let hits = index::find(connection, &fts5, &tsquery, &actor.lines, &actor.joined, before, 200).await?;
        let hidden = hidden_of(connection, actor, &hits).await?;
        for hit in &hits {
            let known = best.iter().any(|(id, _)| *id == hit.conversation_id);
            if best.len() < limit && !known && !hidden.contains(&hit.conversation_id) {
                best.push((hit.conversation_id, Some(hit.object_id)));
            }
        }
        match hits.last() {
            Some(last) if hits.len() == 200 => before = Some(last.position),
            _ => break,
        }
    }
    let ids: Vec<ConversationId> = best.iter().map(|(id, _)| *id).collect();
    let message_ids = best.iter().filter_map(|(_, object)| object.map(MessageId));
    let texts = message::Entity::find().filter(message::Column::Id.is_in(message_ids)).all(connection).await?;
    let rows = rows_by_ids(connection, actor, &ids).await?;
    let snippet_of = |id: ConversationId| {
        let object = best.iter().find(|(other, _)| *other == id)?.1?;
        let found = texts.iter().find(|message| message.id.0 == object)?;
        Some(text::snippet(&found.text, &query, 200))
    };
    let items =
        rows.into_iter().map(|row| FoundConversation { snippet: snippet_of(row.id), conversation: row }).collect();
    Ok(Found { items })
}

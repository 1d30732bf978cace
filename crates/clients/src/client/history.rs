//! The whole history with a client, searched by words.

use std::collections::HashMap;

use app::App;
use base::{Actor, ContactId, ConversationId, Cursor, MessageId, Result};
use chrono::{DateTime, Utc};
use db::search as index;
use desk::people::ConversationRef;
use desk::{contact, conversation, message};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

/// Messages that were found, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundMessages {
    pub items: Vec<FoundMessage>,
    /// Opaque cursor of the next page.
    pub next: Option<String>,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundMessage {
    pub id: MessageId,
    pub conversation: ConversationRef,
    pub author: String,
    pub created_at: DateTime<Utc>,
    /// The place that matches, as HTML: escaped, with `<mark>` around the words.
    pub snippet: String,
}

/// More conversations with one client than this are not looked through: the oldest stay out.
const CONVERSATIONS: u64 = 5_000;

/// In one statement.
const AT_ONCE: usize = 500;

const PAGE: u64 = 30;

/// The messages of a client's conversations, those of them the actor may see, that hold these words.
pub(super) async fn search(
    app: &App,
    actor: &Actor,
    id: ContactId,
    typed: &str,
    after: Option<&str>,
) -> Result<FoundMessages> {
    let read = app.db.read();
    contact::find(read, actor, id).await?;
    let query = text::query(typed);
    let before: Option<i64> = after.filter(|text| !text.is_empty()).map(Cursor::decode).transpose()?;
    let talks: HashMap<ConversationId, ConversationRef> = conversation::visible_to(actor)
        .filter(conversation::Column::ContactId.eq(id))
        .order_by_desc(conversation::Column::LastMessageAt)
        .limit(CONVERSATIONS)
        .all(read)
        .await?
        .into_iter()
        .map(|row| (row.id, ConversationRef { id: row.id, number: row.number, subject: row.subject }))
        .collect();
    let ids: Vec<ConversationId> = talks.keys().copied().collect();
    let mut hits = Vec::new();
    for some in ids.chunks(AT_ONCE).filter(|_| !query.is_empty()) {
        hits.extend(index::find_in(read, &query.fts5(), &query.tsquery(), some, before, PAGE + 1).await?);
    }
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.position));
    let more = hits.len() as u64 > PAGE;
    hits.truncate(PAGE as usize);
    let next = hits.last().filter(|_| more).map(|last| Cursor::encode(&last.position));
    let found = message::Entity::find()
        .filter(message::Column::Id.is_in(hits.iter().map(|hit| MessageId(hit.object_id))))
        .filter(message::Column::DeletedAt.is_null())
        .all(read)
        .await?;
    let mut found: HashMap<MessageId, message::Model> = found.into_iter().map(|row| (row.id, row)).collect();
    let item = |hit: &index::Hit| {
        let row = found.remove(&MessageId(hit.object_id))?;
        let conversation = talks.get(&row.conversation_id)?.clone();
        let snippet = text::snippet(&row.text, &query, 200);
        Some(FoundMessage { id: row.id, conversation, author: row.author_name, created_at: row.created_at, snippet })
    };
    Ok(FoundMessages { items: hits.iter().filter_map(item).collect(), next })
}

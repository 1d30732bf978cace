//! Everything that was said with one client, over all channels and conversations, in order.

use std::collections::HashMap;

use base::{Actor, ContactId, ConversationId, Cursor, LineScope, MessageId, Result, Timestamp};
use db::{Fetch, places};
use sea_orm::Value;
use serde::Serialize;
use utoipa::ToSchema;

use super::timeline::{MESSAGE, Message, message_views, read_message};
use crate::people::ConversationRef;

/// A page of what was said with a client, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientTimeline {
    pub items: Vec<Message>,
    /// The conversations of these messages.
    pub conversations: Vec<ConversationRef>,
    /// Give it as `before` to get what came earlier; null at the beginning.
    pub next: Option<String>,
}

/// The last `limit` messages before `before` of the conversations that the actor may see.
pub(crate) async fn page(
    connection: &impl Fetch,
    actor: &Actor,
    contact_id: ContactId,
    before: Option<&str>,
    limit: u64,
) -> Result<ClientTimeline> {
    let mut values: Vec<Value> = vec![contact_id.0.into()];
    let mut visible = String::new();
    if let LineScope::Only(lines) = &actor.lines {
        visible = match lines.len() {
            0 => " and false".to_owned(),
            count => format!(" and line_id in ({})", places(2, count)),
        };
        values.extend(lines.iter().map(|line| Value::from(line.0)));
    }
    for (line, group) in &actor.hidden {
        values.extend([Value::from(line.0), Value::from(group.0)]);
        let (line, group) = (values.len() - 1, values.len());
        visible += &format!(" and (group_id is null or line_id <> ${line} or group_id <> ${group})");
    }
    let sql = format!(
        "select id, number, subject from conversation where contact_id = $1{visible} order by last_message_at desc limit 500"
    );
    let read = |row: &db::Row<'_>| {
        Ok(ConversationRef { id: ConversationId(row.get(0)?), number: row.get(1)?, subject: row.get(2)? })
    };
    let conversations: HashMap<ConversationId, ConversationRef> =
        connection.fetch(sql, values, read).await?.into_iter().map(|one| (one.id, one)).collect();
    if conversations.is_empty() {
        return Ok(ClientTimeline { items: Vec::new(), conversations: Vec::new(), next: None });
    }
    let before: Option<(Timestamp, MessageId)> = before.map(Cursor::decode).transpose()?;
    let mut values: Vec<Value> = conversations.keys().map(|id| id.0.into()).collect();
    let mut sql = format!(
        "select {MESSAGE} from message where conversation_id in ({}) and kind <> 'note' and copy_of_id is null",
        places(1, conversations.len())
    );
    if let Some((at, id)) = before {
        values.extend([at.into(), id.0.into()]);
        sql += &format!(" and (created_at, id) < (${}, ${})", values.len() - 1, values.len());
    }
    sql += &format!(" order by created_at desc, id desc limit {}", limit + 1);
    let mut rows = connection.fetch(sql, values, read_message).await?;
    let more = rows.len() as u64 > limit;
    rows.truncate(limit as usize);
    rows.reverse();
    let next = if more { rows.first().map(|oldest| Cursor::encode(&(oldest.created_at, oldest.id))) } else { None };
    let items = message_views(connection, rows, actor.language).await?;
    let mut named: Vec<ConversationRef> = Vec::new();
    for item in &items {
        if let Some(one) = conversations.get(&item.conversation_id)
            && !named.iter().any(|known| known.id == one.id)
        {
            named.push(one.clone());
        }
    }
    Ok(ClientTimeline { items, conversations: named, next })
}

//! A conversation changes hands by routing or by a transfer: whoever calls has found out who may have it.

use base::{Actor, ConversationId, MessageId, Result};
use bus::Event;
use chrono::Duration;
use db::{Topic, Tx, search};
use sea_orm::Set;
use serde_json::{Map, Value, json};

use super::commands::save;
use super::entity::Model;
use super::start::{Outgoing, write};
use crate::line;
use crate::people::StaffRef;
use crate::user;

/// Gives a conversation that is held (`find_to_change`) to somebody, or to nobody. `why` goes into the history beside
/// `from` and `to`.
pub async fn hand_over(
    tx: &Tx,
    actor: &Actor,
    conversation: Model,
    to: Option<&StaffRef>,
    event: &'static str,
    why: Value,
) -> Result<()> {
    let data = with_owners(tx, &conversation, to, why).await?;
    let to = to.map(|person| person.id);
    save(tx, actor, conversation, Event::new(event).data(data), |row| row.assignee_id = Set(to)).await
}

/// Moves a conversation that is held to another line, where nobody has it yet. Its linked tickets stay with their line.
/// The event is told on the old line and on the new one: both lists change.
pub async fn move_to_line(
    tx: &Tx,
    actor: &Actor,
    conversation: Model,
    line: &line::Model,
    event: &'static str,
    why: Value,
) -> Result<Model> {
    let (id, old_line, old_group) = (conversation.id, conversation.line_id, conversation.group_id);
    let data = with_owners(tx, &conversation, None, why).await?;
    let moved = Model { line_id: line.id, group_id: None, assignee_id: None, ..conversation.clone() };
    let mut fresh = conversation;
    fresh.line_id = line.id;
    fresh.group_id = None;
    save(tx, actor, fresh, Event::new(event).data(data), |row| {
        row.line_id = Set(line.id);
        row.group_id = Set(None);
        row.assignee_id = Set(None);
    })
    .await?;
    search::move_conversation(tx, id, line.id).await?;
    if moved.is_group() {
        // Whoever takes part sees it by its line, or as one of those who take part.
        tx.signal(Topic::Access);
    }
    let left = Event::new("conversation_left_line").subject(id.0).conversation(id, old_line, old_group);
    bus::emit(tx, actor, left.data(json!({"line_id": line.id}))).await?;
    Ok(moved)
}

/// Writes an internal note of somebody's.
pub async fn add_note(tx: &Tx, actor: &Actor, id: ConversationId, text: &str) -> Result<MessageId> {
    let outgoing = Outgoing { note: true, html: mail::html::text_to_html(text), ..Default::default() };
    write(tx, actor, id, outgoing, Duration::zero()).await
}

async fn with_owners(tx: &Tx, conversation: &Model, to: Option<&StaffRef>, why: Value) -> Result<Value> {
    let mut data = match why {
        Value::Object(data) => data,
        _ => Map::new(),
    };
    let from = match conversation.assignee_id {
        Some(owner) => user::people(tx, [owner]).await?.remove(&owner),
        None => None,
    };
    let named = |person: &StaffRef| json!({"id": person.id, "name": person.name});
    data.insert("from".to_owned(), from.as_ref().map_or(Value::Null, named));
    data.insert("to".to_owned(), to.map_or(Value::Null, named));
    Ok(Value::Object(data))
}

//! What a client was promised, as lists show it. Whoever counts the time says it here.

use base::{Actor, ConversationId, Result, Words};
use bus::Event;
use db::Tx;
use sea_orm::{EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::entity::NEVER;
use super::row::Due;
use super::{Model, find_to_change};
use crate::policy;

/// Writes down the nearest promise of a conversation, or that there is none. Emits `promise_changed` when it differs.
pub async fn promise(tx: &Tx, id: ConversationId, due: Option<Due>) -> Result<()> {
    let conversation = find_to_change(tx, &Actor::system(), id).await?;
    let (at, norm) = (due.as_ref().map(|due| due.at), due.as_ref().map(|due| due.norm));
    if conversation.due_at == at && conversation.due_norm == norm {
        return Ok(());
    }
    let (line, group) = (conversation.line_id, conversation.group_id);
    let mut row = conversation.into_active_model();
    row.due_at = Set(at);
    row.due_norm = Set(norm);
    row.due_warn_at = Set(due.as_ref().map(|due| due.warn_at));
    row.due_order = Set(at.unwrap_or(NEVER));
    super::Entity::update(row).exec_without_returning(tx).await?;
    let event = Event::new("promise_changed").subject(id.0).conversation(id, line, group);
    bus::emit(tx, &Actor::system(), event.data(json!({"norm": norm, "due_at": at}))).await.map(drop)
}

/// Says by which policy the client is promised answers from now on, instead of the line's. Emits `policy_chosen`.
pub async fn choose_policy(
    tx: &Tx,
    actor: &Actor,
    conversation: &Model,
    policy: &policy::Model,
    why: &Words,
) -> Result<()> {
    let (id, line, group) = (conversation.id, conversation.line_id, conversation.group_id);
    let data = json!({"policy_id": policy.id, "policy": policy.name, "why": why});
    let event = Event::new("policy_chosen").subject(id.0).conversation(id, line, group).data(data);
    bus::emit(tx, actor, event).await.map(drop)
}

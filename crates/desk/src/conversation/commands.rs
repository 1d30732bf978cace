//! What staff do with a conversation besides writing: take, hand over, close, put off, rename.

use base::{Actor, ConversationId, Error, Result, Timestamp, UserId, Words};
use bus::Event;
use db::Tx;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set};
use serde_json::{Value, json};

use super::entity::{ActiveModel, Column, Entity, Model, Priority, Status};
use super::find_to_change;
use crate::contact::{self, identity};
use crate::{block, user};

/// Makes the conversation the actor's own. Fails when somebody else has it.
pub(crate) async fn take(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let me = actor.user_id().ok_or_else(|| Error::internal("only a person can take a conversation"))?;
    let conversation = find_to_change(tx, actor, id).await?;
    match conversation.assignee_id {
        Some(owner) if owner == me => Ok(()),
        Some(owner) => {
            let name = user_name(tx, owner).await?;
            let words = Words::owned(
                format!("Это обращение уже взял(а) {name}"),
                format!("{name} has taken this conversation"),
            );
            Err(Error::Conflict { code: "already_taken", words })
        }
        None => {
            if !actor.sees(conversation.line_id, conversation.group_id) {
                let (ru, en) = (
                    "Вы участник разговора, но не работаете на этой линии",
                    "You take part but do not serve this line",
                );
                return Err(Error::conflict("not_on_line", ru, en));
            }
            let event = Event::new("conversation_taken");
            save(tx, actor, conversation, event, |row| row.assignee_id = Set(Some(me))).await
        }
    }
}

/// Gives the conversation to somebody of its line, or to nobody.
pub(crate) async fn assign(tx: &Tx, actor: &Actor, id: ConversationId, to: Option<UserId>) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.assignee_id == to {
        return Ok(());
    }
    if let Some(to) = to {
        user::assignable(tx, to, conversation.line_id, conversation.group_id).await?;
    }
    let data = json!({"from": named(tx, conversation.assignee_id).await?, "to": named(tx, to).await?});
    save(tx, actor, conversation, Event::new("conversation_assigned").data(data), |row| row.assignee_id = Set(to)).await
}

pub async fn close(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    close_because(tx, actor, id, json!({})).await
}

/// `why` goes into the history: `{"reason": "idle"}`, `{"by": "client"}`.
pub async fn close_because(tx: &Tx, actor: &Actor, id: ConversationId, why: Value) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.status == Status::Closed {
        return Ok(());
    }
    let now = tx.now();
    save(tx, actor, conversation, Event::new("conversation_closed").data(why), |row| {
        row.status = Set(Status::Closed);
        row.closed_at = Set(Some(now));
        row.snoozed_until = Set(None);
        row.unread = Set(false);
    })
    .await
}

/// `reason`: `operator` or `client_replied`.
pub async fn reopen(tx: &Tx, actor: &Actor, id: ConversationId, reason: &str) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.status == Status::Open {
        return Ok(());
    }
    let kind = if conversation.status == Status::Closed { "conversation_reopened" } else { "conversation_woken" };
    save(tx, actor, conversation, Event::new(kind).data(json!({"reason": reason})), open_again).await
}

/// Puts a conversation out of sight as unwanted.
pub async fn mark_spam(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.status == Status::Spam {
        return Ok(());
    }
    let now = tx.now();
    save(tx, actor, conversation, Event::new("marked_spam"), |row| {
        row.status = Set(Status::Spam);
        row.closed_at = Set(Some(now));
        row.snoozed_until = Set(None);
        row.unread = Set(false);
    })
    .await
}

/// It was no spam: open again.
pub async fn mark_not_spam(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.status != Status::Spam {
        return Ok(());
    }
    save(tx, actor, conversation, Event::new("marked_not_spam"), open_again).await
}

/// Puts whoever writes in a conversation on the block list: the addresses he wrote from.
pub(crate) async fn block_sender(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    let note = format!("№{}", conversation.number);
    for identity in contact::identities(tx, conversation.contact_id).await? {
        let (kind, pattern) = match identity.kind {
            identity::Kind::Email => (block::Kind::Email, identity.value_key),
            identity::Kind::Phone => (block::Kind::Phone, identity.value_key),
            kind => (block::Kind::Account, format!("{}:{}", kind.as_str(), identity.value_key)),
        };
        let note = note.clone();
        let rule = block::NewRule { kind, pattern, allow: false, note, until: None, lines: None };
        block::add(tx, actor, rule).await?;
    }
    Ok(())
}

pub(super) fn open_again(row: &mut ActiveModel) {
    row.status = Set(Status::Open);
    row.closed_at = Set(None);
    row.snoozed_until = Set(None);
}

/// Puts the conversation off until a time, or until the client writes.
pub(crate) async fn snooze(tx: &Tx, actor: &Actor, id: ConversationId, until: Timestamp) -> Result<()> {
    if until <= tx.now() {
        return Err(Error::invalid("until", "in_the_past", "Выберите время в будущем", "Choose a time in the future"));
    }
    let conversation = find_to_change(tx, actor, id).await?;
    save(tx, actor, conversation, Event::new("conversation_snoozed").data(json!({"until": until})), |row| {
        row.status = Set(Status::Snoozed);
        row.snoozed_until = Set(Some(until));
        row.closed_at = Set(None);
    })
    .await
}

/// Opens what was put off until now. Answers how many.
pub async fn wake_due(tx: &Tx) -> Result<usize> {
    let actor = Actor::system();
    let due = Entity::find()
        .filter(Column::Status.eq(Status::Snoozed))
        .filter(Column::SnoozedUntil.lte(tx.now()))
        .limit(200)
        .lock(db::HOLD)
        .all(tx)
        .await?;
    let count = due.len();
    for conversation in due {
        let data = json!({"reason": "time", "assignee_id": conversation.assignee_id});
        save(tx, &actor, conversation, Event::new("conversation_woken").data(data), open_again).await?;
    }
    Ok(count)
}

pub async fn rename(tx: &Tx, actor: &Actor, id: ConversationId, subject: &str) -> Result<()> {
    let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect();
    if subject.is_empty() {
        return Err(Error::required("subject"));
    }
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.subject == subject {
        return Ok(());
    }
    let data = json!({"from": conversation.subject, "to": subject});
    save(tx, actor, conversation, Event::new("conversation_renamed").data(data), |row| row.subject = Set(subject))
        .await?;
    let conversation = super::find(tx, actor, id).await?;
    crate::search::index_conversation(tx, &conversation).await
}

pub async fn set_priority(tx: &Tx, actor: &Actor, id: ConversationId, priority: Priority) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if conversation.priority == priority {
        return Ok(());
    }
    let data = json!({"from": conversation.priority, "to": priority});
    save(tx, actor, conversation, Event::new("priority_changed").data(data), |row| row.priority = Set(priority)).await
}

/// The operator has seen what the client wrote.
pub(crate) async fn mark_read(tx: &Tx, actor: &Actor, id: ConversationId) -> Result<()> {
    let conversation = find_to_change(tx, actor, id).await?;
    if !conversation.unread {
        return Ok(());
    }
    save(tx, actor, conversation, Event::new("conversation_read"), |row| row.unread = Set(false)).await
}

/// Writes a change with its event.
pub(super) async fn save(
    tx: &Tx,
    actor: &Actor,
    conversation: Model,
    event: Event,
    change: impl FnOnce(&mut ActiveModel),
) -> Result<()> {
    let (id, line, group, chat_id) =
        (conversation.id, conversation.line_id, conversation.group_id, conversation.chat_id);
    let mut row = conversation.into_active_model();
    change(&mut row);
    row.updated_at = Set(tx.now());
    Entity::update(row).exec_without_returning(tx).await?;
    bus::emit(tx, actor, event.subject(id.0).conversation(id, line, group).chat(chat_id)).await?;
    Ok(())
}

async fn named(tx: &Tx, id: Option<UserId>) -> Result<Value> {
    Ok(match id {
        Some(id) => json!({"id": id, "name": user_name(tx, id).await?}),
        None => Value::Null,
    })
}

async fn user_name(tx: &Tx, id: UserId) -> Result<String> {
    Ok(user::Entity::find_by_id(id).one(tx).await?.map(|user| user.name).unwrap_or_default())
}

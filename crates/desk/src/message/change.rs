//! A message is changed or withdrawn after it was said, by us or by the client; and the client has seen ours.
//!
//! Invariant: what was once said is not lost: the history keeps the words before each change.

use std::collections::BTreeSet;

use base::{Actor, ChatId, Error, MessageId, Result, Timestamp};
use bus::Event;
use db::Tx;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Set};
use serde_json::json;

use super::entity::{Column, Delivery, Entity, Kind, Model};
use crate::{conversation, group_chat, search};

/// Who changes a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditedBy {
    /// Its author among the staff; the client's copy has to be changed too (`message_edited` is heard by the channel).
    Staff,
    /// The client, in his messenger.
    Client,
}

/// Gives a message other words. `html` must be sanitised.
pub async fn edit(tx: &Tx, actor: &Actor, id: MessageId, html: &str, by: EditedBy) -> Result<Model> {
    let (message, conversation) = own(tx, actor, id, by).await?;
    let is_note = message.kind == Kind::Note;
    let (html, mut called) = conversation::settle_mentions(tx, &conversation, is_note, html.to_owned()).await?;
    let text = mail::html::html_to_text(&html);
    if text.trim().is_empty() && message.attachment_count == 0 {
        return Err(Error::invalid("html", "required", "Напишите хотя бы слово", "Write at least a word"));
    }
    if message.html == html || message.deleted_at.is_some() {
        return Ok(message);
    }
    // Whoever was named before has been told.
    let named = mail::html::mentions(&message.html);
    called.retain(|user| !named.contains(&user.to_string()));
    let before = message.text.clone();
    let mut row = message.into_active_model();
    row.html = Set(html);
    row.text = Set(text.clone());
    row.edited_at = Set(Some(tx.now()));
    let message = Entity::update(row).exec(tx).await?;
    db::search::forget(tx, id.0).await?;
    search::index_message(tx, &conversation, id, &text, None, None).await?;
    conversation::refresh_preview(tx, conversation.id).await?;
    let data = json!({"by": by_name(by), "before": before, "mentions": called});
    tell(tx, actor, "message_edited", &message, &conversation, data).await?;
    if message.copies > 0 {
        group_chat::change_copies(tx, actor, &conversation, id).await?;
    }
    Ok(message)
}

/// Withdraws a message: the client no longer sees it, colleagues see it struck out.
pub async fn delete(tx: &Tx, actor: &Actor, id: MessageId, by: EditedBy) -> Result<Model> {
    let (message, conversation) = own(tx, actor, id, by).await?;
    if message.deleted_at.is_some() {
        return Ok(message);
    }
    let mut row = message.into_active_model();
    row.deleted_at = Set(Some(tx.now()));
    let message = Entity::update(row).exec(tx).await?;
    tell(tx, actor, "message_deleted", &message, &conversation, json!({"by": by_name(by)})).await?;
    if message.copies > 0 {
        group_chat::change_copies(tx, actor, &conversation, id).await?;
    }
    Ok(message)
}

fn by_name(by: EditedBy) -> &'static str {
    match by {
        EditedBy::Staff => "staff",
        EditedBy::Client => "client",
    }
}

async fn tell(
    tx: &Tx,
    actor: &Actor,
    kind: &'static str,
    message: &Model,
    conversation: &conversation::Model,
    data: serde_json::Value,
) -> Result<()> {
    let event = Event::new(kind)
        .subject(message.id.0)
        .conversation(conversation.id, conversation.line_id, conversation.group_id)
        .data(data);
    bus::emit(tx, actor, event.chat(message.chat_id)).await.map(drop)
}

/// A message that this side wrote, with its conversation held.
async fn own(tx: &Tx, actor: &Actor, id: MessageId, by: EditedBy) -> Result<(Model, conversation::Model)> {
    let message = super::find(tx, actor, id).await?;
    let conversation = conversation::find_to_change(tx, actor, message.conversation_id).await?;
    let message = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("message"))?;
    let is_own = match by {
        _ if message.copy_of_id.is_some() => false,
        EditedBy::Client => message.kind == Kind::Inbound,
        EditedBy::Staff => {
            message.kind != Kind::Inbound
                && message.author_id.is_some()
                && message.author_id == actor.user_id().map(|id| id.0)
        }
    };
    if !is_own {
        let (ru, en) = ("Изменить сообщение может только его автор", "Only its author can change a message");
        return Err(Error::conflict("not_yours", ru, en));
    }
    Ok((message, conversation))
}

/// Marks what waited in a chat, which is held, as having reached the client's page.
pub async fn mark_delivered(tx: &Tx, chat_id: ChatId) -> Result<()> {
    let waiting = Entity::find()
        .filter(Column::ChatId.eq(chat_id))
        .filter(Column::Delivery.eq(Delivery::Sent))
        .order_by_asc(Column::CreatedAt)
        .all(tx)
        .await?;
    for message in waiting {
        let attempts = message.delivery_attempts;
        super::set_delivery(tx, &Actor::system(), message.id, Delivery::Delivered, None, attempts).await?;
    }
    Ok(())
}

/// Marks our messages of a chat as seen by the client, up to this time.
pub async fn mark_read(tx: &Tx, chat_id: ChatId, up_to: Timestamp) -> Result<()> {
    let unseen = Entity::find()
        .filter(Column::ChatId.eq(chat_id))
        .filter(Column::CreatedAt.lte(up_to))
        .filter(Column::Delivery.is_in([Delivery::Sent, Delivery::Delivered]))
        .all(tx)
        .await?;
    let Some(last) = unseen.last() else { return Ok(()) };
    let conversation = conversation::Entity::find_by_id(last.conversation_id).one(tx).await?;
    let Some(conversation) = conversation else { return Ok(()) };
    Entity::update_many()
        .col_expr(Column::Delivery, Expr::value(Delivery::Read))
        .filter(Column::Id.is_in(unseen.iter().map(|message| message.id)))
        .exec(tx)
        .await?;
    let originals: BTreeSet<MessageId> = unseen.iter().filter_map(|message| message.copy_of_id).collect();
    for original in originals {
        group_chat::follow_copies(tx, original).await?;
    }
    let data =
        json!({"delivery": Delivery::Read, "message_ids": unseen.iter().map(|message| message.id).collect::<Vec<_>>()});
    tell(tx, &Actor::system(), "message_updated", last, &conversation, data).await
}

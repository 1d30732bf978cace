//! Commands on single messages: delivery, taking back, trying again, moving out.

use base::{Actor, ChatId, ConversationId, Error, MessageId, Result};
use bus::Event;
use db::{Tx, dialect};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde_json::json;

use super::entity::{Column, Delivery, Entity, Kind, Model};
use super::source;
use crate::conversation::{self, participant};
use crate::people::Address;
use crate::{chat, file, group_chat, search};

/// Writes a message and, for one that came in, its full source.
pub async fn insert(tx: &Tx, row: Model, source: Option<source::Model>) -> Result<()> {
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    if let Some(source) = source {
        source::Entity::insert(source.into_active_model()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// A message of a conversation the actor may see.
pub async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: MessageId) -> Result<Model> {
    let message = Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("message"))?;
    conversation::find(connection, actor, message.conversation_id).await.map_err(|_| Error::NotFound("message"))?;
    Ok(message)
}

/// Of a copy the message it is a copy of; else the message itself.
pub async fn original_of(connection: &impl ConnectionTrait, id: Option<MessageId>) -> Result<Option<MessageId>> {
    let Some(id) = id else { return Ok(None) };
    let found = Entity::find_by_id(id).one(connection).await?;
    Ok(found.map(|message| message.copy_of_id.unwrap_or(message.id)))
}

async fn find_to_change(tx: &Tx, actor: &Actor, id: MessageId) -> Result<(Model, conversation::Model)> {
    let message = find(tx, actor, id).await?;
    let conversation = conversation::find_to_change(tx, actor, message.conversation_id).await?;
    // Again, now that nobody else changes it.
    let message = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("message"))?;
    Ok((message, conversation))
}

/// The message a conversation began with.
pub(crate) async fn first(connection: &impl ConnectionTrait, id: ConversationId) -> Result<Option<Model>> {
    Ok(Entity::find()
        .filter(Column::ConversationId.eq(id))
        .filter(Column::CopyOfId.is_null())
        .order_by_asc(Column::CreatedAt)
        .order_by_asc(Column::Id)
        .one(connection)
        .await?)
}

/// The last message that was not a note.
pub(crate) async fn last_spoken(connection: &impl ConnectionTrait, id: ConversationId) -> Result<Option<Model>> {
    let spoken = Entity::find().filter(Column::ConversationId.eq(id)).filter(Column::Kind.ne(Kind::Note));
    let spoken = spoken.filter(Column::CopyOfId.is_null());
    Ok(spoken.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(1).one(connection).await?)
}

/// What a list shows of a message that has not left.
pub(crate) fn unsent(message: &Model) -> Option<String> {
    match message.delivery {
        Some(Delivery::Queued | Delivery::Sending) => Some(Delivery::Queued.as_str().to_owned()),
        Some(Delivery::Failed) => Some(Delivery::Failed.as_str().to_owned()),
        _ => None,
    }
}

/// Records how far an outgoing message has got; lists and browsers hear of it.
pub async fn set_delivery(
    tx: &Tx,
    actor: &Actor,
    id: MessageId,
    state: Delivery,
    error: Option<String>,
    attempts: i64,
) -> Result<()> {
    let message = Entity::find_by_id(id).one(tx).await?.ok_or(Error::NotFound("message"))?;
    let conversation = conversation::find_to_change(tx, actor, message.conversation_id).await?;
    let mut row = message.clone().into_active_model();
    row.delivery = Set(Some(state));
    row.delivery_error = Set(error.clone());
    row.delivery_attempts = Set(attempts);
    row.delivery_at = Set(Some(tx.now()));
    let row = Entity::update(row).exec(tx).await?;
    match row.copy_of_id {
        None => repeat_delivery(tx, &conversation, &row).await?,
        Some(original) => {
            if let Some(original) = group_chat::follow_copies(tx, original).await? {
                repeat_delivery(tx, &conversation, &original).await?;
            }
        }
    }
    let data = json!({"delivery": state, "error": error});
    bus::emit(
        tx,
        actor,
        Event::new("message_updated")
            .subject(id.0)
            .conversation(conversation.id, conversation.line_id, conversation.group_id)
            .data(data)
            .chat(row.chat_id)
            .by(state.as_str()),
    )
    .await?;
    Ok(())
}

/// Lists show what has not left.
async fn repeat_delivery(tx: &Tx, conversation: &conversation::Model, message: &Model) -> Result<()> {
    let shown = unsent(message);
    if conversation.delivery == shown {
        return Ok(());
    }
    let is_last = last_spoken(tx, conversation.id).await?.is_some_and(|last| last.id == message.id);
    let failed = Some(Delivery::Failed.as_str());
    // A failure must be seen in the list even when somebody wrote after it.
    if is_last || shown.as_deref() == failed || conversation.delivery.as_deref() == failed {
        let update = conversation::Entity::update_many().filter(conversation::Column::Id.eq(conversation.id));
        update.col_expr(conversation::Column::Delivery, Expr::value(shown)).exec(tx).await?;
    }
    Ok(())
}

/// Takes an answer back before it leaves, and gives its text and files back.
pub(crate) async fn undo(tx: &Tx, actor: &Actor, id: MessageId) -> Result<(Model, Vec<file::Model>)> {
    let (message, conversation) = find_to_change(tx, actor, id).await?;
    if message.author_id != actor.user_id().map(|user| user.0) {
        return Err(Error::conflict(
            "not_yours",
            "Отменить отправку может только автор",
            "Only its author can take a message back",
        ));
    }
    if message.delivery != Some(Delivery::Queued) || message.undo_until.is_none_or(|until| until <= tx.now()) {
        return Err(Error::conflict(
            "too_late",
            "Уже поздно: письмо отправляется",
            "Too late: the message is being sent",
        ));
    }
    let files = file::of_messages(tx, &[id]).await?;
    file::release(tx, id).await?;
    db::search::forget(tx, id.0).await?;
    Entity::delete_by_id(id).exec(tx).await?;
    conversation::repeat_last_message(tx, conversation.id).await?;
    if conversation.closed_at == Some(message.created_at) {
        conversation::reopen(tx, actor, conversation.id, "undo").await?;
    }
    let event = Event::new("message_undone").subject(id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, actor, event.chat(message.chat_id)).await?;
    Ok((message, files))
}

/// Sends a failed message again.
pub(crate) async fn retry(tx: &Tx, actor: &Actor, id: MessageId) -> Result<()> {
    let (message, conversation) = find_to_change(tx, actor, id).await?;
    if message.copies > 0 {
        // Each of them is a message again, and tells of itself.
        return Box::pin(group_chat::retry_copies(tx, actor, id)).await;
    }
    if message.delivery != Some(Delivery::Failed) {
        return Err(Error::conflict(
            "not_failed",
            "Это сообщение не нужно отправлять повторно",
            "This message does not need to be sent again",
        ));
    }
    if let Some(chat_id) = message.chat_id.filter(|_| message.extra().template.is_none()) {
        let chat = chat::find(tx, chat_id).await?;
        conversation::check_window(&chat, message.channel, tx.now())?;
    }
    set_delivery(tx, actor, id, Delivery::Queued, None, 0).await?;
    let event = Event::new("message_retried").subject(id.0).conversation(
        conversation.id,
        conversation.line_id,
        conversation.group_id,
    );
    bus::emit(tx, actor, event.by(way_of(message.chat_id))).await?;
    Ok(())
}

/// Whether a message leaves by a chat or by mail: the two have senders of their own.
pub(crate) fn way_of(chat_id: Option<ChatId>) -> &'static str {
    if chat_id.is_some() { "chat" } else { "mail" }
}

/// Gives up a message that has not left.
pub(crate) async fn cancel(tx: &Tx, actor: &Actor, id: MessageId) -> Result<()> {
    let (message, _) = find_to_change(tx, actor, id).await?;
    if message.copies > 0 {
        return group_chat::cancel_copies(tx, actor, id).await;
    }
    if !matches!(message.delivery, Some(Delivery::Failed | Delivery::Queued)) {
        return Err(Error::conflict(
            "already_sent",
            "Сообщение уже ушло или уходит",
            "The message has left or is leaving",
        ));
    }
    set_delivery(tx, actor, id, Delivery::Cancelled, message.delivery_error, message.delivery_attempts).await
}

/// Moves a client's message into a conversation of its own.
pub(crate) async fn detach(tx: &Tx, actor: &Actor, id: MessageId) -> Result<ConversationId> {
    let (message, old) = find_to_change(tx, actor, id).await?;
    if message.kind != Kind::Inbound {
        return Err(Error::conflict(
            "not_inbound",
            "Отделить можно только сообщение клиента",
            "Only a client's message can be detached",
        ));
    }
    if old.is_group() {
        return Err(Error::conflict(
            "group_chat",
            "Сообщение группового разговора уже получили его участники: отделить его нельзя",
            "Those who take part in the group conversation have this message: it cannot be detached",
        ));
    }
    if old.message_count < 2 {
        return Err(Error::conflict(
            "only_message",
            "В обращении только это сообщение",
            "This is the only message of the conversation",
        ));
    }
    let writer = match &message.author_address {
        Some(address) => {
            let address = Address { name: Some(message.author_name.clone()), address: address.clone() };
            let (contact, identity_id) =
                crate::contact::find_or_create_by_email(tx, &address.address, address.name.as_deref()).await?;
            Some((contact.id, identity_id, address))
        }
        None => None,
    };
    let contact_id = writer.as_ref().map_or(old.contact_id, |(contact_id, ..)| *contact_id);
    let number = dialect::next_number(tx, "conversation").await?;
    let new = conversation::Model {
        mailbox_id: old.mailbox_id,
        group_id: old.group_id,
        channel: message.channel,
        chat_id: message.chat_id,
        subject: message.subject.clone().filter(|subject| !subject.is_empty()).unwrap_or_else(|| old.subject.clone()),
        priority: old.priority,
        preview: conversation::last_words(&message.text, ""),
        last_message_at: message.created_at,
        message_count: 1,
        unread: true,
        updated_at: tx.now(),
        ..conversation::Model::new(ConversationId(tx.new_id()), number, old.line_id, contact_id, message.created_at)
    };
    conversation::Entity::insert(new.clone().into_active_model()).exec_without_returning(tx).await?;
    if let Some((_, identity_id, address)) = &writer {
        participant::add(tx, new.id, address, participant::Part::Client, Some(*identity_id)).await?;
    }
    move_message(tx, actor, message, &new, &old).await?;
    search::index_conversation(tx, &new).await?;
    conversation::repeat_last_message(tx, old.id).await?;
    let to_new = json!({"number": new.number, "conversation_id": new.id});
    bus::emit(
        tx,
        actor,
        Event::new("message_detached").subject(id.0).conversation(old.id, old.line_id, old.group_id).data(to_new),
    )
    .await?;
    let to_old = json!({"number": old.number, "conversation_id": old.id});
    bus::emit(
        tx,
        actor,
        Event::new("detached_from").subject(id.0).conversation(new.id, new.line_id, new.group_id).data(to_old),
    )
    .await?;
    Ok(new.id)
}

async fn move_message(
    tx: &Tx,
    actor: &Actor,
    message: Model,
    new: &conversation::Model,
    old: &conversation::Model,
) -> Result<()> {
    let id = message.id;
    let threading = conversation::Threading {
        rule: conversation::ThreadingRule::Manual,
        ru: format!("{} отделил(а) это сообщение от обращения №{}", actor.name, old.number),
        en: format!("{} detached this message from conversation #{}", actor.name, old.number),
    };
    let mut row = message.into_active_model();
    row.conversation_id = Set(new.id);
    row.threading = Set(Some(serde_json::to_value(threading)?));
    Entity::update(row).exec_without_returning(tx).await?;
    file::move_to(tx, id, new.id).await?;
    db::search::move_object(tx, id.0, new.id, new.line_id).await
}

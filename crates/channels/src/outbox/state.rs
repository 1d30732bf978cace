//! The state of an outgoing message around the sending of each part: claimed before, recorded after.
//!
//! Messages of a chat leave one after another. Invariant: a message that comes before its turn is given up by its job,
//! because whoever ends the one before it puts it on the queue again; both hold the chat, so that one sees the other.

use std::time::Duration;

use app::App;
use base::{Actor, ChatId, MessageId, Result, Words};
use db::Tx;
use desk::message::{self, Delivery, Kind};
use desk::{channel, chat, conversation, setting};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};

use super::entity::{Column, Entity, Model, State};
use super::send::SendMessage;
use crate::driver::Sent;
use crate::{drivers, link};

/// A message that this process may send now, from this part on.
pub(super) struct Ours {
    pub message: message::Model,
    pub chat: chat::Model,
    pub channel: channel::Model,
    pub from_part: usize,
    pub attempts: i64,
}

pub(super) enum Begun {
    /// Sent, withdrawn, failed, not a chat's, or not its turn.
    Nothing,
    /// Another process has it.
    Later(Duration),
    Ours(Box<Ours>),
}

/// Claims the next part of a message.
pub(super) async fn begin(app: &App, id: MessageId) -> Result<Begun> {
    let tx = app.write().await?;
    let Some(found) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(Begun::Nothing) };
    let Some(chat_id) = found.chat_id.filter(|_| found.kind == Kind::Outbound) else { return Ok(Begun::Nothing) };
    let chat = chat::hold(&tx, chat_id).await?;
    // Whoever withdraws the message holds the conversation too: one of us comes first.
    conversation::find_to_change(&tx, &Actor::system(), found.conversation_id).await?;
    let Some(message) = message::Entity::find_by_id(id).one(&tx).await? else { return Ok(Begun::Nothing) };
    if !matches!(message.delivery, Some(Delivery::Queued | Delivery::Sending)) {
        return Ok(Begun::Nothing);
    }
    if message.deleted_at.is_some() {
        message::set_delivery(&tx, &Actor::system(), id, Delivery::Cancelled, None, message.delivery_attempts).await?;
        tx.commit().await?;
        return Ok(Begun::Nothing);
    }
    let channel = channel::Entity::find_by_id(chat.channel_id).one(&tx).await?;
    let Some(channel) = channel.filter(|channel| channel.deleted_at.is_none() && channel.enabled) else {
        let words = Words::new(
            "Канал отключён: включите его и отправьте ещё раз.",
            "The channel is off: switch it on and send again.",
        );
        fail(&tx, &message, &words).await?;
        tx.commit().await?;
        return Ok(Begun::Nothing);
    };
    if is_earlier_waiting(&tx, &message).await? {
        return Ok(Begun::Nothing);
    }
    let known = Entity::find_by_id(id).one(&tx).await?;
    let (mut sent_parts, mut attempts) = (0, 0);
    if let Some(known) = known {
        (sent_parts, attempts) = (known.sent_parts, known.attempts);
        let me = jobs::owner::this();
        let is_mine = known.owner.as_deref() == Some(me);
        let is_dead = known.owner.as_deref().is_none_or(jobs::owner::is_dead);
        match known.state {
            State::Sending if !is_mine && !is_dead => return Ok(Begun::Later(Duration::from_secs(5))),
            State::Sending => {
                let safe = drivers::of(channel.kind).is_some_and(|driver| driver.about().capabilities.resend_is_safe);
                if !safe {
                    record(&tx, &message, &chat, sent_parts, attempts, State::Unknown).await?;
                    fail(&tx, &message, &unknown()).await?;
                    tx.commit().await?;
                    return Ok(Begun::Nothing);
                }
            }
            State::Waiting | State::Failed | State::Unknown | State::Sent => {}
        }
    }
    record(&tx, &message, &chat, sent_parts, attempts + 1, State::Sending).await?;
    if message.delivery != Some(Delivery::Sending) {
        let error = message.delivery_error.clone();
        message::set_delivery(&tx, &Actor::system(), id, Delivery::Sending, error, attempts + 1).await?;
    }
    tx.commit().await?;
    let from_part = usize::try_from(sent_parts).unwrap_or_default();
    Ok(Begun::Ours(Box::new(Ours { message, chat, channel, from_part, attempts: attempts + 1 })))
}

/// What an operator reads when nobody knows.
pub(super) fn unknown() -> Words {
    Words::new(
        "Связь прервалась в момент отправки: неизвестно, дошло ли сообщение. Если клиент его не видит, отправьте ещё раз.",
        "The connection broke while sending: nobody knows whether the message arrived. If the client does not see it, send it again.",
    )
}

/// Puts the first message that waits in a chat on the queue.
async fn call_next(tx: &Tx, chat_id: ChatId) -> Result<()> {
    let next = message::Entity::find()
        .filter(message::Column::ChatId.eq(chat_id))
        .filter(message::Column::Delivery.eq(Delivery::Queued))
        .order_by_asc(message::Column::CreatedAt)
        .order_by_asc(message::Column::Id)
        .one(tx)
        .await?;
    match next {
        Some(next) => jobs::enqueue(tx, &SendMessage { subject: Some(next.id.0) }).await.map(drop),
        None => Ok(()),
    }
}

/// The same when nothing else changes.
pub(super) async fn send_next(app: &App, chat_id: ChatId) -> Result<()> {
    let tx = app.write().await?;
    chat::hold(&tx, chat_id).await?;
    call_next(&tx, chat_id).await?;
    tx.commit().await
}

async fn is_earlier_waiting(tx: &Tx, message: &message::Model) -> Result<bool> {
    let earlier = message::Entity::find()
        .filter(message::Column::ChatId.eq(message.chat_id))
        .filter(message::Column::Delivery.is_in([Delivery::Queued, Delivery::Sending]))
        .filter(message::Column::CreatedAt.lte(message.created_at))
        .filter(message::Column::Id.lt(message.id))
        .order_by_asc(message::Column::CreatedAt)
        .one(tx)
        .await?;
    Ok(earlier.is_some())
}

async fn record(
    tx: &Tx,
    message: &message::Model,
    chat: &chat::Model,
    sent_parts: i64,
    attempts: i64,
    state: State,
) -> Result<()> {
    let owner = (state == State::Sending).then(|| jobs::owner::this().to_owned());
    let row =
        Model { message_id: message.id, chat_id: chat.id, state, sent_parts, attempts, owner, created_at: tx.now() };
    let again = OnConflict::column(Column::MessageId)
        .update_columns([Column::State, Column::SentParts, Column::Attempts, Column::Owner])
        .to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Holds the chat, then its conversation: the order of everybody who changes both. Answers the chat as it is now.
async fn hold(tx: &Tx, ours: &Ours) -> Result<chat::Model> {
    let chat = chat::hold(tx, ours.chat.id).await?;
    conversation::find_to_change(tx, &Actor::system(), ours.message.conversation_id).await?;
    Ok(chat)
}

/// The vendor has a part. After the last one the message is sent.
pub(super) async fn part_sent(app: &App, ours: &Ours, part: usize, sent: &Sent, last: bool) -> Result<()> {
    let tx = app.write().await?;
    let chat = hold(&tx, ours).await?;
    for external_id in &sent.ids {
        link::remember(&tx, ours.chat.id, external_id, ours.message.id, part as i64).await?;
    }
    let state = if last { State::Sent } else { State::Sending };
    record(&tx, &ours.message, &ours.chat, part as i64 + 1, ours.attempts, state).await?;
    if last {
        // On a site the client may have seen it before we note that it left.
        let seen = chat.seen_at.is_some_and(|seen| seen >= ours.message.created_at);
        let delivery = if seen { Delivery::Read } else { Delivery::Sent };
        message::set_delivery(&tx, &Actor::system(), ours.message.id, delivery, None, ours.attempts).await?;
        call_next(&tx, chat.id).await?;
    }
    tx.commit().await
}

/// It will be tried again; people see why it has not left yet.
pub(super) async fn later(app: &App, ours: &Ours, sent_parts: usize, words: &Words) -> Result<()> {
    let tx = app.write().await?;
    hold(&tx, ours).await?;
    record(&tx, &ours.message, &ours.chat, sent_parts as i64, ours.attempts, State::Waiting).await?;
    let text = words.get(setting::company(&tx).await?.default_locale).to_owned();
    message::set_delivery(&tx, &Actor::system(), ours.message.id, Delivery::Queued, Some(text), ours.attempts).await?;
    tx.commit().await
}

/// It will not leave unless somebody sends it again.
pub(super) async fn ended(app: &App, ours: &Ours, sent_parts: usize, words: &Words, blocked: bool) -> Result<()> {
    let tx = app.write().await?;
    hold(&tx, ours).await?;
    record(&tx, &ours.message, &ours.chat, sent_parts as i64, ours.attempts, State::Failed).await?;
    fail(&tx, &ours.message, words).await?;
    if blocked {
        chat::set_blocked(&tx, &ours.chat, true).await?;
    }
    tx.commit().await
}

async fn fail(tx: &Tx, message: &message::Model, words: &Words) -> Result<()> {
    let text = words.get(setting::company(tx).await?.default_locale).to_owned();
    let attempts = message.delivery_attempts + 1;
    message::set_delivery(tx, &Actor::system(), message.id, Delivery::Failed, Some(text), attempts).await?;
    match message.chat_id {
        Some(chat_id) => call_next(tx, chat_id).await,
        None => Ok(()),
    }
}

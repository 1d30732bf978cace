//! Chats: a client's threads at messengers and on sites.
//!
//! Invariant: a chat belongs to one contact; all changes of one chat follow each other under its lock.

mod entity;

use base::{ChannelId, ChatId, ConversationId, Error, GroupId, IdentityId, LineId, MessageId, Result, Timestamp};
use db::Tx;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set,
};
use serde_json::json;

use crate::contact::{self, NewIdentity};
use crate::{channel, conversation, group_chat, line, message};

pub use entity::{ActiveModel, Column, Entity, Model};

/// Somebody who writes by a messenger, as it tells of him.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// The addresses that the messenger vouches for, the account itself first.
    pub identities: Vec<NewIdentity>,
    /// As he calls himself; may be empty.
    pub name: String,
    /// `ru`, `en`, ...
    pub locale: Option<String>,
}

/// The chat of this thread, held until the end of the transaction; made, with its contact, when it is new.
///
/// The contact is whoever has one of the person's addresses, else a new one.
pub async fn find_or_create(
    tx: &Tx,
    channel_id: ChannelId,
    external_id: &str,
    title: &str,
    person: &Person,
) -> Result<Model> {
    if let Some(found) = held(tx, channel_id, external_id).await? {
        return Ok(found);
    }
    let (contact, identity_id) = contact::find_or_create(tx, person).await?;
    let row = ActiveModel {
        id: Set(ChatId(tx.new_id())),
        channel_id: Set(channel_id),
        external_id: Set(external_id.to_owned()),
        contact_id: Set(contact.id),
        identity_id: Set(identity_id),
        title: Set(title.to_owned()),
        last_inbound_at: Set(None),
        seen_at: Set(None),
        online_at: Set(None),
        blocked: Set(false),
        data: Set(json!({})),
        created_at: Set(tx.now()),
    };
    let unique = OnConflict::columns([Column::ChannelId, Column::ExternalId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(unique).exec_without_returning(tx).await?;
    held(tx, channel_id, external_id).await?.ok_or_else(|| Error::internal("a chat vanished while it was created"))
}

/// The chat of this thread, if there is one, held until the end of the transaction.
pub async fn held(tx: &Tx, channel_id: ChannelId, external_id: &str) -> Result<Option<Model>> {
    let of_thread = Entity::find().filter(Column::ChannelId.eq(channel_id)).filter(Column::ExternalId.eq(external_id));
    Ok(of_thread.lock(db::HOLD).one(tx).await?)
}

impl Model {
    /// Until when one may write freely; none where one always may, and where the client has never written.
    pub fn window_until(&self, kind: channel::Kind) -> Option<Timestamp> {
        Some(self.last_inbound_at? + kind.free_words_for()?)
    }

    /// Whether one may write freely now. Who has never written opened no window.
    pub fn takes_free_words(&self, kind: channel::Kind, now: Timestamp) -> bool {
        kind.free_words_for().is_none() || self.window_until(kind).is_some_and(|until| until > now)
    }
}

pub async fn find(connection: &impl ConnectionTrait, id: ChatId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("chat"))
}

/// The chat, held until the end of the transaction. Whoever moves the delivery of its messages holds it first, so that
/// "read" is never overwritten by a "sent" that was decided a moment earlier.
pub async fn hold(tx: &Tx, id: ChatId) -> Result<Model> {
    Entity::find_by_id(id).lock(db::HOLD).one(tx).await?.ok_or(Error::NotFound("chat"))
}

/// The same as [`held`] without holding it.
pub async fn by_external(
    connection: &impl ConnectionTrait,
    channel_id: ChannelId,
    external_id: &str,
) -> Result<Option<Model>> {
    let of_thread = Entity::find().filter(Column::ChannelId.eq(channel_id)).filter(Column::ExternalId.eq(external_id));
    Ok(of_thread.one(connection).await?)
}

/// Keeps what the channel knows about a chat.
pub async fn set_data(tx: &Tx, id: ChatId, data: serde_json::Value) -> Result<()> {
    Entity::update_many().col_expr(Column::Data, Expr::value(data)).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// The conversation of the last message in this chat. Not a group conversation that the client has left.
pub async fn last_conversation(connection: &impl ConnectionTrait, id: ChatId) -> Result<Option<conversation::Model>> {
    let left = "not exists (select 1 from group_chat_member g join chat h on h.contact_id = g.contact_id \
         where g.conversation_id = message.conversation_id and h.id = message.chat_id and g.left_at is not null)";
    last_that(connection, id, Expr::cust(left)).await
}

/// The last conversation of this chat in which nobody but its client takes part.
pub async fn last_own_conversation(
    connection: &impl ConnectionTrait,
    id: ChatId,
) -> Result<Option<conversation::Model>> {
    let own = "not exists (select 1 from conversation c where c.id = message.conversation_id and c.channel = 'group')";
    last_that(connection, id, Expr::cust(own)).await
}

async fn last_that(connection: &impl ConnectionTrait, id: ChatId, test: Expr) -> Result<Option<conversation::Model>> {
    let last = message::Entity::find()
        .select_only()
        .column(message::Column::ConversationId)
        .filter(message::Column::ChatId.eq(id))
        .filter(test)
        .order_by_desc(message::Column::CreatedAt)
        .limit(1)
        .into_query();
    let found = conversation::Entity::find().filter(conversation::Column::Id.in_subquery(last));
    Ok(found.one(connection).await?)
}

/// Where a new message of a chat belongs, and what was there before.
#[derive(Debug, Default)]
pub struct Course {
    /// The conversation it belongs to; none: it begins a new one.
    pub current: Option<conversation::Model>,
    /// The conversation of the last message.
    pub last: Option<conversation::Model>,
}

/// The conversation that a new message of this chat belongs to, by the rule of its line; none begins a new one.
///
/// An open one goes on. A closed one is opened again within the line's hours, unless the line begins anew each time.
/// What is spam stays spam. A client who takes part in a group conversation has several at once: an answer to a message
/// belongs where that message is, anything else where something was said to him or by him last.
pub async fn course(tx: &Tx, chat: &Model, answers: Option<MessageId>) -> Result<Course> {
    let last = last_conversation(tx, chat.id).await?;
    let answered = answered(tx, chat, answers, last.as_ref()).await?;
    let Some(goes_on) = answered.or_else(|| last.clone()) else { return Ok(Course::default()) };
    if goes_on.status != conversation::Status::Closed {
        return Ok(Course { current: Some(goes_on), last });
    }
    let Some(line) = line::Entity::find_by_id(goes_on.line_id).one(tx).await? else {
        return Ok(Course { current: None, last });
    };
    let recent = goes_on.closed_at.is_some_and(|at| at + chrono::Duration::hours(line.reopen_hours) > tx.now());
    let current = (line.after_close == line::AfterClose::Reopen && recent).then_some(goes_on);
    Ok(Course { current, last })
}

/// The conversation of the message that is answered, if the client still takes part and it is not over.
async fn answered(
    tx: &Tx,
    chat: &Model,
    id: Option<MessageId>,
    last: Option<&conversation::Model>,
) -> Result<Option<conversation::Model>> {
    let Some(id) = id else { return Ok(None) };
    let message = message::Entity::find_by_id(id).one(tx).await?.filter(|message| message.chat_id == Some(chat.id));
    let Some(message) = message else { return Ok(None) };
    let found = conversation::Entity::find_by_id(message.conversation_id).one(tx).await?;
    let found =
        found.filter(|found| matches!(found.status, conversation::Status::Open | conversation::Status::Snoozed));
    match found {
        Some(group) if group.is_group() => {
            let takes_part = group_chat::is_member(tx, group.id, chat.contact_id).await?;
            Ok(Some(group).filter(|_| takes_part))
        }
        // Without a group there is one conversation at a time, whatever is quoted.
        Some(own) => Ok(Some(own).filter(|_| last.is_some_and(conversation::Model::is_group))),
        None => Ok(None),
    }
}

/// Notes that the client has seen what we wrote up to this time: our messages up to then are marked as read.
pub async fn mark_seen(tx: &Tx, chat: &Model, up_to: Timestamp) -> Result<()> {
    if chat.seen_at.is_some_and(|seen| seen >= up_to) {
        return Ok(());
    }
    Entity::update_many().col_expr(Column::SeenAt, Expr::value(up_to)).filter(Column::Id.eq(chat.id)).exec(tx).await?;
    message::mark_read(tx, chat.id, up_to).await
}

/// Those of these chats in which something of ours has not been seen.
pub async fn with_unseen(connection: &impl ConnectionTrait, ids: &[ChatId]) -> Result<Vec<ChatId>> {
    let waiting = message::Entity::find()
        .select_only()
        .column(message::Column::ChatId)
        .distinct()
        .filter(message::Column::ChatId.is_in(ids.iter().copied()))
        .filter(message::Column::Delivery.is_in([message::Delivery::Sent, message::Delivery::Delivered]));
    Ok(waiting.into_tuple::<ChatId>().all(connection).await?)
}

/// Those of these chats whose clients were not noted to be there since then.
pub async fn not_noted_since(
    connection: &impl ConnectionTrait,
    ids: &[ChatId],
    since: Timestamp,
) -> Result<Vec<ChatId>> {
    let old = Condition::any().add(Column::OnlineAt.is_null()).add(Column::OnlineAt.lt(since));
    let ids = Entity::find().select_only().column(Column::Id).filter(Column::Id.is_in(ids.iter().copied())).filter(old);
    Ok(ids.into_tuple().all(connection).await?)
}

/// Notes that these clients are on their pages.
pub async fn mark_online(tx: &Tx, ids: &[ChatId]) -> Result<()> {
    for some in ids.chunks(500) {
        Entity::update_many()
            .col_expr(Column::OnlineAt, Expr::value(tx.now()))
            .filter(Column::Id.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// A conversation of a chat, with who may hear of it.
#[derive(Clone, Copy, Debug)]
pub struct Talk {
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    pub group_id: Option<GroupId>,
}

/// The last conversations of a chat, newest first.
pub async fn conversations_of(connection: &impl ConnectionTrait, id: ChatId, limit: u64) -> Result<Vec<Talk>> {
    let own = message::Entity::find()
        .select_only()
        .column(message::Column::ConversationId)
        .filter(message::Column::ChatId.eq(id))
        .group_by(message::Column::ConversationId)
        .order_by_desc(message::Column::CreatedAt.max())
        .limit(limit)
        .into_tuple::<ConversationId>()
        .all(connection)
        .await?;
    let found = conversation::Entity::find().filter(conversation::Column::Id.is_in(own.iter().copied()));
    let found = found.all(connection).await?;
    let talk =
        |row: &conversation::Model| Talk { conversation_id: row.id, line_id: row.line_id, group_id: row.group_id };
    Ok(own.iter().filter_map(|id| found.iter().find(|row| row.id == *id).map(talk)).collect())
}

/// Notes whether the client lets us write.
pub async fn set_blocked(tx: &Tx, chat: &Model, blocked: bool) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Blocked, Expr::value(blocked))
        .filter(Column::Id.eq(chat.id))
        .exec(tx)
        .await?;
    if chat.blocked != blocked
        && let Some(conversation) = last_conversation(tx, chat.id).await?
    {
        let kind = if blocked { "client_blocked_channel" } else { "client_allowed_channel" };
        let event = bus::Event::new(kind).subject(chat.id.0).conversation(
            conversation.id,
            conversation.line_id,
            conversation.group_id,
        );
        bus::emit(tx, &base::Actor::system(), event).await?;
    }
    Ok(())
}

/// Links a chat to an identity of its contact.
pub async fn set_identity(tx: &Tx, id: ChatId, identity_id: IdentityId) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::IdentityId, Expr::value(identity_id))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

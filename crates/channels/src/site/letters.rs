//! Answers that went by mail while their visitor was away: he reads them in the chat too when he comes back.

use base::{ConversationId, MessageId, Result};
use desk::conversation::{self, participant};
use desk::message::{self, Delivery, Kind};
use desk::people::Recipients;
use desk::{channel, chat, contact};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

/// The newest so many are shown.
const MOST: u64 = 200;

/// Our letters to the visitor's own address in conversations of this chat. Not what others got, and not the copies of
/// answers that stand in the chat already.
pub(super) async fn of(connection: &impl ConnectionTrait, chat: &chat::Model) -> Result<Vec<MessageId>> {
    let addresses = addresses_by_mail(connection, chat).await?;
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    let Some(own) = address_of(connection, chat).await? else { return Ok(Vec::new()) };
    let conversations: Vec<ConversationId> =
        addresses.into_iter().filter(|(_, address)| *address == own).map(|(id, _)| id).collect();
    if conversations.is_empty() {
        return Ok(Vec::new());
    }
    let letters: Vec<(MessageId, serde_json::Value)> = message::Entity::find()
        .select_only()
        .columns([message::Column::Id, message::Column::Recipients])
        .filter(message::Column::ConversationId.is_in(conversations))
        .filter(message::Column::Kind.eq(Kind::Outbound))
        .filter(message::Column::Channel.eq(channel::Kind::Email))
        .filter(message::Column::Automatic.is_null())
        // One that can still be taken back is nobody's yet.
        .filter(message::Column::Delivery.is_in([Delivery::Sent, Delivery::Delivered, Delivery::Read]))
        .order_by_desc(message::Column::CreatedAt)
        .limit(MOST)
        .into_tuple()
        .all(connection)
        .await?;
    let is_his = |recipients: serde_json::Value| {
        let recipients: Recipients = serde_json::from_value(recipients).unwrap_or_default();
        recipients.to.iter().any(|one| one.address == own)
    };
    Ok(letters.into_iter().filter_map(|(id, recipients)| is_his(recipients).then_some(id)).collect())
}

/// Who takes part by mail in the conversations of this chat: mostly nobody.
async fn addresses_by_mail(
    connection: &impl ConnectionTrait,
    chat: &chat::Model,
) -> Result<Vec<(ConversationId, String)>> {
    let of_client = Query::select()
        .column(conversation::Column::Id)
        .from(conversation::Entity)
        .and_where(conversation::Column::ContactId.eq(chat.contact_id))
        .to_owned();
    let of_chat = Query::select()
        .column(message::Column::ConversationId)
        .from(message::Entity)
        .and_where(message::Column::ChatId.eq(chat.id))
        .to_owned();
    let found = participant::Entity::find()
        .select_only()
        .columns([participant::Column::ConversationId, participant::Column::Address])
        .filter(participant::Column::ConversationId.in_subquery(of_client))
        .filter(participant::Column::ConversationId.in_subquery(of_chat));
    Ok(found.into_tuple().all(connection).await?)
}

/// Where his answers go: the address he left, else one of his that is sure.
pub(super) async fn address_of(connection: &impl ConnectionTrait, chat: &chat::Model) -> Result<Option<String>> {
    if let Some(address) = chat.data["email"].as_str() {
        return Ok(Some(address.to_owned()));
    }
    let known = contact::identities(connection, chat.contact_id).await?;
    let sure = known.into_iter().find(|one| one.kind == contact::identity::Kind::Email && one.verified);
    Ok(sure.map(|one| one.value_key))
}

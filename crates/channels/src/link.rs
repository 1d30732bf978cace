//! By which ids a vendor knows our messages, in and out.

use base::{ChatId, MessageId, Result};
use db::Tx;
use desk::message;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{QueryOrder, QuerySelect, Set};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "message_link")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: ChatId,
    /// The vendor's id, unique in its chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub external_id: String,
    pub message_id: MessageId,
    /// Which part of the message it is, from 0.
    pub part: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Remembers the vendor's id of a message, or of a part of it.
pub async fn remember(tx: &Tx, chat_id: ChatId, external_id: &str, message_id: MessageId, part: i64) -> Result<()> {
    let row = ActiveModel {
        chat_id: Set(chat_id),
        external_id: Set(external_id.to_owned()),
        message_id: Set(message_id),
        part: Set(part),
    };
    let known = OnConflict::columns([Column::ChatId, Column::ExternalId]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(known).exec_without_returning(tx).await?;
    Ok(())
}

/// Our message with this vendor's id.
pub async fn message_of(
    connection: &impl ConnectionTrait,
    chat_id: ChatId,
    external_id: &str,
) -> Result<Option<MessageId>> {
    let found = Entity::find_by_id((chat_id, external_id.to_owned())).one(connection).await?;
    Ok(found.map(|link| link.message_id))
}

/// The vendor's ids of our message, part by part.
pub async fn of_message(connection: &impl ConnectionTrait, id: MessageId) -> Result<Vec<Model>> {
    let mut links = Entity::find().filter(Column::MessageId.eq(id)).all(connection).await?;
    // Numbers in the order of numbers: after 99 comes 100.
    links.sort_by(|a, b| place_of(a).cmp(&place_of(b)));
    Ok(links)
}

fn place_of(link: &Model) -> (i64, usize, &str) {
    (link.part, link.external_id.len(), &link.external_id)
}

/// The vendor's id of the client's last message in a chat.
pub async fn last_inbound(connection: &impl ConnectionTrait, chat_id: ChatId) -> Result<Option<String>> {
    let last: Option<MessageId> = message::Entity::find()
        .select_only()
        .column(message::Column::Id)
        .filter(message::Column::ChatId.eq(chat_id))
        .filter(message::Column::Kind.eq(message::Kind::Inbound))
        .order_by_desc(message::Column::CreatedAt)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    let Some(last) = last else { return Ok(None) };
    let links = of_message(connection, last).await?;
    Ok(links.into_iter().find(|link| link.chat_id == chat_id).map(|link| link.external_id))
}

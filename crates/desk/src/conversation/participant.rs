//! Who takes part in a conversation by mail: only their mail may join it.

use base::{ConversationId, IdentityId};
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "participant")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    /// Lower-case mail address.
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    pub name: String,
    pub part: Part,
    pub identity_id: Option<IdentityId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

crate::text_enum! {
    /// How somebody takes part.
    Part as "ParticipantRole" {
        /// Whom the conversation is with.
        Client = "client",
        To = "to",
        Cc = "cc",
    }
}

/// Adds somebody; who takes part already stays as he is.
pub async fn add(
    tx: &db::Tx,
    conversation_id: ConversationId,
    who: &crate::people::Address,
    part: Part,
    identity_id: Option<IdentityId>,
) -> base::Result<()> {
    let address = text::email::normalize(&who.address).unwrap_or_else(|| who.address.trim().to_lowercase());
    let row = ActiveModel {
        conversation_id: sea_orm::Set(conversation_id),
        address: sea_orm::Set(address),
        name: sea_orm::Set(who.name.clone().unwrap_or_default()),
        part: sea_orm::Set(part),
        identity_id: sea_orm::Set(identity_id),
    };
    let taken =
        sea_orm::sea_query::OnConflict::columns([Column::ConversationId, Column::Address]).do_nothing().to_owned();
    Entity::insert(row).on_conflict(taken).exec_without_returning(tx).await?;
    Ok(())
}

/// These take no part any more.
pub(crate) async fn remove(tx: &db::Tx, conversation_id: ConversationId, addresses: &[&str]) -> base::Result<()> {
    Entity::delete_many()
        .filter(Column::ConversationId.eq(conversation_id))
        .filter(Column::Address.is_in(addresses.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// Everybody who takes part, the client first.
pub async fn of(connection: &impl db::Fetch, conversation_id: ConversationId) -> base::Result<Vec<Model>> {
    let sql = "select address, name, part, identity_id from participant where conversation_id = $1".to_owned();
    let read = move |row: &db::Row<'_>| {
        let identity_id = row.get::<Option<Uuid>>(3)?.map(IdentityId);
        Ok(Model {
            conversation_id,
            address: row.get(0)?,
            name: row.get(1)?,
            part: row.parse(2, Part::parse)?,
            identity_id,
        })
    };
    let mut all = connection.fetch(sql, vec![conversation_id.0.into()], read).await?;
    all.sort_by_key(|one| (one.part != Part::Client, one.part == Part::Cc, one.address.clone()));
    Ok(all)
}

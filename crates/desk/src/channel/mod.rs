//! Channels: the accounts by which clients write to a line. Their drivers live in the feature `channels`; mailboxes, which
//! are older than the contract, in `email`.

mod entity;

use base::{ChannelId, Error, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

pub use crate::conversation::Channel as Kind;
pub use entity::{ActiveModel, Column, Entity, Model, State};

/// A channel that has not been deleted.
pub async fn find(connection: &impl ConnectionTrait, id: ChannelId) -> Result<Model> {
    let found = Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?;
    found.ok_or(Error::NotFound("channel"))
}

/// By the unguessable part of its public address.
pub async fn by_hook_key(connection: &impl ConnectionTrait, hook_key: &str) -> Result<Option<Model>> {
    Ok(Entity::find().filter(Column::HookKey.eq(hook_key)).filter(Column::DeletedAt.is_null()).one(connection).await?)
}

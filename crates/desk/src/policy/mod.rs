//! Policies of promised times, as far as others name them. What a policy promises, and who changes it, is the feature `sla`.

mod entity;

use base::{Error, FieldError, Result, Words};
use db::Tx;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

base::id! {
    /// A policy: what clients are promised.
    PolicyId,
}

pub use entity::{ActiveModel, Column, Entity, Model};

/// A policy that was not deleted.
pub async fn find(connection: &impl ConnectionTrait, id: PolicyId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::DeletedAt.is_null()).one(connection).await?)
}

/// Refuses a policy that is not there, by the field it stands at.
pub async fn check(connection: &impl ConnectionTrait, field: &str, id: PolicyId) -> Result<()> {
    if find(connection, id).await?.is_some() {
        return Ok(());
    }
    let words = Words::new("Такого норматива нет, выберите другой", "There is no such policy, choose another");
    Err(Error::Invalid(vec![FieldError { field: field.to_owned(), code: "unknown_policy", words }]))
}

/// Nobody deletes these until the transaction ends.
pub async fn hold(tx: &Tx, ids: impl IntoIterator<Item = PolicyId>) -> Result<()> {
    Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::Id).lock(db::HOLD).all(tx).await?;
    Ok(())
}

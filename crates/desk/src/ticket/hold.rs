//! What must be done before a ticket may be resolved. Whoever has such a thing says it here, and says when it is done.
//!
//! Invariant: a ticket with a hold is neither resolved nor closed, by nobody and by no way.

use base::{Error, FieldError, Result, TicketId, Words};
use db::Tx;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_hold")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    /// What holds it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub cause_id: Uuid,
    /// The least is told.
    pub position: i64,
    /// `Words`: why it cannot be resolved.
    pub words: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The ticket is not to be resolved before this is done.
pub async fn hold(tx: &Tx, ticket_id: TicketId, cause_id: Uuid, position: i64, words: &Words) -> Result<()> {
    let row = Model { ticket_id, cause_id, position, words: serde_json::to_value(words)? };
    let again = OnConflict::columns([Column::TicketId, Column::CauseId]).update_column(Column::Words).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// It is done, or nobody needs it any more.
pub async fn release(tx: &Tx, ticket_id: TicketId, cause_id: Uuid) -> Result<()> {
    Entity::delete_by_id((ticket_id, cause_id)).exec(tx).await?;
    Ok(())
}

/// Refuses to end a ticket that is held.
pub(super) async fn refuse_held(tx: &Tx, ticket_id: TicketId) -> Result<()> {
    let first = Entity::find().filter(Column::TicketId.eq(ticket_id)).order_by_asc(Column::Position).one(tx).await?;
    let Some(first) = first else { return Ok(()) };
    let words: Words = serde_json::from_value(first.words)?;
    Err(Error::Invalid(vec![FieldError { field: "status".to_owned(), code: "held", words }]))
}

//! Policies that a rule of the line chose for a conversation: they hold instead of the line's, as long as it stays on that line.

use base::{ConversationId, LineId, Result, Timestamp, Words};
use db::Tx;
use desk::conversation;
use desk::message::{self, Kind};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::OnConflict;
use sea_orm::{IntoActiveModel, QueryOrder, QuerySelect};
use serde::Deserialize;

use crate::policy::PolicyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sla_choice")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub conversation_id: ConversationId,
    pub line_id: LineId,
    pub policy_id: PolicyId,
    /// `Words`: who chose it.
    pub why: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The event that tells of a choice.
pub(super) const EVENT: &str = "policy_chosen";

/// What the event says.
#[derive(Deserialize)]
struct Said {
    policy_id: PolicyId,
    why: Words,
}

/// Remembers what an event told; an earlier choice is forgotten.
pub(super) async fn remember(tx: &Tx, of: &conversation::Model, told: &serde_json::Value) -> Result<()> {
    let Said { policy_id, why } = serde_json::from_value(told.clone())?;
    let row = Model { conversation_id: of.id, line_id: of.line_id, policy_id, why: serde_json::to_value(why)? };
    let columns = [Column::LineId, Column::PolicyId, Column::Why];
    let overwrite = OnConflict::column(Column::ConversationId).update_columns(columns).to_owned();
    Entity::insert(row.into_active_model()).on_conflict(overwrite).exec_without_returning(tx).await?;
    Ok(())
}

/// Whether a policy was chosen for any conversation.
pub(super) async fn any(tx: &Tx) -> Result<bool> {
    Ok(Entity::find().one(tx).await?.is_some())
}

/// What was chosen for this conversation, on this line.
pub(super) async fn of(tx: &Tx, id: ConversationId, line: LineId) -> Result<Option<(PolicyId, Words)>> {
    let row = Entity::find_by_id(id).filter(Column::LineId.eq(line)).one(tx).await?;
    row.map(|row| Ok((row.policy_id, serde_json::from_value(row.why)?))).transpose()
}

/// Since when the client has been waiting for an answer at that time; none: he was not.
pub(super) async fn waits_since(tx: &Tx, id: ConversationId, at: Timestamp) -> Result<Option<Timestamp>> {
    let said = |kind: Kind| {
        message::Entity::find()
            .select_only()
            .column(message::Column::CreatedAt)
            .filter(message::Column::ConversationId.eq(id))
            .filter(message::Column::Kind.eq(kind))
            .filter(message::Column::Automatic.is_null())
            .filter(message::Column::CreatedAt.lte(at))
    };
    let answers = said(Kind::Outbound).order_by_desc(message::Column::CreatedAt).limit(1);
    let answered: Option<Timestamp> = answers.into_tuple().one(tx).await?;
    let mut asked = said(Kind::Inbound).order_by_asc(message::Column::CreatedAt).limit(1);
    if let Some(answered) = answered {
        asked = asked.filter(message::Column::CreatedAt.gt(answered));
    }
    Ok(asked.into_tuple().one(tx).await?)
}

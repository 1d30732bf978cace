//! Commands and queries on muted conversations.

use std::collections::HashSet;

use base::{Actor, ConversationId, Error, Result, UserId};
use db::Tx;
use desk::conversation;
use desk::people::ConversationRef;
use sea_orm::sea_query::{OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};

use super::entity::{Column, Entity, Model};

/// Which of these people do not want to hear of a conversation.
pub(crate) async fn who(
    connection: &impl ConnectionTrait,
    id: ConversationId,
    users: &[UserId],
) -> Result<HashSet<UserId>> {
    let muted = Entity::find()
        .filter(Column::ConversationId.eq(id))
        .filter(Column::UserId.is_in(users.iter().copied()))
        .all(connection)
        .await?;
    Ok(muted.into_iter().map(|row| row.user_id).collect())
}

/// What the actor has muted and still sees, the newest conversation first; 200 at most.
pub(super) async fn list(connection: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<ConversationRef>> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    let own: SelectStatement =
        Query::select().column(Column::ConversationId).from(Entity).and_where(Column::UserId.eq(me)).to_owned();
    let rows = conversation::visible_to(actor)
        .filter(conversation::Column::Id.in_subquery(own))
        .order_by_desc(conversation::Column::Number)
        .limit(200)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| ConversationRef { id: row.id, number: row.number, subject: row.subject }).collect())
}

pub(super) async fn set(tx: &Tx, actor: &Actor, id: ConversationId, muted: bool) -> Result<()> {
    let me = actor.user_id().ok_or(Error::Unauthenticated)?;
    conversation::find(tx, actor, id).await?;
    if muted {
        let row = Model { user_id: me, conversation_id: id, created_at: tx.now() };
        let kept = OnConflict::columns([Column::UserId, Column::ConversationId]).do_nothing().to_owned();
        Entity::insert(row.into_active_model()).on_conflict(kept).exec_without_returning(tx).await?;
    } else {
        Entity::delete_by_id((me, id)).exec(tx).await?;
    }
    crate::ops::changed(tx, actor, me).await
}

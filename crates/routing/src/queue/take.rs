//! Taking the oldest conversation by hand (L-08).

use base::{Actor, Error, LineId, Result};
use db::{Tx, dialect};
use desk::conversation::{self, Channel, Status};
use desk::line;
use desk::user;
use sea_orm::sea_query::{Expr, LockBehavior, LockType};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, Order, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::assign::{LOCK, assigned_at};
use super::{Column, Entity, forget};

/// Gives the actor the conversation whose turn it is, of those he sees. Of two who ask at once each gets another one.
pub(super) async fn take_oldest(tx: &Tx, actor: &Actor, line_id: Option<LineId>) -> Result<conversation::Model> {
    if let Some(line_id) = line_id {
        line::find(tx, actor, line_id).await?;
    }
    let me = actor.user_id().ok_or_else(|| Error::internal("only a person takes a conversation"))?;
    dialect::lock(tx, LOCK).await?;
    let mut query = conversation::visible_to(actor)
        .join(
            JoinType::InnerJoin,
            conversation::Entity::belongs_to(Entity).from(conversation::Column::Id).to(Column::ConversationId).into(),
        )
        .filter(conversation::Column::Status.eq(Status::Open))
        .filter(conversation::Column::AssigneeId.is_null())
        .filter(conversation::Column::Channel.ne(Channel::Manual))
        .filter(conversation::Column::Id.not_in_subquery(crate::offer::open_ones()));
    if let Some(line_id) = line_id {
        query = query.filter(conversation::Column::LineId.eq(line_id));
    }
    let found = query
        .order_by(Expr::col((Entity, Column::TurnAt)), Order::Asc)
        .order_by(Expr::col((Entity, Column::ConversationId)), Order::Asc)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .one(tx)
        .await?;
    let Some(found) = found else {
        let (ru, en) = ("В очереди пусто: все обращения разобраны", "The queue is empty: everything is taken");
        return Err(Error::conflict("queue_empty", ru, en));
    };
    let person = user::people(tx, [me]).await?.remove(&me);
    let taken = conversation::Model { assignee_id: Some(me), ..found.clone() };
    conversation::hand_over(tx, actor, found, person.as_ref(), "conversation_taken", json!({})).await?;
    forget(tx, &[taken.id]).await?;
    assigned_at(tx, me, tx.now()).await?;
    Ok(taken)
}

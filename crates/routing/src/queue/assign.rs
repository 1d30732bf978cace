//! Giving one conversation to one operator.

use base::{Actor, Result, Timestamp, UserId, Words};
use db::Tx;
use desk::conversation;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::forget;
use crate::crew::Crew;
use crate::decision::Source;
use crate::engine::{Reason, Why, share};
use crate::status::{Column as State, Entity as States, Status};

/// The lock under which work is given out, everywhere.
pub(crate) const LOCK: &str = "routing.distribute";

/// Holds the rows of operators until the end of the transaction; answers those who are still free.
pub(crate) async fn hold(tx: &Tx, users: &[UserId]) -> Result<Vec<UserId>> {
    let rows = States::find()
        .filter(State::UserId.is_in(users.to_vec()))
        .order_by_asc(State::UserId)
        .lock(db::HOLD)
        .all(tx)
        .await?;
    Ok(rows.into_iter().filter(|row| row.status == Status::Free).map(|row| row.user_id).collect())
}

/// Gives it to him; both are held, and the choice is made.
pub(crate) async fn assign(
    tx: &Tx,
    actor: &Actor,
    crew: &Crew,
    conversation: conversation::Model,
    user: UserId,
    source: Source,
    why: &Words,
) -> Result<()> {
    let id = conversation.id;
    let person = crew.members.get(&user).map(|member| member.person.clone());
    let person = person.ok_or_else(|| base::Error::internal("the chosen operator is nobody"))?;
    let data = json!({"source": source, "why": why});
    conversation::hand_over(tx, actor, conversation, Some(&person), "conversation_assigned", data).await?;
    forget(tx, &[id]).await?;
    assigned_at(tx, user, tx.now()).await
}

pub(super) async fn assigned_at(tx: &Tx, user: UserId, at: Timestamp) -> Result<()> {
    let update = States::update_many().filter(State::UserId.eq(user));
    update.col_expr(State::LastAssignedAt, Expr::value(at)).exec(tx).await?;
    Ok(())
}

/// The reason in a sentence, without a name and without a stop.
pub(super) fn words(why: &Why) -> Words {
    let (load, limit) = (share(why.load), share(why.limit));
    let (ru, en) = match why.reason {
        Reason::OnlyOne => ("больше взять некому".to_owned(), "nobody else can take it".to_owned()),
        Reason::LeastLoaded => {
            (format!("меньше всего работы из {}", why.able), format!("the least work of {}", why.able))
        }
        Reason::BestSkill => (
            format!("лучше всех из {} знает вопрос при равной загрузке", why.able),
            format!("knows the most of {} with equal work", why.able),
        ),
        Reason::LongestIdle => (
            format!("дольше всех из {} без новых при равной загрузке", why.able),
            format!("the longest of {} without a new one with equal work", why.able),
        ),
    };
    Words::owned(format!("{ru}: {load} из {limit}"), format!("{en}: {load} of {limit}"))
}

//! The lines a shared reply is limited to; without rows it is for every line.

use std::collections::{BTreeSet, HashMap};

use base::{Actor, LineId, Result};
use db::Tx;
use desk::field;
use sea_orm::entity::prelude::*;
use sea_orm::{ConnectionTrait, Set};

use super::CannedReplyId;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "canned_reply_line")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub canned_reply_id: CannedReplyId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub line_id: LineId,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The lines of each of these replies.
pub(super) async fn of(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = CannedReplyId>,
) -> Result<HashMap<CannedReplyId, Vec<LineId>>> {
    let rows = Entity::find().filter(Column::CannedReplyId.is_in(ids)).all(connection).await?;
    let mut lines: HashMap<CannedReplyId, Vec<LineId>> = HashMap::new();
    for row in rows {
        lines.entry(row.canned_reply_id).or_default().push(row.line_id);
    }
    Ok(lines)
}

/// Limits a reply to these lines. Lines that the actor does not see stay as they are.
pub(super) async fn set(tx: &Tx, actor: &Actor, id: CannedReplyId, wanted: &[LineId]) -> Result<()> {
    for line_id in wanted {
        field::known("line_ids", desk::line::find(tx, actor, *line_id).await)?;
    }
    let before = of(tx, [id]).await?.remove(&id).unwrap_or_default();
    let unseen = before.into_iter().filter(|line_id| !actor.sees_line(*line_id));
    let all: BTreeSet<LineId> = unseen.chain(wanted.iter().copied()).collect();
    Entity::delete_many().filter(Column::CannedReplyId.eq(id)).exec(tx).await?;
    let rows: Vec<ActiveModel> =
        all.into_iter().map(|line_id| ActiveModel { canned_reply_id: Set(id), line_id: Set(line_id) }).collect();
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

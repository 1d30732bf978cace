//! A line that was deleted can be restored for an hour with everything on it; then its open conversations are closed.

use app::{App, Attempt, Job, JobError};
use base::{Actor, ConversationId, Result};
use chrono::Duration;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::commands::close_because;
use super::entity::{Column, Entity, Status};
use crate::line;

/// How long a deleted line keeps its conversations open.
const GRACE: Duration = Duration::hours(1);

/// In one transaction.
const AT_ONCE: usize = 50;

/// Closes what is open on lines that were deleted long enough ago.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CloseOnGoneLines {}

impl Job for CloseOnGoneLines {
    const KIND: &'static str = "desk.close_on_gone_lines";
    const EVERY: Option<std::time::Duration> = Some(std::time::Duration::from_secs(60));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        while close_some(&app).await? == AT_ONCE {}
        Ok(())
    }
}

async fn close_some(app: &App) -> Result<usize> {
    let gone = line::Entity::find()
        .select_only()
        .column(line::Column::Id)
        .filter(line::Column::ArchivedAt.lte(app.now() - GRACE))
        .into_query();
    let open: Vec<ConversationId> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.is_in([Status::Open, Status::Snoozed]))
        .filter(Column::LineId.in_subquery(gone))
        .order_by_asc(Column::Id)
        .limit(AT_ONCE as u64)
        .into_tuple()
        .all(app.db.read())
        .await?;
    if open.is_empty() {
        return Ok(0);
    }
    let tx = app.write().await?;
    for id in &open {
        close_because(&tx, &Actor::system(), *id, json!({"reason": "line_deleted"})).await?;
    }
    tx.commit().await?;
    Ok(open.len())
}

//! What a running mailbox writes about itself: its state, its progress.

use app::App;
use base::{Actor, MailboxId, Result, Timestamp, Words};
use bus::Event;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::mailbox::{Column, Entity, Model, State};

/// Records a change of state; people hear of it.
pub(super) async fn enter(
    app: &App,
    row: &Model,
    state: State,
    reason: Option<&Words>,
    next_try_at: Option<Timestamp>,
    failures: i64,
) -> Result<()> {
    let tx = app.write().await?;
    let before = Entity::find_by_id(row.id).one(&tx).await?;
    let Some(before) = before.filter(|before| before.revision == row.revision) else { return Ok(()) };
    let reason = reason.map(serde_json::to_value).transpose()?;
    let mut update = Entity::update_many()
        .col_expr(Column::State, Expr::value(state))
        .col_expr(Column::StateReason, Expr::value(reason.clone()))
        .col_expr(Column::NextTryAt, Expr::value(next_try_at))
        .col_expr(Column::Failures, Expr::value(failures))
        .filter(Column::Id.eq(row.id));
    if before.state != state {
        update = update.col_expr(Column::StateSince, Expr::value(tx.now()));
    }
    update.exec(&tx).await?;
    if before.state != state || before.state_reason != reason {
        let data = json!({"state": state, "line_id": row.line_id, "name": row.name});
        bus::emit(&tx, &Actor::system(), Event::new("mailbox_changed").subject(row.id.0).data(data)).await?;
    }
    tx.commit().await
}

/// Notes that the folder was looked at, and what the server counts in it.
pub(super) async fn looked(app: &App, id: MailboxId, server_total: Option<i64>) -> Result<()> {
    let tx = app.write().await?;
    let mut update =
        Entity::update_many().col_expr(Column::LastCheckAt, Expr::value(tx.now())).filter(Column::Id.eq(id));
    if let Some(total) = server_total {
        update = update.col_expr(Column::ServerTotal, Expr::value(total));
    }
    update.exec(&tx).await?;
    tx.commit().await
}

/// Begins a folder's new generation: its uids mean nothing that we know.
pub(super) async fn begin_generation(app: &App, id: MailboxId, uidvalidity: i64) -> Result<()> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::Uidvalidity, Expr::value(uidvalidity))
        .col_expr(Column::LastUid, Expr::value(0i64))
        .col_expr(Column::LeftAlone, Expr::value(0i64))
        .filter(Column::Id.eq(id))
        .exec(&tx)
        .await?;
    tx.commit().await
}

/// Steps over messages that are left alone.
pub(super) async fn leave_alone(app: &App, id: MailboxId, uidvalidity: i64, up_to: i64, count: i64) -> Result<()> {
    let tx = app.write().await?;
    Entity::update_many()
        .col_expr(Column::LastUid, Expr::value(up_to))
        .col_expr(Column::LeftAlone, Expr::cust_with_values("left_alone + $1", [count]))
        .filter(Column::Id.eq(id))
        .filter(Column::Uidvalidity.eq(uidvalidity))
        .filter(Column::LastUid.lt(up_to))
        .exec(&tx)
        .await?;
    tx.commit().await
}

//! Who is there: live connections, signs of life, signing out.

use std::sync::Arc;

use app::{App, Attendance, Identity};
use base::{Actor, Permission, Result, SessionId, UserId};
use bus::Whisper;
use chrono::Duration;
use db::Tx;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde::Deserialize;

use super::{Cause, Column, Entity, Status, change, connection, find};

/// A connection that was not heard of for so long is gone with its node. One is heard of every 25 seconds.
pub(super) const ALIVE: Duration = Duration::seconds(75);

/// A live connection is there, or has ended. Whoever may not answer clients has no status.
pub(crate) async fn attend(app: App, identity: Arc<Identity>, attendance: Attendance) -> Result<()> {
    let actor = &identity.actor;
    let Some(user_id) = actor.user_id().filter(|_| actor.has(Permission::ConversationsReply)) else { return Ok(()) };
    let tx = app.write().await?;
    if attendance.ended {
        connection::Entity::delete_by_id(attendance.connection).exec(&tx).await?;
        seen(&tx, user_id).await?;
    } else {
        let row =
            connection::Model { id: attendance.connection, user_id, session_id: identity.session, seen_at: tx.now() };
        connection::Entity::insert(row.into_active_model())
            .on_conflict(
                OnConflict::column(connection::Column::Id).update_column(connection::Column::SeenAt).to_owned(),
            )
            .exec_without_returning(&tx)
            .await?;
        seen(&tx, user_id).await?;
        come(&tx, actor, user_id).await?;
    }
    tx.commit().await
}

async fn seen(tx: &Tx, user_id: UserId) -> Result<()> {
    let update = Entity::update_many().filter(Column::UserId.eq(user_id));
    update.col_expr(Column::SeenAt, Expr::value(tx.now())).exec(tx).await?;
    Ok(())
}

/// Whoever was offline because he was gone is back; whoever chose to be offline stays so.
async fn come(tx: &Tx, actor: &Actor, user_id: UserId) -> Result<()> {
    match find(tx, user_id).await? {
        None => change(tx, actor, user_id, Status::Free, Cause::Connected).await,
        Some(state) if state.status == Status::Offline && state.automatic => {
            active(tx, user_id).await?;
            change(tx, actor, user_id, back_to(state.chosen), Cause::Connected).await
        }
        Some(_) => Ok(()),
    }
}

/// Somebody who chose to be offline yesterday and was then found gone comes back free.
fn back_to(chosen: Status) -> Status {
    if chosen == Status::Offline { Status::Free } else { chosen }
}

#[derive(Debug, Deserialize)]
struct Sign {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    typing: bool,
}

/// A page says that its owner does something.
pub(crate) async fn hear(app: App, identity: Arc<Identity>, frame: serde_json::Value) -> Result<Option<Whisper>> {
    let Ok(sign) = serde_json::from_value::<Sign>(frame) else { return Ok(None) };
    if sign.kind != "active" && !(sign.kind == "presence" && sign.typing) {
        return Ok(None);
    }
    let Some(user_id) = identity.actor.user_id() else { return Ok(None) };
    let Some(state) = find(app.db.read(), user_id).await? else { return Ok(None) };
    let back = state.status == Status::Away && state.automatic;
    // Typing says so many times a minute.
    if !back && app.now() - state.active_at < Duration::seconds(20) {
        return Ok(None);
    }
    let tx = app.write().await?;
    active(&tx, user_id).await?;
    if back {
        change(&tx, &identity.actor, user_id, back_to(state.chosen), Cause::Active).await?;
    }
    tx.commit().await?;
    Ok(None)
}

async fn active(tx: &Tx, user_id: UserId) -> Result<()> {
    let update = Entity::update_many().filter(Column::UserId.eq(user_id));
    update.col_expr(Column::ActiveAt, Expr::value(tx.now())).exec(tx).await?;
    Ok(())
}

/// Somebody signed out in one browser: he is gone at once, unless he has another one open.
pub(crate) async fn signed_out(tx: &Tx, user_id: UserId, session_id: Option<SessionId>) -> Result<()> {
    if let Some(session_id) = session_id {
        connection::Entity::delete_many().filter(connection::Column::SessionId.eq(session_id)).exec(tx).await?;
    }
    let alive = connection::Entity::find()
        .filter(connection::Column::UserId.eq(user_id))
        .filter(connection::Column::SeenAt.gt(tx.now() - ALIVE))
        .count(tx)
        .await?;
    let present = find(tx, user_id).await?.is_some_and(|state| state.status != Status::Offline);
    if alive > 0 || !present {
        return Ok(());
    }
    change(tx, &Actor::system(), user_id, Status::Offline, Cause::SignedOut).await
}

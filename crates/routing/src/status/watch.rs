//! Looks again and again for who has been idle, and who has gone.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{Actor, Result};
use db::Tx;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde::{Deserialize, Serialize};

use super::attend::ALIVE;
use super::ops::held;
use super::{Cause, Column, Entity, Status, change, connection};
use crate::settings::{self, Settings};

/// Makes operators away and offline.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Watch {}

impl Job for Watch {
    const KIND: &'static str = "routing.watch_statuses";
    const EVERY: Option<Duration> = Some(Duration::from_secs(10));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let settings = settings::get(app.db.read()).await?;
        let tx = app.write().await?;
        forget_dead(&tx).await?;
        gone(&tx, &settings).await?;
        idle(&tx, &settings).await?;
        tx.commit().await?;
        Ok(())
    }
}

async fn forget_dead(tx: &Tx) -> Result<()> {
    let dead = connection::Entity::delete_many().filter(connection::Column::SeenAt.lte(tx.now() - ALIVE));
    dead.exec(tx).await?;
    Ok(())
}

async fn gone(tx: &Tx, settings: &Settings) -> Result<()> {
    let before = tx.now() - chrono::Duration::minutes(settings.offline_after_minutes);
    let connected = Query::select().column(connection::Column::UserId).from(connection::Entity).to_owned();
    let rows = Entity::find()
        .filter(Column::Status.ne(Status::Offline))
        .filter(Column::SeenAt.lte(before))
        .filter(Column::UserId.not_in_subquery(connected))
        .limit(500)
        .all(tx)
        .await?;
    for row in rows {
        // He may have come back meanwhile.
        if held(tx, row.user_id).await?.is_some_and(|state| state.seen_at <= before) {
            change(tx, &Actor::system(), row.user_id, Status::Offline, Cause::Disconnected).await?;
        }
    }
    Ok(())
}

async fn idle(tx: &Tx, settings: &Settings) -> Result<()> {
    let before = tx.now() - chrono::Duration::minutes(settings.away_after_minutes);
    let rows = Entity::find()
        .filter(Column::Status.eq(Status::Free))
        .filter(Column::ActiveAt.lte(before))
        .limit(500)
        .all(tx)
        .await?;
    for row in rows {
        if held(tx, row.user_id).await?.is_some_and(|state| state.active_at <= before) {
            change(tx, &Actor::system(), row.user_id, Status::Away, Cause::Idle).await?;
        }
    }
    Ok(())
}

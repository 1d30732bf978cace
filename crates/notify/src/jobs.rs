//! Hears of events and tells whom they concern; forgets what is long past.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};

use crate::entity::{Column, Entity};
use crate::tell;

pub(crate) const TELL: &str = "notify.tell";

/// Writes the notifications of an event, if it concerns somebody.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Tell(bus::Notice);

impl Job for Tell {
    const KIND: &'static str = TELL;
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        // Most events concern nobody: no write is begun for them.
        if crate::kind::Kind::of(&self.0).is_none() {
            return Ok(());
        }
        let tx = app.write().await?;
        tell::tell(&tx, &self.0).await?;
        Ok(tx.commit().await?)
    }
}

/// How long a notification is kept; what it tells of stays where it is.
const KEPT: chrono::Duration = chrono::Duration::days(90);

/// Forgets old notifications.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetOld {}

impl Job for ForgetOld {
    const KIND: &'static str = "notify.forget_old";
    const EVERY: Option<Duration> = Some(Duration::from_secs(6 * 3600));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        let tx = app.write().await?;
        Entity::delete_many().filter(Column::CreatedAt.lt(tx.now() - KEPT)).exec(&tx).await?;
        Ok(tx.commit().await?)
    }
}

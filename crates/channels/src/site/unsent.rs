//! Files that visitors attached and never sent are deleted after a day.

use std::time::Duration;

use app::{App, Attempt, Job, JobError};
use base::{FileId, Result};
use desk::file;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

/// How long a visitor may think before he sends.
const KEPT: chrono::Duration = chrono::Duration::days(1);

/// In one transaction.
const AT_ONCE: usize = 100;

/// Deletes what was never sent.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ForgetUnsent {}

impl Job for ForgetUnsent {
    const KIND: &'static str = "channels.forget_unsent";
    const EVERY: Option<Duration> = Some(Duration::from_secs(3600));
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        while forget_some(&app).await? == AT_ONCE {}
        Ok(())
    }
}

async fn forget_some(app: &App) -> Result<usize> {
    let unsent: Vec<(FileId, String)> = file::Entity::find()
        .select_only()
        .columns([file::Column::Id, file::Column::StorageKey])
        .filter(file::Column::ConversationId.is_null())
        .filter(file::Column::CreatedAt.lt(app.now() - KEPT))
        .filter(file::Column::MessageId.is_null())
        .filter(file::Column::UploadedBy.is_null())
        .filter(file::Column::StorageKey.starts_with("site/"))
        .order_by_asc(file::Column::CreatedAt)
        .limit(AT_ONCE as u64)
        .into_tuple()
        .all(app.db.read())
        .await?;
    if unsent.is_empty() {
        return Ok(0);
    }
    let tx = app.write().await?;
    for (id, storage_key) in &unsent {
        // A message that took it meanwhile has deleted the row, and has a row of its own.
        if file::Entity::delete_by_id(*id).exec(&tx).await?.rows_affected == 1 {
            jobs::enqueue(&tx, &DeleteBytes { storage_key: storage_key.clone() }).await?;
        }
    }
    tx.commit().await?;
    Ok(unsent.len())
}

/// Deletes the bytes of a file whose row is gone.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct DeleteBytes {
    storage_key: String,
}

impl Job for DeleteBytes {
    const KIND: &'static str = "channels.delete_bytes";
    type Context = App;

    async fn run(self, app: App, _: Attempt) -> Result<(), JobError> {
        Ok(app.files.delete(&self.storage_key).await?)
    }
}

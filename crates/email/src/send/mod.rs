//! Sending: queued in the transaction of the answer, handed to SMTP once.
//!
//! `message_queued` -> `QueueMail` (waits until the answer can no longer be taken back) -> `SendMail`, which claims the
//! letter, hands it over and records the end. What happens after a crash is told in `recover`.

mod entity;
mod handover;
mod job;
pub(crate) mod journal;
mod letter;
mod pool;
mod save;
mod staff;
pub(crate) mod template;

use std::time::Duration;

use app::App;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

pub(crate) use job::{QUEUE_MAIL, QueueMail, SendMail};
pub(crate) use letter::own_name;
pub(crate) use save::SaveSent;
pub(crate) use staff::{STAFF_LETTER, SendStaffLetter};

/// Deletes the journals of earlier processes once nothing refers to them.
pub(crate) async fn tend_journals(app: App) {
    loop {
        let needed = entity::Entity::find()
            .select_only()
            .column(entity::Column::Owner)
            .distinct()
            .filter(entity::Column::State.eq(entity::State::HandingOver))
            .into_tuple::<Option<String>>()
            .all(app.db.read())
            .await;
        match needed {
            Ok(needed) => journal::sweep(&app.config.data_dir, &needed.into_iter().flatten().collect::<Vec<_>>()),
            Err(error) => tracing::warn!(%error, "could not look for old journals: {error}"),
        }
        tokio::select! {
            () = app.stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(3600)) => {}
        }
    }
}

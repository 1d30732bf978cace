//! Fetching: one task for every enabled mailbox, side by side, so that a slow or broken one never delays another.
//!
//! The supervisor only compares: which mailboxes should be read, which tasks run. Changes reach it as `mailbox_changed`
//! events from any node, and it looks every few seconds anyway. A task reads its mailbox only under a lease.

mod pull;
mod runner;
mod state;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::App;
use base::{MailboxId, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::mailbox::{Action, Column, Entity};

const LOOK_AGAIN: Duration = Duration::from_secs(10);

struct Task {
    revision: i64,
    stop: CancellationToken,
    /// Look for mail now.
    kick: Arc<Notify>,
    handle: JoinHandle<()>,
}

/// Runs until the node stops.
pub(crate) async fn run(app: App) {
    let mut tasks: HashMap<MailboxId, Task> = HashMap::new();
    while !app.stop.is_cancelled() {
        if let Err(error) = supervise(&app, &mut tasks).await {
            tracing::error!(%error, "fetching of mail is interrupted: {error}");
            tokio::select! {
                () = app.stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
            }
        }
    }
    for task in tasks.values() {
        task.stop.cancel();
    }
    for (_, task) in tasks {
        let _ = tokio::time::timeout(Duration::from_secs(10), task.handle).await;
    }
}

async fn supervise(app: &App, tasks: &mut HashMap<MailboxId, Task>) -> Result<()> {
    let mut events = app.hub.listen(None).await?;
    loop {
        reconcile(app, tasks).await?;
        let look_again = tokio::time::sleep(LOOK_AGAIN);
        tokio::pin!(look_again);
        loop {
            let frame = tokio::select! {
                () = app.stop.cancelled() => return Ok(()),
                () = &mut look_again => break,
                frame = events.next() => frame,
            };
            let Some(frame) = frame else { return Ok(()) };
            if frame.kind != "mailbox_changed" {
                continue;
            }
            match serde_json::from_value::<Action>(frame.data["action"].clone()) {
                Ok(Action::Settings) => break,
                Ok(Action::Check) => {
                    if let Some(task) = frame.subject.and_then(|id| tasks.get(&MailboxId(id))) {
                        task.kick.notify_one();
                    }
                }
                // A task tells of its mailbox's state; that is for people.
                Err(_) => {}
            }
        }
    }
}

/// Starts what should run and does not, stops what should not, restarts what has other settings or has died.
async fn reconcile(app: &App, tasks: &mut HashMap<MailboxId, Task>) -> Result<()> {
    let wanted: HashMap<MailboxId, i64> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Revision])
        .filter(Column::Enabled.eq(true))
        .filter(Column::DeletedAt.is_null())
        .into_tuple::<(MailboxId, i64)>()
        .all(app.db.read())
        .await?
        .into_iter()
        .collect();
    tasks.retain(|id, task| {
        let keep = wanted.get(id) == Some(&task.revision) && !task.handle.is_finished();
        if !keep {
            task.stop.cancel();
        }
        keep
    });
    for (id, revision) in wanted {
        tasks.entry(id).or_insert_with(|| start(app, id, revision));
    }
    Ok(())
}

fn start(app: &App, id: MailboxId, revision: i64) -> Task {
    let (stop, kick) = (app.stop.child_token(), Arc::new(Notify::new()));
    let handle = tokio::spawn(runner::run(app.clone(), id, revision, stop.clone(), kick.clone()));
    Task { revision, stop, kick, handle }
}

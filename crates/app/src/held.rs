//! Work that one node at a time does for a row: reading a mailbox, polling a messenger.
//!
//! Its table has `id`, `revision`, `enabled`, `deleted_at`, `lease_owner` and `lease_until`. The supervisor only compares:
//! which rows are to be worked on, which tasks run. Changes reach it as events from any node, and it looks every few
//! seconds anyway. Invariants: a task works only under the lease of its row; on a node a row has one task, and the next
//! begins when the one before has ended.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::{Result, Timestamp};
use db::dialect::statement;
use sea_orm::ConnectionTrait;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::App;

/// A node that dies loses its rows to another after this long; on the same machine at once.
const LEASE: Duration = Duration::from_secs(30);
const RENEW: Duration = Duration::from_secs(8);
/// Also without news of a change: a lost one costs this long.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// How soon to ask again for a row that another node has.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// Work on the rows of a table. The value is what a task remembers of one row between its tries.
pub trait Held: Default + Send + 'static {
    const TABLE: &'static str;
    /// The event of a change. Its data say `"action": "settings"` when tasks may have to begin or end, and
    /// `"action": "check"` when the task of the row should not wait any longer.
    const EVENT: &'static str;

    /// Works on a row until something breaks; answers how long to wait before the next try.
    fn work(&mut self, app: &App, id: Uuid, kick: &Notify) -> impl Future<Output = Duration> + Send;
}

/// The pause after so many failures in a row: 2 s, 4 s, ... `most`, each a quarter more or less so that many do not knock
/// together.
pub fn backoff(failures: i64, most: Duration, seed: u128) -> Duration {
    let base = 2f64.powi(i32::try_from(failures.clamp(1, 30)).unwrap_or(30)).min(most.as_secs_f64());
    Duration::from_secs_f64(base * (0.75 + (seed % 1000) as f64 / 2000.0))
}

struct Task {
    revision: i64,
    stop: CancellationToken,
    kick: Arc<Notify>,
    handle: JoinHandle<()>,
}

/// Looks after the rows of a table until the node stops.
pub async fn run<H: Held>(app: App) {
    let mut tasks = HashMap::new();
    while !app.stop.is_cancelled() {
        if let Err(error) = supervise::<H>(&app, &mut tasks).await {
            tracing::error!(%error, "nobody looks after {}s for a moment: {error}", H::TABLE);
            tokio::select! {
                () = app.stop.cancelled() => {}
                () = tokio::time::sleep(Duration::from_secs(2)) => {}
            }
        }
    }
    for (_, task) in tasks {
        let _ = tokio::time::timeout(Duration::from_secs(10), task.handle).await;
    }
}

async fn supervise<H: Held>(app: &App, tasks: &mut HashMap<Uuid, Task>) -> Result<()> {
    let mut events = app.hub.listen(None).await?;
    loop {
        reconcile::<H>(app, tasks).await?;
        let look_again = tokio::time::sleep(LOOK_AGAIN);
        tokio::pin!(look_again);
        loop {
            let frame = tokio::select! {
                () = app.stop.cancelled() => return Ok(()),
                () = &mut look_again => break,
                frame = events.next() => frame,
            };
            let Some(frame) = frame else { return Ok(()) };
            if frame.kind != H::EVENT {
                continue;
            }
            match frame.data["action"].as_str() {
                Some("settings") => break,
                Some("check") => {
                    if let Some(task) = frame.subject.and_then(|id| tasks.get(&id)) {
                        task.kick.notify_one();
                    }
                }
                _ => {}
            }
        }
    }
}

/// Starts what should run and does not, stops what should not, restarts what has other settings or has died.
async fn reconcile<H: Held>(app: &App, tasks: &mut HashMap<Uuid, Task>) -> Result<()> {
    let wanted = wanted::<H>(app).await?;
    for (id, task) in tasks.iter().filter(|(id, task)| wanted.get(*id) != Some(&task.revision)) {
        tracing::debug!(%id, "{} {id} is let go of", H::TABLE);
        task.stop.cancel();
    }
    tasks.retain(|_, task| !task.handle.is_finished());
    for (id, revision) in wanted {
        let task = match tasks.remove(&id) {
            Some(task) if !task.stop.is_cancelled() => task,
            before => start::<H>(app, id, revision, before.map(|task| task.handle)),
        };
        tasks.insert(id, task);
    }
    Ok(())
}

fn start<H: Held>(app: &App, id: Uuid, revision: i64, before: Option<JoinHandle<()>>) -> Task {
    let (stop, kick) = (app.stop.child_token(), Arc::new(Notify::new()));
    let task = live::<H>(app.clone(), id, revision, stop.clone(), kick.clone());
    let handle = tokio::spawn(async move {
        if let Some(before) = before {
            let _ = before.await;
        }
        task.await;
    });
    Task { revision, stop, kick, handle }
}

/// The life of a row on this node.
async fn live<H: Held>(app: App, id: Uuid, revision: i64, stop: CancellationToken, kick: Arc<Notify>) {
    let mut held = H::default();
    loop {
        let pause = tokio::select! {
            () = stop.cancelled() => break,
            pause = turn(&app, id, revision, &mut held, &kick) => pause,
        };
        tokio::select! {
            () = stop.cancelled() => break,
            () = kick.notified() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(error) = release::<H>(&app, id).await {
        tracing::warn!(%error, "could not give back {} {id}: {error}", H::TABLE);
    }
}

/// One try from its beginning to its end, if the row is ours.
async fn turn<H: Held>(app: &App, id: Uuid, revision: i64, held: &mut H, kick: &Notify) -> Duration {
    match hold::<H>(app, id, revision).await {
        Ok(true) => {}
        Ok(false) => return ASK_AGAIN,
        Err(error) => {
            tracing::error!(%error, "could not take {} {id}: {error}", H::TABLE);
            return ASK_AGAIN;
        }
    }
    tokio::select! {
        pause = held.work(app, id, kick) => pause,
        () = keep_hold::<H>(app, id, revision) => ASK_AGAIN,
    }
}

/// The rows to be worked on, with their revisions.
async fn wanted<H: Held>(app: &App) -> Result<HashMap<Uuid, i64>> {
    let sql = format!("select id, revision from {} where enabled and deleted_at is null", H::TABLE);
    let rows = app.db.read().query_all_raw(statement(app.db.read(), &sql, [])).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}

/// Takes or keeps the right to work on a row. False while another process has it, or when it is not as it was.
async fn hold<H: Held>(app: &App, id: Uuid, revision: i64) -> Result<bool> {
    let me = jobs::owner::this();
    let sql = format!(
        "select lease_owner, lease_until from {} where id = $1 and revision = $2 and enabled and deleted_at is null",
        H::TABLE
    );
    let read = app.db.read();
    let Some(row) = read.query_one_raw(statement(read, &sql, [id.into(), revision.into()])).await? else {
        return Ok(false);
    };
    let (owner, until): (Option<String>, Option<Timestamp>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let other = owner.filter(|owner| owner != me);
    let dead = other.clone().filter(|owner| jobs::owner::is_dead(owner));
    if other.is_some() && dead.is_none() && until.is_some_and(|until| until > app.now()) {
        return Ok(false);
    }
    let sql = format!(
        "update {} set lease_owner = $1, lease_until = $2 where id = $3 and revision = $4
         and (lease_owner is null or lease_owner = $5 or lease_owner = $6 or lease_until < $7)",
        H::TABLE
    );
    let tx = app.write().await?;
    let (now, until) = (tx.now(), tx.now() + LEASE);
    let values = [
        me.into(),
        until.into(),
        id.into(),
        revision.into(),
        me.into(),
        dead.as_deref().unwrap_or(me).into(),
        now.into(),
    ];
    let taken = tx.execute_raw(statement(&tx, &sql, values)).await?;
    tx.commit().await?;
    Ok(taken.rows_affected() > 0)
}

/// Ends when somebody else has the row, or its settings changed.
async fn keep_hold<H: Held>(app: &App, id: Uuid, revision: i64) {
    let mut missed = 0;
    loop {
        tokio::time::sleep(RENEW).await;
        match hold::<H>(app, id, revision).await {
            Ok(true) => missed = 0,
            Ok(false) => return,
            // The database is away: the lease lasts a little longer than this.
            Err(_) if missed < 2 => missed += 1,
            Err(_) => return,
        }
    }
}

/// Gives the right back, so that another node need not wait.
async fn release<H: Held>(app: &App, id: Uuid) -> Result<()> {
    let sql =
        format!("update {} set lease_owner = null, lease_until = null where id = $1 and lease_owner = $2", H::TABLE);
    let tx = app.write().await?;
    tx.execute_raw(statement(&tx, &sql, [id.into(), jobs::owner::this().into()])).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_their_most_and_differ() {
        let most = Duration::from_secs(300);
        for seed in [0, 499, 999] {
            assert!(backoff(1, most, seed) < Duration::from_secs(3));
            assert!(backoff(i64::MAX, most, seed) <= most * 5 / 4 && backoff(50, most, seed) >= most * 3 / 4);
            assert!(backoff(4, most, seed) > backoff(2, most, seed));
        }
        assert_ne!(backoff(3, most, 0), backoff(3, most, 500));
    }
}

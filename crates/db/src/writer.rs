//! SQLite's one writer, with group commit.
//!
//! Commands take turns. A command that ends while others wait for their turn leaves the transaction open and hands it
//! over; the last one (or every `MAX_BATCH`th) commits for all, and only then does any of them hear "done". So every
//! answered command is on the disk (synchronous=FULL), and ten commands that arrive together pay for one fsync.
//!
//! Invariant: a command's failure undoes only its own rows (a savepoint). A failed commit fails every command of its batch.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base::{Error, Result};
use sea_orm::{DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions, TransactionTrait};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

const MAX_BATCH: usize = 128;

pub(crate) struct Writer {
    shared: Arc<Shared>,
}

struct Shared {
    connection: DatabaseConnection,
    batch: Arc<Mutex<Batch>>,
    /// Commands that wait for their turn.
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Batch {
    transaction: Option<DatabaseTransaction>,
    /// Commands whose rows are in `transaction` and who wait for its commit.
    followers: Vec<oneshot::Sender<Result<(), String>>>,
}

impl Writer {
    pub(crate) fn new(connection: DatabaseConnection) -> Self {
        Writer { shared: Arc::new(Shared { connection, batch: Arc::default(), waiting: AtomicUsize::new(0) }) }
    }

    pub(crate) async fn begin(&self) -> Result<Turn> {
        let waiting = Waiting::enter(self.shared.clone());
        let mut batch = self.shared.batch.clone().lock_owned().await;
        waiting.leave();
        let first = batch.transaction.is_none();
        let savepoint = match &batch.transaction {
            None => {
                let options = TransactionOptions {
                    sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                    ..Default::default()
                };
                batch.transaction = Some(self.shared.connection.begin_with_options(options).await?);
                None
            }
            Some(transaction) => Some(transaction.begin().await?),
        };
        debug_assert_eq!(first, savepoint.is_none());
        Ok(Turn { shared: self.shared.clone(), batch: Some(batch), savepoint })
    }

    pub(crate) async fn close(&self) -> Result<()> {
        let batch = self.shared.batch.clone().lock_owned().await;
        commit_batch(batch).await?;
        self.shared.connection.clone().close().await?;
        Ok(())
    }
}

/// One command's turn to write.
pub(crate) struct Turn {
    shared: Arc<Shared>,
    /// Present until `commit` or drop.
    batch: Option<OwnedMutexGuard<Batch>>,
    /// The first command of a batch writes in the transaction itself, the others each in a savepoint.
    savepoint: Option<DatabaseTransaction>,
}

impl Turn {
    pub(crate) fn connection(&self) -> &DatabaseTransaction {
        match (&self.savepoint, &self.batch) {
            (Some(savepoint), _) => savepoint,
            (None, Some(batch)) => match &batch.transaction {
                Some(transaction) => transaction,
                None => unreachable!("a turn always has an open transaction"),
            },
            (None, None) => unreachable!("a turn ends when it is consumed"),
        }
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        if let Some(savepoint) = self.savepoint.take() {
            savepoint.commit().await?;
        }
        let Some(mut batch) = self.batch.take() else { return Ok(()) };
        if self.shared.waiting.load(Ordering::SeqCst) > 0 && batch.followers.len() + 1 < MAX_BATCH {
            let (sender, receiver) = oneshot::channel();
            batch.followers.push(sender);
            drop(batch);
            return match receiver.await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(message)) => Err(Error::internal(message)),
                Err(_) => Err(Error::internal("the writer stopped before the commit")),
            };
        }
        commit_batch(batch).await
    }
}

impl Drop for Turn {
    /// An unfinished command: undo its rows, and do not leave those before it waiting.
    fn drop(&mut self) {
        let Some(mut batch) = self.batch.take() else { return };
        let savepoint = self.savepoint.take();
        let shared = self.shared.clone();
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            match savepoint {
                Some(savepoint) => {
                    if let Err(error) = savepoint.rollback().await {
                        tracing::error!(%error, "could not undo a failed command; its whole batch is given up: {error}");
                        fail_batch(&mut batch, &error.to_string());
                    }
                }
                None => {
                    if let Some(transaction) = batch.transaction.take()
                        && let Err(error) = transaction.rollback().await
                    {
                        tracing::error!(%error, "could not roll back: {error}");
                    }
                }
            }
            if shared.waiting.load(Ordering::SeqCst) == 0
                && let Err(error) = commit_batch(batch).await
            {
                tracing::error!(%error, "could not commit a batch: {error}");
            }
        });
    }
}

fn fail_batch(batch: &mut Batch, message: &str) {
    batch.transaction = None;
    for follower in batch.followers.drain(..) {
        let _ = follower.send(Err(message.to_owned()));
    }
}

async fn commit_batch(mut batch: OwnedMutexGuard<Batch>) -> Result<()> {
    let Some(transaction) = batch.transaction.take() else { return Ok(()) };
    let result = transaction.commit().await;
    let followers = std::mem::take(&mut batch.followers);
    drop(batch);
    for follower in followers {
        let _ = follower.send(result.as_ref().map(|_| ()).map_err(|error| error.to_string()));
    }
    Ok(result?)
}

/// Counts a command that waits for its turn. If it gives up waiting, the batch it was to finish must not hang.
struct Waiting {
    shared: Option<Arc<Shared>>,
}

impl Waiting {
    fn enter(shared: Arc<Shared>) -> Self {
        shared.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting { shared: Some(shared) }
    }

    fn leave(mut self) {
        if let Some(shared) = self.shared.take() {
            shared.waiting.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let Some(shared) = self.shared.take() else { return };
        shared.waiting.fetch_sub(1, Ordering::SeqCst);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let batch = shared.batch.clone().lock_owned().await;
            if shared.waiting.load(Ordering::SeqCst) == 0
                && let Err(error) = commit_batch(batch).await
            {
                tracing::error!(%error, "could not commit a batch: {error}");
            }
        });
    }
}

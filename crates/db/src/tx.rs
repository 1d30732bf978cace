//! A write transaction: what one command does, all of it or nothing.

use std::sync::Mutex;

use base::{Result, Timestamp};
use sea_orm::sea_query::LockType;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use uuid::Uuid;

use crate::wake::Topic;
use crate::writer::Turn;
use crate::{Db, dialect};

/// How a row is held until the end of its transaction: `find(..).lock(db::HOLD)`.
///
/// Not `lock_exclusive`: on PostgreSQL that one also stops whoever inserts a row that refers to the held one, and two
/// commands that hold a chat and its conversation in turn then wait for each other. On SQLite there is one writer and the lock is nothing.
pub const HOLD: LockType = LockType::NoKeyUpdate;

/// An open write. Give it to SeaORM as a connection; end it with `commit`.
pub struct Tx {
    db: Db,
    now: Timestamp,
    inner: Inner,
    signals: Mutex<Vec<Topic>>,
    /// What `at_commit` was given.
    last: Mutex<Vec<(String, Statement)>>,
}

pub(crate) enum Inner {
    Sqlite(Turn),
    Postgres(DatabaseTransaction),
}

impl Tx {
    pub(crate) fn new(db: Db, inner: Inner) -> Self {
        let now = db.now();
        Tx { db, now, inner, signals: Mutex::default(), last: Mutex::default() }
    }

    /// The time of this command: one instant for all its rows.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    pub fn new_id(&self) -> Uuid {
        self.db.new_id()
    }

    pub fn db(&self) -> &Db {
        &self.db
    }

    /// After the commit, wakes whoever waits on this topic, on every node.
    pub fn signal(&self, topic: Topic) {
        let mut signals = self.signals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if !signals.contains(&topic) {
            signals.push(topic);
        }
    }

    /// Leaves a statement to the commit, for a row that only one transaction may write. These run there in the order of their
    /// keys: two transactions that write the same rows then wait for each other in the same order and never in a circle,
    /// and while one waits it has nothing more to ask for.
    pub fn at_commit(&self, key: String, statement: Statement) {
        self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((key, statement));
    }

    /// Makes everything durable. When this answers, the rows survive a power cut.
    pub async fn commit(self) -> Result<()> {
        let mut last = std::mem::take(&mut *self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        last.sort_by(|(a, _), (b, _)| a.cmp(b));
        for (_, statement) in last {
            self.execute_raw(statement).await?;
        }
        let Tx { db, inner, signals, .. } = self;
        let signals = signals.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        match inner {
            Inner::Sqlite(turn) => turn.commit().await?,
            Inner::Postgres(transaction) => {
                for topic in &signals {
                    dialect::notify(&transaction, topic.name()).await?;
                }
                transaction.commit().await?;
            }
        }
        for topic in signals {
            db.inner.wake.signal(topic);
        }
        Ok(())
    }

    fn connection(&self) -> &DatabaseTransaction {
        match &self.inner {
            Inner::Sqlite(turn) => turn.connection(),
            Inner::Postgres(transaction) => transaction,
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.connection().get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.connection().execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.connection().execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.connection().query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.connection().query_all_raw(statement).await
    }
}

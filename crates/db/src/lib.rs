//! The database: connection, reads, writes, migrations, and everything that differs between SQLite and PostgreSQL.
//!
//! Invariant: no other crate names a database backend. Whoever needs to know which one it is asks `dialect` or `search`.
//!
//! Reads go to a pool of readers (`Db::read`). Every write is a transaction (`Db::write` -> `Tx` -> `commit`). On SQLite
//! there is one writer and writers that queue behind each other share one fsync (`writer`). Nothing may wait for the
//! network while a `Tx` is open.

pub mod bulk;
pub mod condition;
pub mod dialect;
mod fetch;
mod migrate;
pub mod search;
mod tx;
mod wake;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::{Clock, Error, Result, Timestamp};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, TransactionTrait};
use uuid::{ContextV7, Uuid};

pub use fetch::{Cell, Fetch, Reader, Row, places};
pub use migrate::Migration;
pub use tx::{HOLD, Tx};
pub use wake::Topic;

use crate::wake::Wake;
use crate::writer::Writer;

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    inner: Arc<Inner>,
}

struct Inner {
    read: Reader,
    write: Write,
    clock: Clock,
    ids: Mutex<ContextV7>,
    wake: Wake,
    subscriptions: Subscriptions,
}

enum Write {
    Sqlite(Writer),
    Postgres(DatabaseConnection),
}

/// Which job kinds an event kind puts on the queue. Filled by `app` from the features, read by `bus::emit`.
pub type Subscriptions = std::collections::HashMap<&'static str, Vec<&'static str>>;

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// `url` is `sqlite:PATH` (created when missing) or `postgres://...`.
    pub async fn connect(
        url: &str,
        clock: Clock,
        migrations: &[&[Migration]],
        subscriptions: Subscriptions,
    ) -> Result<Db> {
        let (read, write, wake) = if let Some(path) = url.strip_prefix("sqlite:") {
            let writer = Database::connect(sqlite_options(path, false)).await?;
            let read = Database::connect(sqlite_options(path, true)).await?;
            (Reader::new(read, Some(path.into())), Write::Sqlite(Writer::new(writer)), Wake::local())
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let connection = Database::connect(postgres_options(url)).await?;
            let wake = Wake::postgres(connection.get_postgres_connection_pool().clone());
            (Reader::new(connection.clone(), None), Write::Postgres(connection), wake)
        } else {
            return Err(Error::internal("the database URL must begin with sqlite: or postgres://"));
        };
        let db = Db {
            inner: Arc::new(Inner { read, write, clock, ids: Mutex::new(ContextV7::new()), wake, subscriptions }),
        };
        migrate::run(&db, migrations).await?;
        Ok(db)
    }

    /// The pool for reading. On SQLite these connections refuse to write.
    pub fn read(&self) -> &Reader {
        &self.inner.read
    }

    /// Begins a write. Dropped without `commit`, it leaves no trace.
    pub async fn write(&self) -> Result<Tx> {
        match &self.inner.write {
            Write::Sqlite(writer) => Ok(Tx::new(self.clone(), tx::Inner::Sqlite(writer.begin().await?))),
            Write::Postgres(connection) => Ok(Tx::new(self.clone(), tx::Inner::Postgres(connection.begin().await?))),
        }
    }

    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// A fresh UUIDv7: later ids of one process sort after earlier ones, also within a millisecond.
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or(0);
        let context = self.inner.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, now.timestamp_subsec_nanos()))
    }

    /// Which job kinds wait for an event of this kind.
    pub fn subscribers(&self, event: &str) -> &[&'static str] {
        self.inner.subscriptions.get(event).map(Vec::as_slice).unwrap_or_default()
    }

    /// Waits until somebody, on this node or another, commits something on this topic.
    pub fn wake(&self, topic: Topic) -> tokio::sync::watch::Receiver<u64> {
        self.inner.wake.subscribe(topic)
    }

    /// Tells every node something that nobody keeps, such as "Anna is typing". At most 7,000 bytes; lost without harm.
    pub fn whisper(&self, text: String) {
        match &self.inner.write {
            Write::Sqlite(_) => self.inner.wake.whisper_here(&text),
            Write::Postgres(connection) => {
                let connection = connection.clone();
                tokio::spawn(async move {
                    if let Err(error) = dialect::whisper(&connection, &text).await {
                        tracing::debug!(%error, "a whisper was lost: {error}");
                    }
                });
            }
        }
    }

    /// What any node whispers from now on, this one too.
    pub fn whispers(&self) -> tokio::sync::broadcast::Receiver<Arc<str>> {
        self.inner.wake.whispers()
    }

    /// The name of the database product, for `doctor` and metrics only.
    pub fn product(&self) -> &'static str {
        match self.inner.write {
            Write::Sqlite(_) => "sqlite",
            Write::Postgres(_) => "postgres",
        }
    }

    /// Answers when the database does.
    pub async fn ping(&self) -> Result<()> {
        self.read().execute_unprepared("select 1").await?;
        Ok(())
    }

    pub async fn close(&self) -> Result<()> {
        self.inner.wake.stop();
        if let Write::Sqlite(writer) = &self.inner.write {
            writer.close().await?;
        }
        self.inner.read.close().await
    }
}

fn sqlite_options(path: &str, read_only: bool) -> ConnectOptions {
    let create = if read_only { "ro" } else { "rwc" };
    let mut options = ConnectOptions::new(format!("sqlite:{path}?mode={create}"));
    let readers = if Path::new(path).to_string_lossy().contains(":memory:") { 1 } else { 4 };
    options
        .max_connections(if read_only { readers } else { 1 })
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            let sqlite = sqlite
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .statement_cache_capacity(512)
                .pragma("temp_store", "memory")
                .pragma("cache_size", if read_only { "-4000" } else { "-16000" });
            if read_only {
                sqlite.pragma("query_only", "on")
            } else {
                sqlite
                    .journal_mode(SqliteJournalMode::Wal)
                    .synchronous(SqliteSynchronous::Full)
                    .pragma("journal_size_limit", "67108864")
            }
        });
    options
}

fn postgres_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(24)
        .min_connections(1)
        .acquire_timeout(Duration::from_secs(30))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|postgres| {
            postgres.application_name("otklik").options([("TimeZone", "UTC"), ("statement_timeout", "60000")])
        });
    options
}

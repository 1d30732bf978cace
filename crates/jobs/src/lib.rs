//! Durable background jobs, kept in the database.
//!
//! Invariants: a job is enqueued in the transaction of the command that needs it. It is claimed under a lease and runs
//! outside any transaction, so it must be idempotent: after a crash it runs again. A failed one is retried with growing
//! pauses; one that never succeeds is kept, visible, until somebody retries or discards it.

mod entity;
pub mod owner;
mod queue;
mod worker;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use base::Error;
use db::Migration;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use entity::{Column, Entity, Model, State};
pub use queue::{
    Counts, KindCounts, begin_once, counts, discard, enqueue, enqueue_at, enqueue_once, enqueue_once_at, enqueue_raw,
    enqueue_raw_at, ensure_periodic, find, list, retry, retry_all,
};
pub use worker::Worker;

/// A kind of background work; its fields are its payload.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Stable name, `feature.verb_noun`.
    const KIND: &'static str;
    /// Tries before it counts as failed.
    const MAX_ATTEMPTS: i64 = 12;
    /// How long one run may take before another worker may think it dead.
    const LEASE: Duration = Duration::from_secs(300);
    /// `Some` for work that repeats: it is put back on the queue this long after each run.
    const EVERY: Option<Duration> = None;
    /// What a run needs.
    type Context: Clone + Send + Sync + 'static;

    fn run(self, context: Self::Context, attempt: Attempt) -> impl Future<Output = Result<(), JobError>> + Send;
}

/// Which try this is.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// 1 for the first.
    pub number: i64,
    pub last: bool,
}

/// Why a job did not succeed.
#[derive(Debug)]
pub enum JobError {
    /// Try again, later each time.
    Retry(Error),
    /// Try again after exactly this long (a server's Retry-After).
    RetryAfter(Duration, Error),
    /// Trying again cannot help.
    Fail(Error),
}

impl<E: Into<Error>> From<E> for JobError {
    fn from(error: E) -> Self {
        match error.into() {
            error @ (Error::Invalid(_) | Error::NotFound(_)) => JobError::Fail(error),
            error => JobError::Retry(error),
        }
    }
}

type Run<C> = Arc<
    dyn Fn(C, serde_json::Value, Attempt) -> Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>> + Send + Sync,
>;

/// A job kind as a worker knows it.
#[derive(Clone)]
pub struct JobType<C> {
    pub kind: &'static str,
    pub max_attempts: i64,
    pub lease: Duration,
    pub every: Option<Duration>,
    run: Run<C>,
}

/// Makes a job kind known to the worker.
pub fn job<J: Job>() -> JobType<J::Context> {
    JobType {
        kind: J::KIND,
        max_attempts: J::MAX_ATTEMPTS,
        lease: J::LEASE,
        every: J::EVERY,
        run: Arc::new(|context, payload, attempt| {
            Box::pin(async move {
                let job: J = serde_json::from_value(payload)
                    .map_err(|error| JobError::Fail(Error::internal(format!("unreadable payload: {error}"))))?;
                job.run(context, attempt).await
            })
        }),
    }
}

pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "2026_11_21_01_jobs",
    sql: "
create table job (
    id {id} primary key,
    kind text not null,
    payload {json} not null,
    state text not null,
    priority bigint not null,
    run_at {time} not null,
    attempts bigint not null,
    max_attempts bigint not null,
    dedup_key text unique,
    worker text,
    lease_until {time},
    started_at {time},
    last_error text,
    created_at {time} not null
);
create index job_due on job (state, run_at);
create index job_lease on job (state, lease_until);
create index job_list on job (state, created_at, id)
",
    sqlite: "",
    postgres: "",
}];

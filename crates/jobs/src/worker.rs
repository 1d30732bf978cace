//! Runs jobs: claims due ones, keeps their leases, puts failed ones back, catches panics.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use base::{Error, JobId, Result, Timestamp};
use db::{Db, Topic};
use futures::FutureExt;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use crate::entity::{Column, Entity, Model, State};
use crate::{Attempt, JobError, JobType, owner, queue};

/// A job may run as long as its kind's lease; it is nobody else's for this much longer, so that its end can be recorded.
const TO_RECORD: Duration = Duration::from_secs(30);
/// So many jobs that are done leave the queue at once.
const MAX_CLEARED: usize = 100;

/// Runs the jobs of one node.
pub struct Worker<C> {
    db: Db,
    context: C,
    name: String,
    types: HashMap<&'static str, JobType<C>>,
    /// Told when a job is given up, so that administrators see it at once.
    on_failed: Option<fn(C, Model)>,
}

impl<C: Clone + Send + Sync + 'static> Worker<C> {
    pub fn new(db: Db, context: C, types: impl IntoIterator<Item = JobType<C>>) -> Self {
        let name = owner::this().to_owned();
        Worker { db, context, name, types: types.into_iter().map(|job| (job.kind, job)).collect(), on_failed: None }
    }

    pub fn on_failed(mut self, f: fn(C, Model)) -> Self {
        self.on_failed = Some(f);
        self
    }

    /// Works until told to stop, then waits for what is running.
    pub async fn run(self, concurrency: usize, stop: CancellationToken) {
        let worker = Arc::new(self);
        if let Err(error) = worker.start_periodic().await {
            tracing::error!(%error, "could not put repeating jobs on the queue: {error}");
        }
        let slots = Arc::new(Semaphore::new(concurrency));
        let (done, cleared) = mpsc::unbounded_channel();
        let clearing = tokio::spawn({
            let worker = worker.clone();
            async move { worker.clear(cleared).await }
        });
        let mut wake = worker.db.wake(Topic::Jobs);
        let mut last_release = tokio::time::Instant::now() - Duration::from_secs(60);
        while !stop.is_cancelled() {
            wake.borrow_and_update();
            if last_release.elapsed() > Duration::from_secs(10) {
                last_release = tokio::time::Instant::now();
                worker.release_expired().await;
            }
            let (claimed, due) = match worker.claim(slots.available_permits()).await {
                Ok(claimed) => claimed,
                Err(error) => {
                    tracing::error!(%error, "could not claim jobs: {error}");
                    (Vec::new(), None)
                }
            };
            let any = !claimed.is_empty();
            for job in claimed {
                let Ok(slot) = slots.clone().acquire_owned().await else { return };
                let (worker, done) = (worker.clone(), done.clone());
                tokio::spawn(async move {
                    if let Some(id) = worker.execute(job).await {
                        let _ = done.send(id);
                    }
                    drop(slot);
                });
            }
            if any && slots.available_permits() > 0 {
                continue;
            }
            let pause = worker.pause(due);
            tokio::select! {
                _ = stop.cancelled() => {}
                _ = wake.changed() => {}
                _ = tokio::time::sleep(pause) => {}
                // A slot became free while every slot was taken: look again.
                _ = slots.acquire(), if slots.available_permits() == 0 => {}
            }
        }
        let _ = tokio::time::timeout(Duration::from_secs(20), slots.acquire_many(concurrency as u32)).await;
        drop(done);
        let _ = tokio::time::timeout(Duration::from_secs(5), clearing).await;
    }

    /// Runs everything that is due, one at a time, and answers how many jobs ran. For tests and one-shot commands.
    pub async fn drain(self) -> Result<usize> {
        let worker = Arc::new(self);
        let mut count = 0;
        loop {
            let (claimed, _) = worker.claim(16).await?;
            if claimed.is_empty() {
                return Ok(count);
            }
            count += claimed.len();
            for job in claimed {
                if let Some(done) = worker.execute(job).await {
                    worker.delete(vec![done]).await;
                }
            }
        }
    }

    /// Puts the repeating jobs on the queue; those that are there stay as they are.
    pub async fn start_periodic(&self) -> Result<()> {
        let tx = self.db.write().await?;
        for job in self.types.values().filter(|job| job.every.is_some()) {
            queue::ensure_periodic(&tx, job).await?;
        }
        tx.commit().await
    }

    async fn release_expired(&self) {
        let release = async {
            let tx = self.db.write().await?;
            let count = queue::release_expired(&tx).await?;
            tx.commit().await?;
            Ok::<_, Error>(count)
        };
        match release.await {
            Ok(0) => {}
            Ok(count) => tracing::warn!(count, "gave back {count} jobs whose worker died"),
            Err(error) => tracing::error!(%error, "could not give back expired jobs: {error}"),
        }
    }

    /// What is due now, and when the first job of all was due or will be.
    async fn claim(&self, free: usize) -> Result<(Vec<Model>, Option<Timestamp>)> {
        let kinds: Vec<&'static str> = self.types.keys().copied().collect();
        let due = queue::next_due(self.db.read(), &kinds).await?;
        if free == 0 || due.is_none_or(|due| due > self.db.now()) {
            return Ok((Vec::new(), due));
        }
        let leases: Vec<(&'static str, Duration)> =
            self.types.values().map(|job| (job.kind, job.lease + TO_RECORD)).collect();
        let tx = self.db.write().await?;
        let claimed = queue::claim(&tx, &leases, &self.name, free.min(16) as u64).await?;
        tx.commit().await?;
        Ok((claimed, due))
    }

    /// Until the next job is due.
    fn pause(&self, due: Option<Timestamp>) -> Duration {
        let shortest = Duration::from_millis(20);
        due.map_or(queue::LONGEST_PAUSE, |due| {
            (due - self.db.now()).to_std().unwrap_or(shortest).clamp(shortest, queue::LONGEST_PAUSE)
        })
    }

    /// Runs a job and records how it ended; one that is simply done is left to whoever takes done jobs off the queue.
    async fn execute(&self, job: Model) -> Option<JobId> {
        let job_type = self.types.get(job.kind.as_str()).cloned()?;
        let started = tokio::time::Instant::now();
        let attempt = Attempt { number: job.attempts, last: job.attempts >= job.max_attempts };
        let run = (job_type.run)(self.context.clone(), job.payload.clone(), attempt);
        let outcome = match tokio::time::timeout(job_type.lease, AssertUnwindSafe(run).catch_unwind()).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(panic)) => Err(JobError::Retry(Error::internal(format!("panic: {}", panic_text(&panic))))),
            Err(_) => Err(JobError::Retry(Error::internal(format!("took longer than {:?}", job_type.lease)))),
        };
        let result = if outcome.is_ok() { "ok" } else { "error" };
        metrics::counter!("otklik_jobs_total", "kind" => job_type.kind, "result" => result).increment(1);
        metrics::histogram!("otklik_job_seconds", "kind" => job_type.kind).record(started.elapsed().as_secs_f64());
        if outcome.is_ok() && job_type.every.is_none() {
            return Some(job.id);
        }
        if let Err(error) = self.finish(&job_type, job, outcome).await {
            tracing::error!(%error, "could not record the end of a job, it will run again: {error}");
        }
        None
    }

    /// Takes jobs that are done off the queue, those that ended meanwhile together.
    async fn clear(&self, mut done: mpsc::UnboundedReceiver<JobId>) {
        let mut ids = Vec::new();
        while done.recv_many(&mut ids, MAX_CLEARED).await > 0 {
            self.delete(std::mem::take(&mut ids)).await;
        }
    }

    async fn delete(&self, ids: Vec<JobId>) {
        let delete = async {
            let tx = self.db.write().await?;
            Entity::delete_many().filter(Column::Id.is_in(ids)).exec(&tx).await?;
            tx.commit().await
        };
        if let Err(error) = delete.await {
            tracing::error!(%error, "could not record that jobs are done, they will run again: {error}");
        }
    }

    async fn finish(&self, job_type: &JobType<C>, job: Model, outcome: Result<(), JobError>) -> Result<()> {
        let tx = self.db.write().await?;
        let retry_at = match &outcome {
            Ok(()) => job_type.every.map(|every| tx.now() + every),
            Err(JobError::RetryAfter(pause, _)) => Some(tx.now() + *pause),
            Err(JobError::Fail(_)) if job_type.every.is_none() => None,
            Err(_) if job_type.every.is_none() && job.attempts >= job.max_attempts => None,
            Err(_) => Some(tx.now() + backoff(job.attempts)),
        };
        let error = outcome.err().map(|error| match error {
            JobError::Retry(error) | JobError::RetryAfter(_, error) | JobError::Fail(error) => describe(&error),
        });
        if let Some(message) = &error {
            tracing::warn!(job.id = %job.id, job.kind = %job.kind, job.attempts, "job {} failed: {message}", job.kind);
        }
        let given_up = retry_at.is_none();
        let succeeded = error.is_none();
        let mut row = job.into_active_model();
        row.state = Set(if given_up { State::Failed } else { State::Waiting });
        row.run_at = Set(retry_at.unwrap_or(tx.now()));
        row.worker = Set(None);
        row.lease_until = Set(None::<Timestamp>);
        row.last_error = Set(error);
        if succeeded {
            row.attempts = Set(0);
        }
        let row = row.update(&tx).await?;
        tx.commit().await?;
        if given_up && let Some(on_failed) = self.on_failed {
            on_failed(self.context.clone(), row);
        }
        Ok(())
    }
}

/// 5 s, 10 s, 20 s, ... at most an hour.
fn backoff(attempts: i64) -> Duration {
    Duration::from_secs((5u64 << attempts.clamp(1, 12).saturating_sub(1)).min(3600))
}

fn describe(error: &Error) -> String {
    match error {
        Error::Internal(inner) => format!("{inner:#}"),
        Error::Conflict { words, .. }
        | Error::Unavailable { words, .. }
        | Error::Unauthorized { words, .. }
        | Error::Denied { words, .. } => words.ru.to_string(),
        other => other.to_string(),
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned())
}

//! Commands and queries on the queue.

use std::time::Duration;

use base::{Error, JobId, Page, PageRequest, Result, Timestamp};
use db::{Fetch, Row, Topic, Tx, dialect, places};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, LockBehavior, LockType, OnConflict, Query};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, QueryTrait, Set, Value,
};

use crate::entity::{ActiveModel, Column, Entity, Model, State};
use crate::{Job, JobType, owner};

/// Workers look at the queue at least this often.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Puts a job on the queue; it becomes visible when `tx` commits.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J) -> Result<JobId> {
    enqueue_at(tx, job, tx.now()).await
}

/// Puts a job on the queue for later.
pub async fn enqueue_at<J: Job>(tx: &Tx, job: &J, run_at: Timestamp) -> Result<JobId> {
    let id = JobId(tx.new_id());
    insert(tx, id, J::KIND, serde_json::to_value(job)?, run_at, J::MAX_ATTEMPTS, None).await?;
    Ok(id)
}

/// Puts a job on the queue by the name of its kind.
pub async fn enqueue_raw(tx: &Tx, kind: &str, payload: serde_json::Value) -> Result<()> {
    enqueue_raw_at(tx, kind, payload, tx.now()).await
}

/// The same for later; `bus` does this for subscribers.
pub async fn enqueue_raw_at(tx: &Tx, kind: &str, payload: serde_json::Value, run_at: Timestamp) -> Result<()> {
    insert(tx, JobId(tx.new_id()), kind, payload, run_at, 12, None).await
}

/// Puts a job on the queue unless one that was put there under this key still waits. Whoever runs it calls `begin_once`
/// before he looks at anything, so that what changes afterwards puts it on the queue again.
pub async fn enqueue_once<J: Job>(tx: &Tx, job: &J, key: &str) -> Result<()> {
    enqueue_once_at(tx, job, key, tx.now()).await
}

/// The same for later. The time belongs into the key where it may change.
pub async fn enqueue_once_at<J: Job>(tx: &Tx, job: &J, key: &str, run_at: Timestamp) -> Result<()> {
    let (id, payload) = (JobId(tx.new_id()), serde_json::to_value(job)?);
    insert(tx, id, J::KIND, payload, run_at, J::MAX_ATTEMPTS, Some(key.to_owned())).await
}

/// Gives back the key of a job that begins.
pub async fn begin_once(tx: &Tx, key: &str) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::DedupKey, Expr::value(None::<String>))
        .filter(Column::DedupKey.eq(key))
        .exec(tx)
        .await?;
    Ok(())
}

/// Makes sure a repeating job is on the queue once, whoever asks and however often.
pub async fn ensure_periodic<C>(tx: &Tx, job: &JobType<C>) -> Result<()> {
    insert(
        tx,
        JobId(tx.new_id()),
        job.kind,
        serde_json::json!({}),
        tx.now(),
        job.max_attempts,
        Some(job.kind.to_owned()),
    )
    .await
}

async fn insert(
    tx: &Tx,
    id: JobId,
    kind: &str,
    payload: serde_json::Value,
    run_at: Timestamp,
    max_attempts: i64,
    dedup_key: Option<String>,
) -> Result<()> {
    let row = ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        payload: Set(payload),
        state: Set(State::Waiting),
        priority: Set(0),
        run_at: Set(run_at),
        attempts: Set(0),
        max_attempts: Set(max_attempts),
        dedup_key: Set(dedup_key.clone()),
        worker: Set(None),
        lease_until: Set(None),
        started_at: Set(None),
        last_error: Set(None),
        created_at: Set(tx.now()),
    };
    match dedup_key {
        None => {
            Entity::insert(row).exec_without_returning(tx).await?;
        }
        // Whoever inserts the same key waits for the transaction that has it, so these come last.
        Some(key) => {
            let known = OnConflict::column(Column::DedupKey).do_nothing().to_owned();
            let insert = Entity::insert(row).on_conflict(known).into_query();
            tx.at_commit(key, dialect::build(tx, &insert));
        }
    }
    // A worker looks by itself at least this often.
    if run_at < tx.now() + LONGEST_PAUSE {
        tx.signal(Topic::Jobs);
    }
    Ok(())
}

/// Takes up to `limit` due jobs of these kinds, each under the lease of its kind.
pub(crate) async fn claim(tx: &Tx, kinds: &[(&'static str, Duration)], worker: &str, limit: u64) -> Result<Vec<Model>> {
    let mut lease_until = CaseStatement::new();
    for (kind, lease) in kinds {
        lease_until = lease_until.case(Column::Kind.eq(*kind), Expr::value(tx.now() + *lease));
    }
    let lease_until = lease_until.finally(Expr::value(tx.now()));
    let due = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::State.eq(State::Waiting))
        .and_where(Column::RunAt.lte(tx.now()))
        .and_where(Column::Kind.is_in(kinds.iter().map(|(kind, _)| *kind)))
        .order_by(Column::RunAt, sea_orm::Order::Asc)
        .limit(limit)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .to_owned();
    Ok(Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Running))
        .col_expr(Column::Worker, Expr::value(worker))
        .col_expr(Column::LeaseUntil, lease_until.into())
        .col_expr(Column::StartedAt, Expr::value(tx.now()))
        .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
        .filter(Column::Id.in_subquery(due))
        .exec_with_returning(tx)
        .await?)
}

/// Gives back the jobs of workers that died: those known to be gone at once, the others when their lease has run out. Answers how many.
pub(crate) async fn release_expired(tx: &Tx) -> Result<u64> {
    let running =
        Entity::find().select_only().column(Column::Worker).distinct().filter(Column::State.eq(State::Running));
    let workers: Vec<Option<String>> = running.into_tuple().all(tx).await?;
    let dead = workers.into_iter().flatten().filter(|worker| owner::is_dead(worker));
    let result = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Waiting))
        .col_expr(Column::Worker, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<Timestamp>))
        .filter(Column::State.eq(State::Running))
        .filter(Condition::any().add(Column::LeaseUntil.lt(tx.now())).add(Column::Worker.is_in(dead)))
        .exec(tx)
        .await?;
    Ok(result.rows_affected)
}

/// When the next job of these kinds is due; none when nothing waits. Asked after every commit that leaves a job.
pub(crate) async fn next_due(connection: &impl Fetch, kinds: &[&'static str]) -> Result<Option<Timestamp>> {
    if kinds.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "select run_at from job where state = 'waiting' and kind in ({}) order by run_at limit 1",
        places(1, kinds.len())
    );
    let kinds = kinds.iter().map(|kind| Value::from(*kind)).collect();
    Ok(connection.fetch(sql, kinds, |row: &Row<'_>| row.get(0)).await?.pop())
}

/// A page of jobs of one state, newest first.
pub async fn list(
    connection: &impl ConnectionTrait,
    state: Option<State>,
    kind: Option<&str>,
    page: &PageRequest,
) -> Result<Page<Model>> {
    let mut query = Entity::find();
    if let Some(state) = state {
        query = query.filter(Column::State.eq(state));
    }
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    if let Some((at, id)) = page.cursor::<(Timestamp, JobId)>()? {
        query = query.filter(
            Condition::any()
                .add(Column::CreatedAt.lt(at))
                .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id))),
        );
    }
    let rows = query
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(page.limit() + 1)
        .all(connection)
        .await?;
    Ok(Page::from_rows(rows, page.limit(), |job| (job.created_at, job.id)))
}

/// How many jobs of each state there are.
#[derive(Clone, Debug, Default, serde::Serialize, utoipa::ToSchema)]
pub struct Counts {
    pub waiting: i64,
    pub running: i64,
    pub failed: i64,
    pub kinds: Vec<KindCounts>,
}

/// The same for one kind.
#[derive(Clone, Debug, Default, serde::Serialize, utoipa::ToSchema)]
pub struct KindCounts {
    pub kind: String,
    pub waiting: i64,
    pub running: i64,
    pub failed: i64,
}

#[derive(FromQueryResult)]
struct CountRow {
    kind: String,
    state: State,
    count: i64,
}

pub async fn counts(connection: &impl ConnectionTrait) -> Result<Counts> {
    let rows = Entity::find()
        .select_only()
        .column(Column::Kind)
        .column(Column::State)
        .column_as(Column::Id.count(), "count")
        .group_by(Column::Kind)
        .group_by(Column::State)
        .order_by_asc(Column::Kind)
        .into_model::<CountRow>()
        .all(connection)
        .await?;
    let mut counts = Counts::default();
    for CountRow { kind, state, count } in rows {
        if counts.kinds.last().is_none_or(|last| last.kind != kind) {
            counts.kinds.push(KindCounts { kind, ..Default::default() });
        }
        let Some(of_kind) = counts.kinds.last_mut() else { continue };
        let (total, own) = match state {
            State::Waiting => (&mut counts.waiting, &mut of_kind.waiting),
            State::Running => (&mut counts.running, &mut of_kind.running),
            State::Failed => (&mut counts.failed, &mut of_kind.failed),
        };
        *total += count;
        *own += count;
    }
    Ok(counts)
}

pub async fn find(connection: &impl ConnectionTrait, id: JobId) -> Result<Model> {
    Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("job"))
}

/// Runs a failed or waiting job now, with its tries counted from the beginning.
pub async fn retry(tx: &Tx, id: JobId) -> Result<Model> {
    let job = find(tx, id).await?;
    if job.state == State::Running {
        return Err(running());
    }
    let mut row = job.into_active_model();
    row.state = Set(State::Waiting);
    row.run_at = Set(tx.now());
    row.attempts = Set(0);
    tx.signal(Topic::Jobs);
    Ok(row.update(tx).await?)
}

/// Runs every failed job (of one kind) again. Answers how many.
pub async fn retry_all(tx: &Tx, kind: Option<&str>) -> Result<u64> {
    let mut query = Entity::update_many()
        .col_expr(Column::State, Expr::value(State::Waiting))
        .col_expr(Column::RunAt, Expr::value(tx.now()))
        .col_expr(Column::Attempts, Expr::value(0i64))
        .filter(Column::State.eq(State::Failed));
    if let Some(kind) = kind {
        query = query.filter(Column::Kind.eq(kind));
    }
    let result = query.exec(tx).await?;
    tx.signal(Topic::Jobs);
    Ok(result.rows_affected)
}

/// Throws a job away. One that is running cannot be.
pub async fn discard(tx: &Tx, id: JobId) -> Result<()> {
    if find(tx, id).await?.state == State::Running {
        return Err(running());
    }
    Entity::delete_by_id(id).exec(tx).await?;
    Ok(())
}

fn running() -> Error {
    Error::conflict(
        "job_running",
        "Задание сейчас выполняется, дождитесь его окончания",
        "The job is running now, wait until it ends",
    )
}

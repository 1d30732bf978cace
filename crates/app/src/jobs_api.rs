//! The administrator's view of background jobs: what waits, what runs, what failed and why.

use axum::extract::State;
use base::{Actor, JobId, Page, PageRequest, can};
use bus::Event;
use chrono::{DateTime, Utc};
use jobs::{Counts, Model, State as JobState};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::{ApiResult, App, Can, Json, NoContent, Path, Query};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_jobs))
        .routes(routes!(count_jobs))
        .routes(routes!(retry_all_jobs))
        .routes(routes!(retry_job))
        .routes(routes!(discard_job))
}

/// A piece of background work. One that succeeded is gone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Job {
    id: JobId,
    /// `feature.verb_noun`.
    kind: String,
    state: JobState,
    /// Tries so far.
    attempts: i64,
    max_attempts: i64,
    /// When it runs, or ran last.
    run_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    started_at: Option<DateTime<Utc>>,
    lease_until: Option<DateTime<Utc>>,
    /// Why the last try failed.
    last_error: Option<String>,
    /// What it works on.
    #[schema(value_type = Object)]
    payload: serde_json::Value,
}

impl From<Model> for Job {
    fn from(row: Model) -> Self {
        Job {
            id: row.id,
            kind: row.kind,
            state: row.state,
            attempts: row.attempts,
            max_attempts: row.max_attempts,
            run_at: row.run_at,
            created_at: row.created_at,
            started_at: row.started_at,
            lease_until: row.lease_until,
            last_error: row.last_error,
            payload: row.payload,
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListJobs {
    #[param(inline)]
    state: Option<JobState>,
    kind: Option<String>,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List background jobs, newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(ListJobs), security(("session" = ["jobs.manage"]), ("token" = ["jobs.manage"])),
    responses((status = 200, body = Page<Job>)))]
async fn list_jobs(
    State(app): State<App>,
    _: Can<can::JobsManage>,
    Query(params): Query<ListJobs>,
) -> ApiResult<Json<Page<Job>>> {
    let page = PageRequest { limit: params.limit, after: params.after };
    let jobs = jobs::list(app.db.read(), params.state, params.kind.as_deref(), &page).await?;
    Ok(Json(jobs.map(Job::from)))
}

/// Count background jobs by state and kind.
#[utoipa::path(get, path = "/api/v1/jobs/counters", tag = "jobs", security(("session" = ["jobs.manage"]), ("token" = ["jobs.manage"])),
    responses((status = 200, body = Counts)))]
async fn count_jobs(State(app): State<App>, _: Can<can::JobsManage>) -> ApiResult<Json<Counts>> {
    Ok(Json(jobs::counts(app.db.read()).await?))
}

/// Run a failed or waiting job now.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "jobs", params(("id" = JobId, Path)), security(("session" = ["jobs.manage"]), ("token" = ["jobs.manage"])),
    responses((status = 200, body = Job), (status = 409, description = "It runs right now (`job_running`).")))]
async fn retry_job(State(app): State<App>, actor: Can<can::JobsManage>, Path(id): Path<JobId>) -> ApiResult<Json<Job>> {
    let tx = app.write().await?;
    let job = jobs::retry(&tx, id).await?;
    bus::emit(&tx, &actor, Event::new("job_changed").subject(id.0)).await?;
    tx.commit().await?;
    Ok(Json(job.into()))
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct RetryAll {
    /// Only jobs of this kind.
    kind: Option<String>,
}

/// How many.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Count {
    count: u64,
}

/// Run every failed job again.
#[utoipa::path(post, path = "/api/v1/jobs/retry-all", tag = "jobs", request_body = RetryAll, security(("session" = ["jobs.manage"]), ("token" = ["jobs.manage"])),
    responses((status = 200, body = Count)))]
async fn retry_all_jobs(
    State(app): State<App>,
    actor: Can<can::JobsManage>,
    Json(body): Json<RetryAll>,
) -> ApiResult<Json<Count>> {
    let tx = app.write().await?;
    let count = jobs::retry_all(&tx, body.kind.as_deref()).await?;
    bus::emit(&tx, &actor, Event::new("job_changed")).await?;
    tx.commit().await?;
    Ok(Json(Count { count }))
}

/// Throw a job away.
#[utoipa::path(delete, path = "/api/v1/jobs/{id}", tag = "jobs", params(("id" = JobId, Path)), security(("session" = ["jobs.manage"]), ("token" = ["jobs.manage"])),
    responses((status = 204), (status = 409, description = "It runs right now (`job_running`).")))]
async fn discard_job(
    State(app): State<App>,
    actor: Can<can::JobsManage>,
    Path(id): Path<JobId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    jobs::discard(&tx, id).await?;
    bus::emit(&tx, &actor, Event::new("job_changed").subject(id.0)).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// A job was given up: administrators who look at the page see it at once.
pub(crate) fn tell_failed(app: App, job: Model) {
    tokio::spawn(async move {
        let tell = async {
            let tx = app.write().await?;
            bus::emit(
                &tx,
                &Actor::system(),
                Event::new("job_failed").subject(job.id.0).data(serde_json::json!({"kind": job.kind})),
            )
            .await?;
            tx.commit().await
        };
        if let Err(error) = tell.await {
            tracing::error!(%error, "could not tell of a failed job: {error}");
        }
    });
}

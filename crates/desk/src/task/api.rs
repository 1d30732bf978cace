//! Tasks over HTTP.

use app::{ApiResult, App, Begin, Created, Idempotency, Json, Path, Query, Signed};
use axum::extract::State;
use base::{Actor, ConversationId, Error, GroupId, Page, PageRequest, Result, TicketId, UserId};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::TaskId;
use super::list::{self, Filter, TaskCounts, Wanted, Whose};
use super::ops::{self, Ended};
use super::view::{Task, views};
use crate::field;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks, create_task))
        .routes(routes!(count_tasks))
        .routes(routes!(get_task, update_task))
        .routes(routes!(finish_task))
        .routes(routes!(cancel_task))
        .routes(routes!(reopen_task))
}

async fn one(connection: &impl ConnectionTrait, actor: &Actor, id: TaskId) -> Result<Task> {
    let row = ops::find(connection, actor, id).await?;
    views(connection, actor, vec![row]).await?.pop().ok_or(Error::NotFound("task"))
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListTasks {
    #[serde(default)]
    #[param(inline)]
    scope: Whose,
    #[serde(default)]
    #[param(inline)]
    state: Wanted,
    ticket: Option<TicketId>,
    conversation: Option<ConversationId>,
    /// Only open ones whose time is over.
    #[serde(default)]
    overdue: bool,
    /// How many items, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

/// List tasks: your own, those of your groups, or all that you see.
#[utoipa::path(get, path = "/api/v1/tasks", tag = "tasks", params(ListTasks),
    security(("session" = []), ("token" = [])), responses((status = 200, body = Page<Task>)))]
async fn list_tasks(
    State(app): State<App>,
    actor: Signed,
    Query(params): Query<ListTasks>,
) -> ApiResult<Json<Page<Task>>> {
    let ListTasks { scope, state, ticket, conversation, overdue, limit, after } = params;
    let filter = Filter { whose: scope, state, ticket, conversation, overdue_at: overdue.then(|| app.now()) };
    Ok(Json(list::page(app.db.read(), &actor, filter, &PageRequest { limit, after }).await?))
}

/// Count the open tasks that wait for you.
#[utoipa::path(get, path = "/api/v1/task-counts", tag = "tasks",
    security(("session" = []), ("token" = [])), responses((status = 200, body = TaskCounts)))]
async fn count_tasks(State(app): State<App>, actor: Signed) -> ApiResult<Json<TaskCounts>> {
    Ok(Json(list::counts(app.db.read(), &actor, app.now()).await?))
}

/// Get a task.
#[utoipa::path(get, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = TaskId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 200, body = Task)))]
async fn get_task(State(app): State<App>, actor: Signed, Path(id): Path<TaskId>) -> ApiResult<Json<Task>> {
    Ok(Json(one(app.db.read(), &actor, id).await?))
}

/// A task to be made.
#[derive(Debug, Deserialize, ToSchema)]
struct NewTask {
    /// 1 to 200 characters.
    title: String,
    /// At most 5000 characters.
    #[serde(default)]
    description: String,
    /// What it is about: a ticket you may change.
    ticket_id: Option<TicketId>,
    /// What it is about: a conversation you may write notes in.
    conversation_id: Option<ConversationId>,
    assignee_id: Option<UserId>,
    /// Somebody of this group is to do it.
    group_id: Option<GroupId>,
    due_at: Option<DateTime<Utc>>,
}

/// Make a task, for yourself or for others.
#[utoipa::path(post, path = "/api/v1/tasks", tag = "tasks", request_body = NewTask,
    security(("session" = []), ("token" = [])), responses((status = 201, body = Task)))]
async fn create_task(
    State(app): State<App>,
    actor: Signed,
    idempotency: Idempotency,
    Json(body): Json<NewTask>,
) -> ApiResult<Created<Task>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewTask { title, description, ticket_id, conversation_id, assignee_id, group_id, due_at } = body;
    let new = ops::NewTask {
        title,
        description,
        ticket_id,
        conversation_id,
        assignee_id,
        group_id,
        due_at,
        why: None,
        stage_id: None,
    };
    let made = ops::create(&tx, &actor, new).await?;
    let answer = one(&tx, &actor, made.id).await?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent fields stay as they are.
#[derive(Debug, Deserialize, ToSchema)]
struct TaskChange {
    title: Option<String>,
    description: Option<String>,
    /// Null: nobody.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<UserId>)]
    assignee_id: Option<Option<UserId>>,
    /// Null: no group.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<GroupId>)]
    group_id: Option<Option<GroupId>>,
    /// Null: it may take its time.
    #[serde(default, deserialize_with = "field::present")]
    #[schema(value_type = Option<DateTime<Utc>>)]
    due_at: Option<Option<DateTime<Utc>>>,
}

/// Change a task, or hand it over.
#[utoipa::path(patch, path = "/api/v1/tasks/{id}", tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskChange,
    security(("session" = []), ("token" = [])), responses((status = 200, body = Task)))]
async fn update_task(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<TaskId>,
    Json(body): Json<TaskChange>,
) -> ApiResult<Json<Task>> {
    let tx = app.write().await?;
    let TaskChange { title, description, assignee_id, group_id, due_at } = body;
    ops::update(&tx, &actor, id, ops::Change { title, description, assignee_id, group_id, due_at }).await?;
    // Whoever hands a task over may not see it any more.
    let row = ops::find(&tx, &Actor::system(), id).await?;
    let answer = views(&tx, &actor, vec![row]).await?.pop().ok_or(Error::NotFound("task"))?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// How a task ended.
#[derive(Debug, Deserialize, ToSchema)]
struct TaskEnd {
    /// What came of it, or why it is put away. At most 5000 characters.
    #[serde(default)]
    result: String,
}

/// Mark a task as done.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/done", tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskEnd,
    security(("session" = []), ("token" = [])), responses((status = 200, body = Task)))]
async fn finish_task(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<TaskId>,
    Json(body): Json<TaskEnd>,
) -> ApiResult<Json<Task>> {
    let tx = app.write().await?;
    ops::finish(&tx, &actor, id, Ended::Done, &body.result).await?;
    let answer = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Put a task away: nobody needs it any more.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/cancel", tag = "tasks", params(("id" = TaskId, Path)), request_body = TaskEnd,
    security(("session" = []), ("token" = [])), responses((status = 200, body = Task)))]
async fn cancel_task(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<TaskId>,
    Json(body): Json<TaskEnd>,
) -> ApiResult<Json<Task>> {
    let tx = app.write().await?;
    ops::finish(&tx, &actor, id, Ended::Cancelled, &body.result).await?;
    let answer = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Open a task again.
#[utoipa::path(post, path = "/api/v1/tasks/{id}/reopen", tag = "tasks", params(("id" = TaskId, Path)),
    security(("session" = []), ("token" = [])), responses((status = 200, body = Task)))]
async fn reopen_task(State(app): State<App>, actor: Signed, Path(id): Path<TaskId>) -> ApiResult<Json<Task>> {
    let tx = app.write().await?;
    ops::reopen(&tx, &actor, id).await?;
    let answer = one(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(Json(answer))
}

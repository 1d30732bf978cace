//! Activities over HTTP.

use app::{ApiResult, App, Can, Created, Json, NoContent, Path, Query, Signed, can};
use axum::extract::State;
use base::{Error, Permission, UserId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, ActivityRef};
use super::{ActivityId, Model};
use crate::status::Period;
use crate::supervisor;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_activities, create_activity))
        .routes(routes!(patch_activity, archive_activity))
        .routes(routes!(put_own_activity))
        .routes(routes!(list_user_activities))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Activities {
    items: Vec<ActivityRef>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct ActivityName {
    name: String,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct OwnActivity {
    /// Null: nothing in particular.
    activity_id: Option<ActivityId>,
}

/// Something that somebody did.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ActivitySpan {
    activity: Option<ActivityRef>,
    started_at: DateTime<Utc>,
    /// Null: still.
    ended_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ActivityHistory {
    items: Vec<ActivitySpan>,
}

fn reference(row: Model) -> ActivityRef {
    ActivityRef { id: row.id, name: row.name }
}

/// List what people do at work, by name.
#[utoipa::path(get, path = "/api/v1/activities", tag = "routing", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Activities)))]
async fn list_activities(State(app): State<App>, _: Signed) -> ApiResult<Json<Activities>> {
    Ok(Json(Activities { items: ops::list(app.db.read()).await?.into_iter().map(reference).collect() }))
}

/// Create an activity.
#[utoipa::path(post, path = "/api/v1/activities", tag = "routing", request_body = ActivityName,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = ActivityRef)))]
async fn create_activity(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Json(new): Json<ActivityName>,
) -> ApiResult<Created<ActivityRef>> {
    let tx = app.write().await?;
    let row = ops::create(&tx, &actor, &new.name).await?;
    tx.commit().await?;
    Ok(Created(reference(row)))
}

/// Rename an activity.
#[utoipa::path(patch, path = "/api/v1/activities/{id}", tag = "routing", params(("id" = ActivityId, Path)), request_body = ActivityName,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = ActivityRef)))]
async fn patch_activity(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<ActivityId>,
    Json(new): Json<ActivityName>,
) -> ApiResult<Json<ActivityRef>> {
    let tx = app.write().await?;
    let row = ops::rename(&tx, &actor, id, &new.name).await?;
    tx.commit().await?;
    Ok(Json(reference(row)))
}

/// Delete an activity: it is offered no more, what was recorded stays.
#[utoipa::path(delete, path = "/api/v1/activities/{id}", tag = "routing", params(("id" = ActivityId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 204)))]
async fn archive_activity(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<ActivityId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::archive(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Say what you are doing now. What you did before is recorded with its times.
#[utoipa::path(put, path = "/api/v1/me/activity", tag = "routing", request_body = OwnActivity,
    security(("session" = ["conversations.reply"]), ("token" = ["conversations.reply"])), responses((status = 204)))]
async fn put_own_activity(
    State(app): State<App>,
    actor: Can<can::ConversationsReply>,
    Json(own): Json<OwnActivity>,
) -> ApiResult<NoContent> {
    let me = actor.user_id().ok_or(Error::Forbidden(Permission::ConversationsReply))?;
    let tx = app.write().await?;
    ops::switch(&tx, &actor, me, own.activity_id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// List what somebody did, the newest first, at most 1000: yourself, or people you watch over.
#[utoipa::path(get, path = "/api/v1/users/{id}/activities", tag = "routing", params(("id" = UserId, Path), Period),
    security(("session" = []), ("token" = [])), responses((status = 200, body = ActivityHistory)))]
async fn list_user_activities(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<UserId>,
    Query(period): Query<Period>,
) -> ApiResult<Json<ActivityHistory>> {
    let read = app.db.read();
    desk::user::find(read, id).await?;
    if actor.user_id() != Some(id) {
        supervisor::check_person(read, &actor, id).await?;
    }
    let (from, to) = period.bounds(app.now());
    let names = ops::names(read).await?;
    let rows = ops::history(read, id, from, to).await?;
    let span = |row: super::log::Model| ActivitySpan {
        activity: names.get(&row.activity_id).cloned(),
        started_at: row.started_at,
        ended_at: row.ended_at,
    };
    Ok(Json(ActivityHistory { items: rows.into_iter().map(span).collect() }))
}

//! Absences over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Can, Created, Json, NoContent, Path, can};
use axum::extract::State;
use base::{Error, Result, UserId};
use chrono::{DateTime, Utc};
use desk::people::StaffRef;
use desk::user;
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, Entry};
use super::{AbsenceId, Model};
use crate::queue;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_absences, create_absence)).routes(routes!(patch_absence, delete_absence))
}

/// A time somebody is not at work.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Absence {
    id: AbsenceId,
    user: StaffRef,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    reason: String,
    /// Whoever gets by rules what was meant for him.
    substitute: Option<StaffRef>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Absences {
    items: Vec<Absence>,
}

#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct NewAbsence {
    user_id: UserId,
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    #[serde(default)]
    reason: String,
    substitute_id: Option<UserId>,
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct AbsencePatch {
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    reason: Option<String>,
    /// Null: nobody.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<UserId>)]
    substitute_id: Option<Option<UserId>>,
}

/// Null is a word of its own here, other than nothing at all.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// List absences that are not over or ended within the last 30 days, the first to begin first; at most 1000.
#[utoipa::path(get, path = "/api/v1/absences", tag = "routing",
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Absences)))]
async fn list_absences(State(app): State<App>, _: Can<can::UsersManage>) -> ApiResult<Json<Absences>> {
    let rows = ops::list(app.db.read(), app.now()).await?;
    Ok(Json(Absences { items: views(app.db.read(), rows).await? }))
}

/// Write down an absence.
#[utoipa::path(post, path = "/api/v1/absences", tag = "routing", request_body = NewAbsence,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = Absence)))]
async fn create_absence(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Json(new): Json<NewAbsence>,
) -> ApiResult<Created<Absence>> {
    let NewAbsence { user_id, from, until, reason, substitute_id } = new;
    let tx = app.write().await?;
    let row = ops::create(&tx, &actor, Entry { user_id, from, until, reason, substitute_id }).await?;
    let view = view(&tx, row).await?;
    tx.commit().await?;
    Ok(Created(view))
}

/// Change an absence.
#[utoipa::path(patch, path = "/api/v1/absences/{id}", tag = "routing", params(("id" = AbsenceId, Path)), request_body = AbsencePatch,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Absence)))]
async fn patch_absence(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<AbsenceId>,
    Json(patch): Json<AbsencePatch>,
) -> ApiResult<Json<Absence>> {
    let tx = app.write().await?;
    let old = ops::find(&tx, id).await?;
    let entry = Entry {
        user_id: old.user_id,
        from: patch.from.unwrap_or(old.starts_at),
        until: patch.until.unwrap_or(old.ends_at),
        reason: patch.reason.unwrap_or_else(|| old.reason.clone()),
        substitute_id: patch.substitute_id.unwrap_or(old.substitute_id),
    };
    let row = ops::replace(&tx, &actor, old, entry).await?;
    queue::want_drain(&tx).await?;
    let view = view(&tx, row).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Delete an absence: he is at work.
#[utoipa::path(delete, path = "/api/v1/absences/{id}", tag = "routing", params(("id" = AbsenceId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 204)))]
async fn delete_absence(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<AbsenceId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    queue::want_drain(&tx).await?;
    tx.commit().await?;
    Ok(NoContent)
}

async fn view(connection: &impl ConnectionTrait, row: Model) -> Result<Absence> {
    views(connection, vec![row]).await?.pop().ok_or(Error::NotFound("absence"))
}

async fn views(connection: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Absence>> {
    let mut ids: Vec<UserId> = rows.iter().map(|row| row.user_id).collect();
    ids.extend(rows.iter().filter_map(|row| row.substitute_id));
    let people: HashMap<UserId, StaffRef> = user::people(connection, ids).await?;
    let absence = |row: Model| {
        let Model { id, user_id, starts_at, ends_at, reason, substitute_id, created_at: _ } = row;
        let user = people.get(&user_id)?.clone();
        let substitute = substitute_id.and_then(|id| people.get(&id).cloned());
        Some(Absence { id, user, from: starts_at, until: ends_at, reason, substitute })
    };
    Ok(rows.into_iter().filter_map(absence).collect())
}

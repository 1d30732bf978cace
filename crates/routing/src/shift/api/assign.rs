//! Who works by which schedule, and days that differ.

use app::{ApiResult, App, Json, NoContent, Path, Query, Signed};
use axum::extract::State;
use base::{GroupId, UserId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::shift::assign::{self, NewAssignment, ShiftAssignment, ShiftDayChange, Wanted};
use crate::shift::{ShiftAssignmentId, WorkScheduleId};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shift_assignments, create_shift_assignments))
        .routes(routes!(patch_shift_assignment, delete_shift_assignment))
        .routes(routes!(put_shift_days))
}

#[derive(Debug, Serialize, ToSchema)]
struct ShiftAssignments {
    items: Vec<ShiftAssignment>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Whose {
    user: Option<UserId>,
    group: Option<GroupId>,
    schedule: Option<WorkScheduleId>,
}

#[derive(Debug, Deserialize, ToSchema)]
struct ShiftAssignmentPatch {
    /// The last day; null: without an end.
    to: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
struct ShiftDays {
    /// At most 1000. All of them are changed or none.
    days: Vec<ShiftDayChange>,
}

/// List who is given which schedule, of people and groups you look after, the last to begin first; at most 1000.
#[utoipa::path(get, path = "/api/v1/shift-assignments", tag = "shifts", params(Whose), security(("session" = []), ("token" = [])),
    responses((status = 200, body = ShiftAssignments)))]
async fn list_shift_assignments(
    State(app): State<App>,
    actor: Signed,
    Query(Whose { user, group, schedule }): Query<Whose>,
) -> ApiResult<Json<ShiftAssignments>> {
    let wanted = Wanted { user_id: user, group_id: group, schedule_id: schedule };
    Ok(Json(ShiftAssignments { items: assign::list(app.db.read(), &actor, wanted).await? }))
}

/// Give a schedule to people and groups from a day on: for whoever manages staff or watches over their lines. A schedule
/// without an end ends what they had before.
#[utoipa::path(post, path = "/api/v1/shift-assignments", tag = "shifts", request_body = NewAssignment,
    security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 403, description = "You do not look after one of them (`not_supervisor`).")))]
async fn create_shift_assignments(
    State(app): State<App>,
    actor: Signed,
    Json(new): Json<NewAssignment>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    assign::assign(&tx, &actor, new).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Move the end of what somebody was given.
#[utoipa::path(patch, path = "/api/v1/shift-assignments/{id}", tag = "shifts", params(("id" = ShiftAssignmentId, Path)),
    request_body = ShiftAssignmentPatch, security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 403, description = "You do not look after him (`not_supervisor`).")))]
async fn patch_shift_assignment(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<ShiftAssignmentId>,
    Json(ShiftAssignmentPatch { to }): Json<ShiftAssignmentPatch>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    assign::set_end(&tx, &actor, id, to).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Take back what somebody was given, past days too.
#[utoipa::path(delete, path = "/api/v1/shift-assignments/{id}", tag = "shifts", params(("id" = ShiftAssignmentId, Path)),
    security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 403, description = "You do not look after him (`not_supervisor`).")))]
async fn delete_shift_assignment(
    State(app): State<App>,
    actor: Signed,
    Path(id): Path<ShiftAssignmentId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    assign::take_away(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Change single days: another shift, a shift more, a day off, or the schedule's word again. A swap is two of them.
#[utoipa::path(put, path = "/api/v1/shift-days", tag = "shifts", request_body = ShiftDays, security(("session" = []), ("token" = [])),
    responses((status = 204), (status = 403, description = "You do not look after one of them (`not_supervisor`).")))]
async fn put_shift_days(
    State(app): State<App>,
    actor: Signed,
    Json(ShiftDays { days }): Json<ShiftDays>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    assign::change_days(&tx, &actor, days).await?;
    tx.commit().await?;
    Ok(NoContent)
}

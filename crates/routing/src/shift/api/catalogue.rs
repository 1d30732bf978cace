//! Kinds of shifts, schedules, and what a line asks of shifts.

use app::{ApiResult, App, Can, Created, Json, NoContent, Path, Signed, can};
use axum::extract::State;
use base::{Error, LineId, Result};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::queue;
use crate::shift::book::Planned;
use crate::shift::definition::Rule;
use crate::shift::ops::{self, NewShift, NewWorkSchedule, Shift, WorkSchedule};
use crate::shift::{ShiftId, WorkScheduleId, duty};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shifts, create_shift))
        .routes(routes!(put_shift, archive_shift))
        .routes(routes!(list_work_schedules, create_work_schedule))
        .routes(routes!(put_work_schedule, archive_work_schedule))
        .routes(routes!(preview_work_schedule))
        .routes(routes!(get_line_shift_rule, put_line_shift_rule))
}

#[derive(Debug, Serialize, ToSchema)]
struct Shifts {
    items: Vec<Shift>,
}

#[derive(Debug, Serialize, ToSchema)]
struct WorkSchedules {
    items: Vec<WorkSchedule>,
}

/// A schedule to look at, saved or not.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WorkSchedulePreviewRequest)]
struct PreviewRequest {
    rule: Rule,
    from: NaiveDate,
    /// Included; at most 400 days.
    to: NaiveDate,
}

/// The days a schedule has shifts on, and those that a holiday made free.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkSchedulePreview)]
struct Preview {
    days: Vec<PreviewDay>,
    /// Of work in all, without breaks.
    minutes: i64,
    /// What a week of forty hours has in these days by the production calendar.
    norm_minutes: i64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkSchedulePreviewDay)]
struct PreviewDay {
    date: NaiveDate,
    shift_id: Option<ShiftId>,
    /// Null on a day off.
    starts_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
    minutes: i64,
    /// Ends an hour earlier.
    short: bool,
    /// Off because of a holiday.
    holiday: bool,
}

/// Whether a line gives new conversations only to people on shift.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct LineShiftRule {
    /// Null: as `only_on_shift` of the settings of routing says.
    only_on_shift: Option<bool>,
}

/// List the kinds of shifts by their beginnings, days off last.
#[utoipa::path(get, path = "/api/v1/shifts", tag = "shifts", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Shifts)))]
async fn list_shifts(State(app): State<App>, _: Signed) -> ApiResult<Json<Shifts>> {
    Ok(Json(Shifts { items: ops::list_shifts(app.db.read()).await? }))
}

/// Create a kind of shift.
#[utoipa::path(post, path = "/api/v1/shifts", tag = "shifts", request_body = NewShift,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = Shift)))]
async fn create_shift(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Json(new): Json<NewShift>,
) -> ApiResult<Created<Shift>> {
    let tx = app.write().await?;
    let id = ops::create_shift(&tx, &actor, new).await?;
    let view = ops::view(ops::find_shift(&tx, id).await?)?;
    tx.commit().await?;
    Ok(Created(view))
}

/// Change a kind of shift. Plans that have it change with it, past days too.
#[utoipa::path(put, path = "/api/v1/shifts/{id}", tag = "shifts", params(("id" = ShiftId, Path)), request_body = NewShift,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Shift)))]
async fn put_shift(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<ShiftId>,
    Json(new): Json<NewShift>,
) -> ApiResult<Json<Shift>> {
    let tx = app.write().await?;
    ops::change_shift(&tx, &actor, id, new).await?;
    let view = ops::view(ops::find_shift(&tx, id).await?)?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Put a kind of shift away: it is offered no more, plans that have it keep it.
#[utoipa::path(delete, path = "/api/v1/shifts/{id}", tag = "shifts", params(("id" = ShiftId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 204)))]
async fn archive_shift(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<ShiftId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::archive_shift(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// List schedules of work by name.
#[utoipa::path(get, path = "/api/v1/work-schedules", tag = "shifts", security(("session" = []), ("token" = [])),
    responses((status = 200, body = WorkSchedules)))]
async fn list_work_schedules(State(app): State<App>, _: Signed) -> ApiResult<Json<WorkSchedules>> {
    let today = duty::today(app.db.read(), app.now()).await?;
    Ok(Json(WorkSchedules { items: ops::list_schedules(app.db.read(), today).await? }))
}

/// Create a schedule of work.
#[utoipa::path(post, path = "/api/v1/work-schedules", tag = "shifts", request_body = NewWorkSchedule,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 201, body = WorkSchedule)))]
async fn create_work_schedule(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Json(new): Json<NewWorkSchedule>,
) -> ApiResult<Created<WorkSchedule>> {
    let tx = app.write().await?;
    let id = ops::create_schedule(&tx, &actor, new).await?;
    let view = schedule(&tx, id, duty::today(&tx, tx.now()).await?).await?;
    tx.commit().await?;
    Ok(Created(view))
}

/// Change a schedule of work. Whoever works by it has the new plan, past days too: to keep these, create a new schedule and
/// give it from a day on.
#[utoipa::path(put, path = "/api/v1/work-schedules/{id}", tag = "shifts", params(("id" = WorkScheduleId, Path)), request_body = NewWorkSchedule,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = WorkSchedule)))]
async fn put_work_schedule(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<WorkScheduleId>,
    Json(new): Json<NewWorkSchedule>,
) -> ApiResult<Json<WorkSchedule>> {
    let tx = app.write().await?;
    ops::change_schedule(&tx, &actor, id, new).await?;
    let view = schedule(&tx, id, duty::today(&tx, tx.now()).await?).await?;
    tx.commit().await?;
    Ok(Json(view))
}

/// Put a schedule away: it is offered no more, whoever works by it goes on.
#[utoipa::path(delete, path = "/api/v1/work-schedules/{id}", tag = "shifts", params(("id" = WorkScheduleId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 204)))]
async fn archive_work_schedule(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<WorkScheduleId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::archive_schedule(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Look at what a schedule says, before it is saved: at most 400 days.
#[utoipa::path(post, path = "/api/v1/work-schedules/preview", tag = "shifts", request_body = PreviewRequest,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])), responses((status = 200, body = Preview)))]
async fn preview_work_schedule(
    State(app): State<App>,
    _: Can<can::UsersManage>,
    Json(PreviewRequest { rule, from, to }): Json<PreviewRequest>,
) -> ApiResult<Json<Preview>> {
    if to < from || (to - from).num_days() >= 400 {
        return Err(Error::invalid("to", "out_of_range", "От одного дня до 400", "One day to 400").into());
    }
    let days = ops::preview(app.db.read(), &rule, (from, to)).await?;
    let days: Vec<PreviewDay> = days.into_iter().filter_map(preview_day).collect();
    let norm_minutes = calendar::country("ru").map_or(0, |country| country.norm_minutes(from, to));
    Ok(Json(Preview { minutes: days.iter().map(|day| day.minutes).sum(), norm_minutes, days }))
}

fn preview_day(day: Planned) -> Option<PreviewDay> {
    let Planned { date, shift_id, stint, short, holiday, .. } = day;
    (shift_id.is_some() || holiday).then(|| PreviewDay {
        date,
        shift_id,
        minutes: ops::minutes(stint.as_ref()),
        starts_at: stint.as_ref().map(|stint| stint.starts_at),
        ends_at: stint.as_ref().map(|stint| stint.ends_at),
        short,
        holiday,
    })
}

/// Read whether a line gives new conversations only to people on shift.
#[utoipa::path(get, path = "/api/v1/lines/{id}/shift-rule", tag = "shifts", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = LineShiftRule)))]
async fn get_line_shift_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<LineShiftRule>> {
    Ok(Json(LineShiftRule { only_on_shift: ops::line_rule(app.db.read(), &actor, id).await? }))
}

/// Say whether a line gives new conversations only to people on shift. Whoever has no schedule today is held back by none.
#[utoipa::path(put, path = "/api/v1/lines/{id}/shift-rule", tag = "shifts", params(("id" = LineId, Path)), request_body = LineShiftRule,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = LineShiftRule)))]
async fn put_line_shift_rule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(LineShiftRule { only_on_shift }): Json<LineShiftRule>,
) -> ApiResult<Json<LineShiftRule>> {
    let tx = app.write().await?;
    ops::set_line_rule(&tx, &actor, id, only_on_shift).await?;
    queue::want_drain(&tx).await?;
    tx.commit().await?;
    Ok(Json(LineShiftRule { only_on_shift }))
}

async fn schedule(connection: &impl ConnectionTrait, id: WorkScheduleId, today: NaiveDate) -> Result<WorkSchedule> {
    let all = ops::list_schedules(connection, today).await?;
    all.into_iter().find(|schedule| schedule.id == id).ok_or(Error::NotFound("work schedule"))
}

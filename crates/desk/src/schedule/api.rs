//! Schedules over HTTP, for administrators.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{Result, Timestamp, can};
use calendar::{Definition, SpecialDay};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::entity::Model;
use super::preview::{self, Answer, Question};
use super::{ScheduleId, ops};
use crate::usage::{self, Usage};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_schedules, create_schedule))
        .routes(routes!(get_schedule, update_schedule, delete_schedule))
        .routes(routes!(preview_schedule))
        .routes(routes!(read_schedule_days))
        .routes(routes!(list_production_calendars))
}

/// A saved schedule: when time counts.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Schedule {
    id: ScheduleId,
    name: String,
    definition: Definition,
    /// Whether time counts at this moment.
    open_now: bool,
    /// When it next does; null when it does now, or never will.
    opens_at: Option<DateTime<Utc>>,
    /// What counts by it; it cannot be deleted then.
    used_by: Vec<Usage>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn view(row: Model, used_by: Vec<Usage>, now: Timestamp) -> Result<Schedule> {
    let definition: Definition = serde_json::from_value(row.definition)?;
    let counted = definition.schedule("definition")?;
    let open_now = counted.is_open(now);
    let opens_at = if open_now { None } else { counted.opens(now) };
    let Model { id, name, created_at, updated_at, .. } = row;
    Ok(Schedule { id, name, definition, open_now, opens_at, used_by, created_at, updated_at })
}

/// Schedules, by name.
#[derive(Debug, Serialize, ToSchema)]
struct Schedules {
    items: Vec<Schedule>,
}

/// List schedules.
#[utoipa::path(get, path = "/api/v1/schedules", tag = "schedules",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Schedules)))]
async fn list_schedules(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<Schedules>> {
    let rows = ops::list(app.db.read()).await?;
    let mut users = usage::of_all(app.db.read(), rows.iter().map(|row| row.id.0)).await?;
    let of = |row: Model| {
        let users = users.remove(&row.id.0).unwrap_or_default();
        view(row, users, app.now())
    };
    let items: Result<Vec<Schedule>> = rows.into_iter().map(of).collect();
    Ok(Json(Schedules { items: items? }))
}

/// A schedule to save.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSchedule {
    /// 1 to 200 characters.
    name: String,
    definition: Definition,
}

/// Save a new schedule. Every fault of it is named at once, as `definition.weekly[2].intervals[0].to`.
#[utoipa::path(post, path = "/api/v1/schedules", tag = "schedules", request_body = NewSchedule,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = Schedule)))]
async fn create_schedule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewSchedule>,
) -> ApiResult<Created<Schedule>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = view(ops::create(&tx, &actor, &body.name, body.definition).await?, Vec::new(), tx.now())?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Get a schedule.
#[utoipa::path(get, path = "/api/v1/schedules/{id}", tag = "schedules", params(("id" = ScheduleId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Schedule)))]
async fn get_schedule(
    State(app): State<App>,
    _: Can<can::LinesManage>,
    Path(id): Path<ScheduleId>,
) -> ApiResult<Json<Schedule>> {
    let row = ops::find(app.db.read(), id).await?;
    Ok(Json(view(row, usage::of(app.db.read(), id.0).await?, app.now())?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct ScheduleChange {
    name: Option<String>,
    /// As a whole.
    definition: Option<Definition>,
}

/// Change a schedule.
#[utoipa::path(patch, path = "/api/v1/schedules/{id}", tag = "schedules", params(("id" = ScheduleId, Path)),
    request_body = ScheduleChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Schedule)))]
async fn update_schedule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ScheduleId>,
    Json(body): Json<ScheduleChange>,
) -> ApiResult<Json<Schedule>> {
    let ScheduleChange { name, definition } = body;
    let tx = app.write().await?;
    let row = ops::update(&tx, &actor, id, ops::Change { name, definition }).await?;
    let answer = view(row, usage::of(&tx, id.0).await?, tx.now())?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete a schedule. Fails with `schedule_in_use` while something counts by it, and says what.
#[utoipa::path(delete, path = "/api/v1/schedules/{id}", tag = "schedules", params(("id" = ScheduleId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_schedule(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<ScheduleId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// What if: when a norm would be due by a schedule, or how much of a period would count, and why. Nothing is saved.
///
/// A moment belongs to the interval that begins on its day or, for a night shift, on the day before. Changes of clocks are
/// counted as they are lived. Every fault of the schedule is named at once, as `schedule.weekly[2].intervals[0].to`.
#[utoipa::path(post, path = "/api/v1/schedules/preview", tag = "schedules", request_body = Question,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Answer)))]
async fn preview_schedule(_: Can<can::LinesManage>, Json(question): Json<Question>) -> ApiResult<Json<Answer>> {
    Ok(Json(preview::answer(&question)?))
}

/// A file with days.
#[derive(Debug, Deserialize, ToSchema)]
struct DaysFile {
    /// At most 1,000,000 characters.
    text: String,
}

/// Days that differ, in order.
#[derive(Debug, Serialize, ToSchema)]
struct ScheduleDays {
    items: Vec<SpecialDay>,
}

/// Read the days of another year or country from a file, to be put into a schedule's `days`. Nothing is saved.
///
/// iCalendar (all-day events become days off) or CSV: `date,kind,like,name` a line, with commas or semicolons, dates as
/// `2027-01-08` or `08.01.2027`, kinds `holiday` (also when left out), `short`, `working`, `working_short`, and in `like` the
/// weekday whose hours a working day has. What cannot be understood is refused as a whole: `text.12` is line 12.
#[utoipa::path(post, path = "/api/v1/schedules/read-days", tag = "schedules", request_body = DaysFile,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = ScheduleDays)))]
async fn read_schedule_days(_: Can<can::LinesManage>, Json(file): Json<DaysFile>) -> ApiResult<Json<ScheduleDays>> {
    Ok(Json(ScheduleDays { items: calendar::read_days(&file.text)? }))
}

/// The production calendar of a country.
#[derive(Debug, Serialize, ToSchema)]
struct ProductionCalendar {
    /// What a schedule names it by.
    code: &'static str,
    years: Vec<ProductionYear>,
}

/// A year of it.
#[derive(Debug, Serialize, ToSchema)]
struct ProductionYear {
    year: i32,
    /// The acts it is made from.
    source: &'static str,
    /// Made from the law alone; the government's decree for this year is not in it.
    provisional: bool,
    days: Vec<SpecialDay>,
}

/// The production calendars there are.
#[derive(Debug, Serialize, ToSchema)]
struct ProductionCalendars {
    items: Vec<ProductionCalendar>,
}

/// List the production calendars that come with the product, with their days and sources.
#[utoipa::path(get, path = "/api/v1/production-calendars", tag = "schedules",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 200, body = ProductionCalendars)))]
async fn list_production_calendars(_: Can<can::LinesManage>) -> ApiResult<Json<ProductionCalendars>> {
    let of_country = |country: &calendar::Country| ProductionCalendar {
        code: country.code,
        years: country.years.iter().map(|year| of_year(country, year)).collect(),
    };
    Ok(Json(ProductionCalendars { items: calendar::countries().iter().map(of_country).collect() }))
}

fn of_year(country: &calendar::Country, year: &calendar::Year) -> ProductionYear {
    let own = |day: &&SpecialDay| chrono::Datelike::year(&day.date) == year.year;
    let days = country.days().iter().filter(own).cloned().collect();
    ProductionYear { year: year.year, source: year.source, provisional: year.provisional, days }
}

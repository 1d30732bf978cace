//! The calendar of plan and fact.

use app::{ApiResult, App, Json, Query, Signed};
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use base::{GroupId, PageRequest, Result, UserId};
use chrono::NaiveDate;
use desk::user;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::shift::report::{self, ShiftPlan, Wanted};
use crate::shift::{book, table};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_shift_plan)).routes(routes!(export_shift_plan))
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PlanParams {
    from: NaiveDate,
    /// Included. At most 62 days, with `user` 400.
    to: NaiveDate,
    /// Only this person.
    user: Option<UserId>,
    /// Only people of this group.
    group: Option<GroupId>,
    /// Part of a name.
    #[serde(default)]
    search: String,
    /// How many people, 1 to 200; 50 unless told.
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl PlanParams {
    fn wanted(self) -> Result<Wanted> {
        let PlanParams { from, to, user, group, search, limit, after } = self;
        let page = PageRequest { limit, after };
        let limit = usize::try_from(page.limit()).unwrap_or(50);
        Ok(Wanted { from, to, user_id: user, group_id: group, search, limit, after: page.cursor()? })
    }
}

/// Read what people are to work and what they worked: people you look after, by name; yourself, when you look after nobody.
#[utoipa::path(get, path = "/api/v1/shift-plan", tag = "shifts", params(PlanParams), security(("session" = []), ("token" = [])),
    responses((status = 200, body = ShiftPlan), (status = 403, description = "You do not look after this person (`not_supervisor`).")))]
async fn get_shift_plan(
    State(app): State<App>,
    actor: Signed,
    Query(params): Query<PlanParams>,
) -> ApiResult<Json<ShiftPlan>> {
    Ok(Json(report::plan(app.db.read(), &actor, &params.wanted()?, app.now()).await?))
}

/// Take the same away as a CSV table, with all people on one page: a line for each person and day.
#[utoipa::path(get, path = "/api/v1/shift-plan/export", tag = "shifts", params(PlanParams), security(("session" = []), ("token" = [])),
    responses((status = 200, description = "The table.", content_type = "text/csv")))]
async fn export_shift_plan(
    State(app): State<App>,
    actor: Signed,
    Query(params): Query<PlanParams>,
) -> ApiResult<Response> {
    let wanted = Wanted { limit: usize::MAX / 2, after: None, ..params.wanted()? };
    let plan = report::plan(app.db.read(), &actor, &wanted, app.now()).await?;
    let zone = match actor.user_id() {
        Some(id) => user::find(app.db.read(), id).await?.time_zone.parse().ok(),
        None => None,
    };
    let zone = zone.unwrap_or(book::company_zone(app.db.read()).await?);
    let disposition = format!("attachment; filename=\"shifts-{}-{}.csv\"", plan.from, plan.to);
    let headers = [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, disposition)];
    Ok((headers, table::csv(&plan, actor.language, zone)).into_response())
}

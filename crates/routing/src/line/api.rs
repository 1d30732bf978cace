//! A line's hours and default rule over HTTP.

use app::{ApiResult, App, Can, Json, Path, can};
use axum::extract::State;
use base::LineId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LineRouting, find, ops};
use crate::hours::Hours;
use crate::rule::Overflow;
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_line_hours, put_line_hours))
        .routes(routes!(get_routing_default, put_routing_default))
}

/// When a line serves its clients.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct OptionalHours {
    /// Null: always.
    hours: Option<Hours>,
}

/// Read when a line serves its clients.
#[utoipa::path(get, path = "/api/v1/lines/{id}/hours", tag = "routing", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = OptionalHours)))]
async fn get_line_hours(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<OptionalHours>> {
    let settings = find(app.db.read(), &actor, id).await?;
    Ok(Json(OptionalHours { hours: settings.hours }))
}

/// Say when a line serves its clients: rules ask it as `in_service_hours`, and times in rules go by its zone.
#[utoipa::path(put, path = "/api/v1/lines/{id}/hours", tag = "routing", params(("id" = LineId, Path)), request_body = OptionalHours,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = OptionalHours)))]
async fn put_line_hours(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<OptionalHours>,
) -> ApiResult<Json<OptionalHours>> {
    let tx = app.write().await?;
    let settings = ops::set_hours(&tx, &actor, id, body.hours).await?;
    tx.commit().await?;
    Ok(Json(OptionalHours { hours: settings.hours }))
}

/// What becomes of conversations that no rule takes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct RoutingDefault {
    /// Normally `queue`: whoever is first takes it. When this target cannot take work either, the line's queue does.
    target: Target,
    /// Where it goes when nobody has taken it for so long.
    #[serde(default)]
    overflow: Option<Overflow>,
    /// The client's responsible manager is asked before all rules, when he can take work.
    #[serde(default)]
    manager_first: bool,
}

impl From<LineRouting> for RoutingDefault {
    fn from(settings: LineRouting) -> Self {
        let LineRouting { hours: _, target, overflow, manager_first } = settings;
        RoutingDefault { target, overflow, manager_first }
    }
}

/// Read what becomes of a line's conversations that no rule takes.
#[utoipa::path(get, path = "/api/v1/lines/{id}/routing-default", tag = "routing", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingDefault)))]
async fn get_routing_default(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<RoutingDefault>> {
    Ok(Json(find(app.db.read(), &actor, id).await?.into()))
}

/// Say what becomes of a line's conversations that no rule takes.
#[utoipa::path(put, path = "/api/v1/lines/{id}/routing-default", tag = "routing", params(("id" = LineId, Path)), request_body = RoutingDefault,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = RoutingDefault)))]
async fn put_routing_default(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<RoutingDefault>,
) -> ApiResult<Json<RoutingDefault>> {
    let RoutingDefault { target, overflow, manager_first } = body;
    let tx = app.write().await?;
    let settings = ops::set_default(&tx, &actor, id, target, overflow, manager_first).await?;
    tx.commit().await?;
    Ok(Json(settings.into()))
}

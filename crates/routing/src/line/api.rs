//! A line's default rule over HTTP.

use app::{ApiResult, App, Can, Json, Path, can};
use axum::extract::State;
use base::LineId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{LineRouting, find, ops};
use crate::rule::Overflow;
use crate::target::Target;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_routing_default, put_routing_default))
}

/// What becomes of conversations that no rule takes.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct RoutingDefault {
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
        let LineRouting { target, overflow, manager_first } = settings;
        RoutingDefault { target, overflow, manager_first }
    }
}

impl From<RoutingDefault> for LineRouting {
    fn from(default: RoutingDefault) -> Self {
        let RoutingDefault { target, overflow, manager_first } = default;
        LineRouting { target, overflow, manager_first }
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
    let tx = app.write().await?;
    let settings = ops::set_default(&tx, &actor, id, body.into()).await?;
    tx.commit().await?;
    Ok(Json(settings.into()))
}

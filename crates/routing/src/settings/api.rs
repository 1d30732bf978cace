//! Settings of distribution over HTTP.

use app::{ApiResult, App, Can, Json, can};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Settings, get, put};
use crate::queue;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_routing_settings, put_routing_settings))
}

/// Read how work is distributed.
#[utoipa::path(get, path = "/api/v1/routing/settings", tag = "routing",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Settings)))]
async fn get_routing_settings(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<Settings>> {
    Ok(Json(get(app.db.read()).await?))
}

/// Change how work is distributed. What is left out takes its default. The queue is given out anew at once.
#[utoipa::path(put, path = "/api/v1/routing/settings", tag = "routing", request_body = Settings,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Settings)))]
async fn put_routing_settings(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Json(settings): Json<Settings>,
) -> ApiResult<Json<Settings>> {
    let tx = app.write().await?;
    let settings = put(&tx, &actor, settings).await?;
    queue::want_drain(&tx).await?;
    tx.commit().await?;
    Ok(Json(settings))
}

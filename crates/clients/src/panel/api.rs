//! The arrangement of the side panel over HTTP.

use app::{ApiResult, App, Can, Json, Path};
use axum::extract::State;
use base::{LineId, can};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ops::{self, PlacedBlock};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_line_panel, set_line_panel))
}

/// The blocks of the side panel, in their order.
#[derive(Debug, Serialize, ToSchema)]
struct LinePanel {
    blocks: Vec<PlacedBlock>,
}

/// What to show, in this order. Blocks that are not named stand last and are shown.
#[derive(Debug, Deserialize, ToSchema)]
struct NewLinePanel {
    blocks: Vec<PlacedBlock>,
}

/// Read how the side panel of a line's conversations is arranged.
#[utoipa::path(get, path = "/api/v1/lines/{id}/panel", tag = "lines", params(("id" = LineId, Path)),
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = LinePanel)))]
async fn get_line_panel(
    State(app): State<App>,
    actor: Can<can::ConversationsView>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<LinePanel>> {
    Ok(Json(LinePanel { blocks: ops::of(app.db.read(), &actor, id).await? }))
}

/// Arrange the side panel of a line's conversations.
#[utoipa::path(put, path = "/api/v1/lines/{id}/panel", tag = "lines", params(("id" = LineId, Path)), request_body = NewLinePanel,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = LinePanel)))]
async fn set_line_panel(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(body): Json<NewLinePanel>,
) -> ApiResult<Json<LinePanel>> {
    let tx = app.write().await?;
    let blocks = ops::set(&tx, &actor, id, body.blocks).await?;
    tx.commit().await?;
    Ok(Json(LinePanel { blocks }))
}

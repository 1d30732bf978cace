//! Lines over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Query, Signed, can};
use axum::extract::State;
use base::{Error, LineId, Result};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Line, LinePatch, Model, NewLine, archive, create, details, find, list, restore, update};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_lines, create_line))
        .routes(routes!(get_line, patch_line, archive_line))
        .routes(routes!(restore_line))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Lines {
    items: Vec<Line>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListLines {
    /// Archived lines too.
    #[serde(default)]
    archived: bool,
}

/// List the lines you may see, by name.
#[utoipa::path(get, path = "/api/v1/lines", tag = "lines", params(ListLines), security(("session" = []), ("token" = [])),
    responses((status = 200, body = Lines)))]
async fn list_lines(State(app): State<App>, actor: Signed, Query(params): Query<ListLines>) -> ApiResult<Json<Lines>> {
    let rows = list(app.db.read(), &actor, params.archived).await?;
    Ok(Json(Lines { items: details(app.db.read(), rows).await? }))
}

/// Create a line.
#[utoipa::path(post, path = "/api/v1/lines", tag = "lines", request_body = NewLine,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 201, body = Line)))]
async fn create_line(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(new): Json<NewLine>,
) -> ApiResult<Created<Line>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::Done(line) => return Ok(Created(line)),
        Begin::New(tx) => tx,
    };
    let row = create(&tx, &actor, new).await?;
    let line = detail(&tx, row).await?;
    idempotency.finish(tx, &actor, &line).await?;
    Ok(Created(line))
}

/// Read a line.
#[utoipa::path(get, path = "/api/v1/lines/{id}", tag = "lines", params(("id" = LineId, Path)), security(("session" = []), ("token" = [])),
    responses((status = 200, body = Line)))]
async fn get_line(State(app): State<App>, actor: Signed, Path(id): Path<LineId>) -> ApiResult<Json<Line>> {
    let row = find(app.db.read(), &actor, id).await?;
    Ok(Json(detail(app.db.read(), row).await?))
}

/// Change a line: its texts or the groups that work on it.
#[utoipa::path(patch, path = "/api/v1/lines/{id}", tag = "lines", params(("id" = LineId, Path)), request_body = LinePatch,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 200, body = Line)))]
async fn patch_line(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
    Json(patch): Json<LinePatch>,
) -> ApiResult<Json<Line>> {
    let tx = app.write().await?;
    let row = update(&tx, &actor, id, patch).await?;
    let line = detail(&tx, row).await?;
    tx.commit().await?;
    Ok(Json(line))
}

/// Archive a line: it takes no new conversations, those it has stay readable.
#[utoipa::path(delete, path = "/api/v1/lines/{id}", tag = "lines", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 204)))]
async fn archive_line(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    archive(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

/// Take an archived line back into use.
#[utoipa::path(post, path = "/api/v1/lines/{id}/restore", tag = "lines", params(("id" = LineId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])),
    responses((status = 200, body = Line)))]
async fn restore_line(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<LineId>,
) -> ApiResult<Json<Line>> {
    let tx = app.write().await?;
    let row = restore(&tx, &actor, id).await?;
    let line = detail(&tx, row).await?;
    tx.commit().await?;
    Ok(Json(line))
}

async fn detail(connection: &impl ConnectionTrait, row: Model) -> Result<Line> {
    details(connection, vec![row]).await?.pop().ok_or(Error::NotFound("line"))
}

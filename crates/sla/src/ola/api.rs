//! OLAs over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{Result, can};
use chrono::{DateTime, Utc};
use desk::usage::{self, Usage};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::entity::Model;
use super::{Definition, OlaId, ops};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_olas, create_ola)).routes(routes!(get_ola, update_ola, delete_ola))
}

/// Times that colleagues promise each other.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Ola {
    id: OlaId,
    name: String,
    definition: Definition,
    /// The routes that name it.
    used_by: Vec<Usage>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn one(row: Model, used_by: Vec<Usage>) -> Result<Ola> {
    let Model { id, name, definition, deleted_at: _, created_at, updated_at } = row;
    Ok(Ola { id, name, definition: serde_json::from_value(definition)?, used_by, created_at, updated_at })
}

/// OLAs, by name.
#[derive(Debug, Serialize, ToSchema)]
struct Olas {
    items: Vec<Ola>,
}

/// List OLAs.
#[utoipa::path(get, path = "/api/v1/olas", tag = "sla",
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Olas)))]
async fn list_olas(State(app): State<App>, _: Can<can::LinesManage>) -> ApiResult<Json<Olas>> {
    let rows = ops::list(app.db.read()).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id.0).collect();
    let mut used = usage::of_all(app.db.read(), ids).await?;
    let items: Result<Vec<Ola>> = rows
        .into_iter()
        .map(|row| {
            let used_by = used.remove(&row.id.0).unwrap_or_default();
            one(row, used_by)
        })
        .collect();
    Ok(Json(Olas { items: items? }))
}

/// An OLA to save.
#[derive(Debug, Deserialize, ToSchema)]
struct NewOla {
    /// 1 to 200 characters.
    name: String,
    definition: Definition,
}

/// Save a new OLA.
#[utoipa::path(post, path = "/api/v1/olas", tag = "sla", request_body = NewOla,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = Ola)))]
async fn create_ola(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewOla>,
) -> ApiResult<Created<Ola>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = one(ops::create(&tx, &actor, &body.name, body.definition).await?, Vec::new())?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Get an OLA.
#[utoipa::path(get, path = "/api/v1/olas/{id}", tag = "sla", params(("id" = OlaId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Ola)))]
async fn get_ola(State(app): State<App>, _: Can<can::LinesManage>, Path(id): Path<OlaId>) -> ApiResult<Json<Ola>> {
    let row = ops::find(app.db.read(), id).await?;
    Ok(Json(one(row, usage::of(app.db.read(), id.0).await?)?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct OlaChange {
    name: Option<String>,
    definition: Option<Definition>,
}

/// Change an OLA. Routes that run keep what they were begun with.
#[utoipa::path(patch, path = "/api/v1/olas/{id}", tag = "sla", params(("id" = OlaId, Path)), request_body = OlaChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Ola)))]
async fn update_ola(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<OlaId>,
    Json(body): Json<OlaChange>,
) -> ApiResult<Json<Ola>> {
    let tx = app.write().await?;
    let OlaChange { name, definition } = body;
    let row = ops::update(&tx, &actor, id, ops::Change { name, definition }).await?;
    let answer = one(row, usage::of(&tx, id.0).await?)?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete an OLA that no route names.
#[utoipa::path(delete, path = "/api/v1/olas/{id}", tag = "sla", params(("id" = OlaId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_ola(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<OlaId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

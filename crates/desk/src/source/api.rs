//! The dictionary of sources over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, Path, can};
use axum::extract::State;
use base::SourceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Model, ops};

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_sources, create_source)).routes(routes!(update_source))
}

/// Where contacts come from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ContactSource)]
struct Source {
    id: SourceId,
    name: String,
    /// No longer offered.
    archived: bool,
}

impl From<Model> for Source {
    fn from(row: Model) -> Self {
        Source { id: row.id, name: row.name, archived: row.archived_at.is_some() }
    }
}

/// All sources.
#[derive(Debug, Serialize, ToSchema)]
struct Sources {
    items: Vec<Source>,
}

/// List the sources of contacts, those in use first.
#[utoipa::path(get, path = "/api/v1/sources", tag = "sources",
    security(("session" = ["conversations.view"]), ("token" = ["conversations.view"])), responses((status = 200, body = Sources)))]
async fn list_sources(State(app): State<App>, _: Can<can::ConversationsView>) -> ApiResult<Json<Sources>> {
    let items = ops::list(app.db.read()).await?.into_iter().map(Source::from).collect();
    Ok(Json(Sources { items }))
}

/// A new source.
#[derive(Debug, Deserialize, ToSchema)]
struct NewSource {
    /// 1 to 200 characters, unique.
    name: String,
}

/// Add a source.
#[utoipa::path(post, path = "/api/v1/sources", tag = "sources", request_body = NewSource,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = Source)))]
async fn create_source(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewSource>,
) -> ApiResult<Created<Source>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let answer = Source::from(ops::create(&tx, &actor, &body.name).await?);
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct SourceChange {
    name: Option<String>,
    /// True: no longer offered; what has it keeps it.
    archived: Option<bool>,
}

/// Rename a source, put it away or take it back.
#[utoipa::path(patch, path = "/api/v1/sources/{id}", tag = "sources", params(("id" = SourceId, Path)), request_body = SourceChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Source)))]
async fn update_source(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<SourceId>,
    Json(body): Json<SourceChange>,
) -> ApiResult<Json<Source>> {
    let tx = app.write().await?;
    let row = ops::update(&tx, &actor, id, body.name, body.archived).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

//! Routes over HTTP.

use std::collections::HashMap;

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path};
use axum::extract::State;
use base::{Result, can};
use chrono::{DateTime, Utc};
use desk::service::ServiceId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::route::definition::Definition;
use crate::route::entity::Model;
use crate::route::{RouteId, ops};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_routes, create_route)).routes(routes!(
        get_route,
        update_route,
        delete_route
    ))
}

/// The stages that tickets go through.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
struct Route {
    id: RouteId,
    name: String,
    definition: Definition,
    /// The services whose tickets go by it, from their acceptance.
    service_ids: Vec<ServiceId>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

fn one(row: Model, held: &HashMap<ServiceId, RouteId>) -> Result<Route> {
    let Model { id, name, definition, deleted_at: _, created_at, updated_at } = row;
    let mut service_ids: Vec<ServiceId> =
        held.iter().filter(|(_, route)| **route == id).map(|(service, _)| *service).collect();
    service_ids.sort_unstable();
    Ok(Route { id, name, definition: serde_json::from_value(definition)?, service_ids, created_at, updated_at })
}

/// Routes, by name.
#[derive(Debug, Serialize, ToSchema)]
struct Routes {
    items: Vec<Route>,
}

/// List routes.
#[utoipa::path(get, path = "/api/v1/routes", tag = "sla",
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Routes)))]
async fn list_routes(State(app): State<App>, _: Can<can::TicketsView>) -> ApiResult<Json<Routes>> {
    let held = ops::by_service(app.db.read()).await?;
    let items: Result<Vec<Route>> = ops::list(app.db.read()).await?.into_iter().map(|row| one(row, &held)).collect();
    Ok(Json(Routes { items: items? }))
}

/// A route to save.
#[derive(Debug, Deserialize, ToSchema)]
struct NewRoute {
    /// 1 to 200 characters.
    name: String,
    definition: Definition,
    /// The services whose tickets go by it, from their acceptance. A service goes by one route.
    #[serde(default)]
    service_ids: Vec<ServiceId>,
}

/// Save a new route. Every fault of it is named at once, as `definition.stages[1].name`.
#[utoipa::path(post, path = "/api/v1/routes", tag = "sla", request_body = NewRoute,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 201, body = Route)))]
async fn create_route(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    idempotency: Idempotency,
    Json(body): Json<NewRoute>,
) -> ApiResult<Created<Route>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::New(tx) => tx,
        Begin::Done(answer) => return Ok(Created(answer)),
    };
    let NewRoute { name, definition, service_ids } = body;
    let row = ops::create(&tx, &actor, &name, definition, &service_ids).await?;
    let answer = one(row, &ops::by_service(&tx).await?)?;
    idempotency.finish(tx, &actor, &answer).await?;
    Ok(Created(answer))
}

/// Get a route.
#[utoipa::path(get, path = "/api/v1/routes/{id}", tag = "sla", params(("id" = RouteId, Path)),
    security(("session" = ["tickets.view"]), ("token" = ["tickets.view"])), responses((status = 200, body = Route)))]
async fn get_route(
    State(app): State<App>,
    _: Can<can::TicketsView>,
    Path(id): Path<RouteId>,
) -> ApiResult<Json<Route>> {
    let row = ops::find(app.db.read(), id).await?;
    Ok(Json(one(row, &ops::by_service(app.db.read()).await?)?))
}

/// What to change; absent: keep.
#[derive(Debug, Deserialize, ToSchema)]
struct RouteChange {
    name: Option<String>,
    definition: Option<Definition>,
    service_ids: Option<Vec<ServiceId>>,
}

/// Change a route. Tickets on their way keep it as it was.
#[utoipa::path(patch, path = "/api/v1/routes/{id}", tag = "sla", params(("id" = RouteId, Path)), request_body = RouteChange,
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 200, body = Route)))]
async fn update_route(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<RouteId>,
    Json(body): Json<RouteChange>,
) -> ApiResult<Json<Route>> {
    let tx = app.write().await?;
    let RouteChange { name, definition, service_ids } = body;
    let row = ops::update(&tx, &actor, id, ops::Change { name, definition, service_ids }).await?;
    let answer = one(row, &ops::by_service(&tx).await?)?;
    tx.commit().await?;
    Ok(Json(answer))
}

/// Delete a route. Tickets on their way go on by it.
#[utoipa::path(delete, path = "/api/v1/routes/{id}", tag = "sla", params(("id" = RouteId, Path)),
    security(("session" = ["lines.manage"]), ("token" = ["lines.manage"])), responses((status = 204)))]
async fn delete_route(
    State(app): State<App>,
    actor: Can<can::LinesManage>,
    Path(id): Path<RouteId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    ops::delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

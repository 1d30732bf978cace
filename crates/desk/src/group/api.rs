//! Groups over HTTP.

use app::{ApiResult, App, Begin, Can, Created, Idempotency, Json, NoContent, Path, Signed, can};
use axum::extract::State;
use base::{Error, GroupId, Result};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Group, GroupPatch, Model, NewGroup, create, delete, details, list, update};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_groups, create_group)).routes(routes!(patch_group, delete_group))
}

/// A group, as others refer to it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GroupRef {
    pub id: GroupId,
    pub name: String,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Groups {
    items: Vec<Group>,
}

/// List the groups of staff, by name.
#[utoipa::path(get, path = "/api/v1/groups", tag = "groups", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Groups)))]
async fn list_groups(State(app): State<App>, _: Signed) -> ApiResult<Json<Groups>> {
    let rows = list(app.db.read()).await?;
    Ok(Json(Groups { items: details(app.db.read(), rows).await? }))
}

/// Create a group.
#[utoipa::path(post, path = "/api/v1/groups", tag = "groups", request_body = NewGroup,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])),
    responses((status = 201, body = Group)))]
async fn create_group(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    idempotency: Idempotency,
    Json(new): Json<NewGroup>,
) -> ApiResult<Created<Group>> {
    let tx = match idempotency.begin(&app, &actor).await? {
        Begin::Done(group) => return Ok(Created(group)),
        Begin::New(tx) => tx,
    };
    let row = create(&tx, &actor, new).await?;
    let group = detail(&tx, row).await?;
    idempotency.finish(tx, &actor, &group).await?;
    Ok(Created(group))
}

/// Change a group: its name, its description or its members.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = GroupId, Path)), request_body = GroupPatch,
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])),
    responses((status = 200, body = Group)))]
async fn patch_group(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<GroupId>,
    Json(patch): Json<GroupPatch>,
) -> ApiResult<Json<Group>> {
    let tx = app.write().await?;
    let row = update(&tx, &actor, id, patch).await?;
    let group = detail(&tx, row).await?;
    tx.commit().await?;
    Ok(Json(group))
}

/// Delete a group that no line uses.
#[utoipa::path(delete, path = "/api/v1/groups/{id}", tag = "groups", params(("id" = GroupId, Path)),
    security(("session" = ["users.manage"]), ("token" = ["users.manage"])),
    responses((status = 204), (status = 409, description = "A line or conversations use it (`group_in_use`).")))]
async fn delete_group(
    State(app): State<App>,
    actor: Can<can::UsersManage>,
    Path(id): Path<GroupId>,
) -> ApiResult<NoContent> {
    let tx = app.write().await?;
    delete(&tx, &actor, id).await?;
    tx.commit().await?;
    Ok(NoContent)
}

async fn detail(connection: &impl ConnectionTrait, row: Model) -> Result<Group> {
    details(connection, vec![row]).await?.pop().ok_or(Error::NotFound("group"))
}

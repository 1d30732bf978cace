//! Roles over HTTP.

use app::{ApiResult, App, Json, Signed};
use axum::extract::State;
use base::{Language, RoleId};
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Model, list};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_roles))
}

/// A role, as others refer to it.
#[derive(Clone, Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RoleRef {
    pub id: RoleId,
    /// Stable, for programs: `operator`.
    pub key: String,
    /// In the reader's language.
    pub name: String,
}

impl RoleRef {
    pub fn new(row: &Model, language: Language) -> Self {
        RoleRef { id: row.id, key: row.key.clone(), name: row.name_in(language) }
    }
}

/// A named set of permissions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Role {
    id: RoleId,
    /// Stable, for programs: `operator`.
    key: String,
    /// In the reader's language.
    name: String,
    /// Comes with the product.
    preset: bool,
    permissions: Vec<String>,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Roles {
    items: Vec<Role>,
}

/// List the roles, least rights first.
#[utoipa::path(get, path = "/api/v1/roles", tag = "users", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Roles)))]
async fn list_roles(State(app): State<App>, actor: Signed) -> ApiResult<Json<Roles>> {
    let items = list(app.db.read()).await?.into_iter().map(|row| Role {
        id: row.id,
        name: row.name_in(actor.language),
        permissions: row.permission_set().names().into_iter().map(str::to_owned).collect(),
        key: row.key,
        preset: row.preset,
    });
    Ok(Json(Roles { items: items.collect() }))
}

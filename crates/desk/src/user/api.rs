//! Staff as every colleague sees them. What administrators do with staff is in the feature `auth`, beside the passwords.

use app::{ApiResult, App, Json, Signed};
use axum::extract::State;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Operator, operators};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_operators))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Operators {
    items: Vec<Operator>,
}

/// List everybody who may be given conversations, by name.
#[utoipa::path(get, path = "/api/v1/operators", tag = "users", security(("session" = []), ("token" = [])),
    responses((status = 200, body = Operators)))]
async fn list_operators(State(app): State<App>, _: Signed) -> ApiResult<Json<Operators>> {
    Ok(Json(Operators { items: operators(app.db.read()).await? }))
}

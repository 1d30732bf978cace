//! Settings of the company over HTTP.

use app::{ApiResult, App, Can, Json, can};
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Company, CompanyPatch, company, update_company};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_settings, patch_settings))
}

/// Read the settings of the company.
#[utoipa::path(get, path = "/api/v1/settings", tag = "settings",
    security(("session" = ["settings.manage"]), ("token" = ["settings.manage"])),
    responses((status = 200, body = Company)))]
async fn get_settings(State(app): State<App>, _: Can<can::SettingsManage>) -> ApiResult<Json<Company>> {
    Ok(Json(company(app.db.read()).await?))
}

/// Change the settings of the company.
#[utoipa::path(patch, path = "/api/v1/settings", tag = "settings", request_body = CompanyPatch,
    security(("session" = ["settings.manage"]), ("token" = ["settings.manage"])),
    responses((status = 200, body = Company)))]
async fn patch_settings(
    State(app): State<App>,
    actor: Can<can::SettingsManage>,
    Json(patch): Json<CompanyPatch>,
) -> ApiResult<Json<Company>> {
    let tx = app.write().await?;
    let company = update_company(&tx, &actor, patch).await?;
    tx.commit().await?;
    Ok(Json(company))
}

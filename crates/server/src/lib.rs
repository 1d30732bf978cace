//! The product put together: features, HTTP server, embedded web application.

pub mod assets;
pub mod config;
pub mod doctor;
pub mod features;
pub mod http;
pub mod serve;

use app::App;
use axum::Router;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ComponentsBuilder, InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa::{PartialSchema, ToSchema};

/// The API's documentation, OpenAPI 3.1.
pub fn openapi() -> OpenApi {
    app::router(features::ALL, openapi_base()).1
}

/// Everything that is served, given a running `App`.
pub fn router(app: &App) -> Router {
    let (api, openapi) = app::router(features::ALL, openapi_base());
    http::router(app, api, openapi)
}

fn openapi_base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Otklik API")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("api_intro.md")))
        .license(Some(utoipa::openapi::License::new("Apache-2.0")))
        .build();
    let session = SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("otklik_session")));
    let token = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("otk_…").build());
    let components = ComponentsBuilder::new()
        .schema(app::problem::Problem::name(), app::problem::Problem::schema())
        .schema(app::problem::FieldProblem::name(), app::problem::FieldProblem::schema())
        .security_scheme("session", session)
        .security_scheme("token", token)
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

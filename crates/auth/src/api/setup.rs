//! The setup page, open while nobody administers the installation.

use app::{ApiResult, App, ClientAddress, Created, Json};
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticate::{LoginCookie, OwnSite};
use super::session::{SignedIn, client, signed_in};
use crate::ops::setup::{self, NewInstallation};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_setup, run_setup))
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Setup {
    /// There is no administrator yet: show the setup page.
    needed: bool,
    /// Of the server.
    version: &'static str,
}

/// Ask whether this installation has to be set up.
#[utoipa::path(get, path = "/api/v1/setup", tag = "sign-in", responses((status = 200, body = Setup)))]
async fn get_setup(State(app): State<App>) -> ApiResult<Json<Setup>> {
    Ok(Json(Setup { needed: setup::needed(&app).await?, version: env!("CARGO_PKG_VERSION") }))
}

/// Set the installation up: name the company, make its first administrator and sign him in.
///
/// Possible once, while there is no administrator.
#[utoipa::path(post, path = "/api/v1/setup", tag = "sign-in", request_body = NewInstallation,
    responses((status = 201, body = SignedIn), (status = 409, description = "It is set up already (`setup_done`).")))]
async fn run_setup(
    State(app): State<App>,
    _: OwnSite,
    address: ClientAddress,
    headers: HeaderMap,
    Json(new): Json<NewInstallation>,
) -> ApiResult<(LoginCookie, Created<SignedIn>)> {
    let (user_id, token) = setup::run(&app, new, &client(address, &headers)).await?;
    Ok((LoginCookie::set(&app, token), Created(signed_in(&app, user_id).await?)))
}

//! Signing in and out.

use app::{ApiResult, App, ClientAddress, Created, Json, NoContent, Signed};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use base::{Error, Result, UserId};
use desk::user;
use serde::{Deserialize, Serialize};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::authenticate::{LoginCookie, OwnSite};
use crate::ops::login::{self, Client};
use crate::ops::me::Me;
use crate::ops::{me, session};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(create_session, delete_session))
}

#[derive(Deserialize, utoipa::ToSchema)]
struct Credentials {
    /// The mail address of the account.
    login: String,
    password: String,
}

/// Who is signed in now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SignedIn {
    user: Me,
}

/// Sign in with a password. The answer sets the cookie `otklik_session`.
#[utoipa::path(post, path = "/api/v1/session", tag = "sign-in", request_body = Credentials,
    responses(
        (status = 201, body = SignedIn),
        (status = 401, description = "Wrong address or password, or a blocked account (`bad_credentials`)."),
        (status = 403, description = "Another site sent this request (`cross_site`)."),
        (status = 429, description = "Too many wrong passwords (`rate_limited`); `Retry-After` tells the pause in seconds."),
    ))]
async fn create_session(
    State(app): State<App>,
    _: OwnSite,
    address: ClientAddress,
    headers: HeaderMap,
    Json(credentials): Json<Credentials>,
) -> ApiResult<(LoginCookie, Created<SignedIn>)> {
    let Credentials { login, password } = credentials;
    let (user_id, token) = login::log_in(&app, &login, password, &client(address, &headers)).await?;
    Ok((LoginCookie::set(&app, token), Created(signed_in(&app, user_id).await?)))
}

/// Sign out. With an API token there is no login to end, and nothing happens.
#[utoipa::path(delete, path = "/api/v1/session", tag = "sign-in", security(("session" = []), ("token" = [])),
    responses((status = 204)))]
async fn delete_session(State(app): State<App>, signed: Signed) -> ApiResult<(LoginCookie, NoContent)> {
    if let (Some(user_id), Some(id)) = (signed.user_id(), signed.0.session) {
        let tx = app.write().await?;
        match session::revoke(&tx, user_id, id).await {
            // Ended from another window a moment ago: that is what was asked for.
            Ok(()) | Err(Error::NotFound(_)) => tx.commit().await?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok((LoginCookie::clear(&app), NoContent))
}

pub(super) fn client(ClientAddress(ip): ClientAddress, headers: &HeaderMap) -> Client {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client { ip: ip.to_string(), user_agent: user_agent.to_owned() }
}

pub(super) async fn signed_in(app: &App, user_id: UserId) -> Result<SignedIn> {
    let actor = user::actor_of(app.db.read(), user_id).await?;
    Ok(SignedIn { user: me::me(app.db.read(), &actor).await? })
}

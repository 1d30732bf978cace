//! Sign-in over HTTP.

mod authenticate;
mod me;
mod session;
mod setup;
mod token;
mod user;

use app::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) use authenticate::authenticate;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(setup::routes())
        .merge(session::routes())
        .merge(me::routes())
        .merge(token::routes())
        .merge(user::routes())
}

//! Shifts over HTTP.

mod assign;
mod catalogue;
mod report;

use app::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(catalogue::routes()).merge(assign::routes()).merge(report::routes())
}

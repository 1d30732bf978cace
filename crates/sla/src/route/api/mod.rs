//! Routes over HTTP: what they are, how a ticket goes by one, how stages kept their times.

mod definition;
mod report;
mod run;

use app::App;
use utoipa_axum::router::OpenApiRouter;

pub(crate) fn routes() -> OpenApiRouter<App> {
    definition::routes().merge(run::routes()).merge(report::routes())
}

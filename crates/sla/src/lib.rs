//! Promised times: policies, and the clocks that count by them; what colleagues promise each other (OLA), the routes of
//! stages that count by that; how available services were.
//!
//! Invariants: what a schedule says is counted by the engine `calendar` and nowhere else; a saved policy is always
//! one that can be counted with, because it is checked before it is stored. Clocks follow the event log in its order, so
//! they know when things happened, not when they were looked at.
//!
//! Tables owned: sla_policy, sla_line, sla_service, sla_catalogue, sla_clock, sla_choice, sla_share_check, ola,
//! route, service_route, route_run, route_stage.

mod availability;
mod clock;
mod migrations;
mod name;
pub mod ola;
mod policy;
pub mod route;
mod subject;

use app::{App, Feature, job};
use utoipa_axum::router::OpenApiRouter;

pub use clock::catch_up;
pub use policy::introduce as introduce_policy;

pub const FEATURE: Feature = Feature {
    name: "sla",
    routes,
    migrations: migrations::MIGRATIONS,
    jobs: || vec![job::<clock::Act>(), job::<clock::Follow>(), job::<clock::CheckShares>()],
    prepare: Some(|app| Box::pin(clock::begin_following(app))),
    services: &[|app| Box::pin(clock::run(app))],
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(policy::routes())
        .merge(clock::routes())
        .merge(clock::table_routes())
        .merge(ola::routes())
        .merge(route::routes())
        .merge(availability::routes())
}

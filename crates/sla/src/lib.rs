//! Promised times: the schedules by which they are counted.
//!
//! Invariants: what a schedule says is counted by the engine `calendar` and nowhere else; a saved schedule is always one that
//! can be counted with, because it is checked before it is stored.
//!
//! Tables owned: schedule.

mod migrations;
mod schedule;

use app::{App, Feature};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature { name: "sla", routes, migrations: migrations::MIGRATIONS, ..Feature::EMPTY };

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(schedule::routes())
}

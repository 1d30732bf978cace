//! The people a line serves, as whoever serves it sees them: a list, what is known of one of them, what was ever said
//! with him; the register of conversations as a table to take away; how the side panel is arranged.
//!
//! Invariants: a list costs the same few statements at any size. On a line of many people it shows only those who matter
//! to the asker now (streaming mode); the search finds the others too.
//!
//! Tables owned: client_period, line_panel. Marks and connections are of `desk`: notifications read them.

mod client;
mod migrations;
mod panel;
mod register;

use app::{App, Feature};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature { name: "clients", routes, migrations: migrations::MIGRATIONS, ..Feature::EMPTY };

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(client::routes()).merge(register::routes()).merge(panel::routes())
}

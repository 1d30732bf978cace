//! Routing: who gets a conversation, when, and why he.
//!
//! Invariants: rules decide by a pure function over facts that were read before (`decision::evaluate`); the decision and
//! what every rule said are stored in the transaction that places the conversation. One opening of a conversation is
//! decided once. Trying rules out writes nothing.
//!
//! Tables owned: line_routing, routing_rule, routing_decision.

mod absence;
pub mod attributes;
pub mod decision;
pub mod facts;
pub mod hours;
mod line;
mod migrations;
pub mod queue;
pub mod rule;
mod simulate;
pub mod skill;
pub mod target;

use app::{App, Feature, job};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature {
    name: "routing",
    routes,
    jobs: || vec![job::<decision::Route>(), job::<decision::Overflow>()],
    subscribers: &[
        ("conversation_created", decision::ROUTE),
        ("conversation_reopened", decision::ROUTE),
        ("conversation_woken", decision::ROUTE),
        ("marked_not_spam", decision::ROUTE),
    ],
    migrations: migrations::MIGRATIONS,
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(attributes::routes())
        .merge(rule::routes())
        .merge(line::routes())
        .merge(decision::routes())
        .merge(simulate::routes())
}

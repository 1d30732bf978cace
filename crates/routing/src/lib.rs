//! Routing: who gets a conversation, when, and why he.
//!
//! Invariants: a conversation is given out under one lock for the whole installation, with the operator's row held and his
//! work counted anew, so that nobody gets more than his limit and nobody gets what another has. What waits is a row of
//! `queue_entry`, and every event that may free somebody puts one job on the queue that gives out what can be given;
//! a repeating job does the same for whatever an event has missed. Which engine rule decided is kept in the history. Rules of a
//! line decide by a pure function over facts that were read before (`decision::evaluate`); the decision and what every rule said
//! are stored in the transaction that places the conversation, once for each opening. Trying rules out writes nothing.
//!
//! Tables owned: operator_state, operator_status_log, operator_connection, queue_entry, offer, offer_recipient, skill,
//! operator_skill, line_skill, absence, activity, activity_log, line_level, line_routing, routing_rule, routing_decision, shift,
//! work_schedule, shift_assignment, shift_day, duty, line_shift, routing_considered.

pub mod absence;
mod activity;
pub mod attributes;
mod board;
pub mod crew;
pub mod decision;
pub mod engine;
pub mod facts;
mod heard;
mod line;
mod migrations;
mod monitor;
pub mod offer;
pub mod queue;
pub mod rule;
pub mod settings;
pub mod shift;
mod simulate;
pub mod skill;
pub mod status;
mod supervisor;
pub mod target;
mod transfer;

use app::{App, Feature, job};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature {
    name: "routing",
    routes,
    jobs: || {
        vec![
            job::<queue::Drain>(),
            job::<queue::KeepDraining>(),
            job::<offer::Expire>(),
            job::<status::Watch>(),
            job::<heard::Heard>(),
            job::<decision::Route>(),
            job::<decision::Overflow>(),
            job::<shift::Edge>(),
        ]
    },
    subscribers: heard::SUBSCRIBERS,
    migrations: migrations::MIGRATIONS,
    prepare: Some(|app| Box::pin(line::adopt_hours(app))),
    hear: Some(|app, identity, frame| Box::pin(status::hear(app, identity, frame))),
    attend: Some(|app, identity, attendance| Box::pin(status::attend(app, identity, attendance))),
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(status::routes())
        .merge(settings::routes())
        .merge(skill::routes())
        .merge(absence::routes())
        .merge(activity::routes())
        .merge(shift::routes())
        .merge(offer::routes())
        .merge(queue::routes())
        .merge(transfer::routes())
        .merge(monitor::routes())
        .merge(board::routes())
        .merge(attributes::routes())
        .merge(rule::routes())
        .merge(line::routes())
        .merge(decision::routes())
        .merge(simulate::routes())
}

//! The nouns that features meet in: staff, groups, lines, schedules, contacts, conversations, messages, tickets, tasks, files.
//!
//! Invariants: rows of conversations and what hangs on them are reached only through `visible_to(actor)`. Every change
//! goes through a function of a noun's `ops`, with its event, in one transaction.

pub mod field;
mod text_enum;

pub mod block;
pub mod channel;
pub mod chat;
pub mod client;
pub mod client_category;
pub mod contact;
pub mod conversation;
pub mod file;
pub mod group;
pub mod group_chat;
pub mod line;
pub mod message;
mod migrations;
pub mod outage;
pub mod people;
pub mod policy;
pub mod property;
pub mod rating;
pub mod role;
pub mod schedule;
mod search;
pub mod service;
pub mod setting;
pub mod source;
pub mod tariff_plan;
pub mod task;
pub mod template;
pub mod ticket;
pub mod usage;
pub mod user;
pub mod visit;

use app::{App, Feature, job};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature {
    name: "desk",
    routes,
    pages: Some(file::pages),
    jobs: || {
        vec![
            job::<conversation::WakeSnoozed>(),
            job::<conversation::CloseIdle>(),
            job::<conversation::CloseOnGoneLines>(),
            job::<ticket::ReturnWaiting>(),
        ]
    },
    migrations: migrations::MIGRATIONS,
    prepare: Some(|app| {
        Box::pin(async move {
            role::prepare(app.clone()).await?;
            source::prepare(app).await
        })
    }),
    hear: Some(|app, identity, frame| Box::pin(conversation::presence::hear(app, identity, frame))),
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(conversation::routes())
        .merge(message::routes())
        .merge(file::routes())
        .merge(contact::routes())
        .merge(ticket::routes())
        .merge(service::routes())
        .merge(task::routes())
        .merge(search::routes())
        .merge(line::routes())
        .merge(schedule::routes())
        .merge(block::routes())
        .merge(rating::routes())
        .merge(user::routes())
        .merge(group::routes())
        .merge(group_chat::routes())
        .merge(role::routes())
        .merge(setting::routes())
        .merge(source::routes())
        .merge(property::routes())
        .merge(client_category::routes())
        .merge(tariff_plan::routes())
        .merge(outage::routes())
}

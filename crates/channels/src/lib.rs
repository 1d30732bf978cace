//! Messengers and the chat on a site: channels with their drivers, what comes in, what goes out.
//!
//! Invariants:
//! - What a vendor sends is first written down (`channel_update`, once per the vendor's id), answered, and then taken by a
//!   job in the order of its chat. Nothing that was answered is lost, nothing is taken twice.
//! - A message leaves in parts; each part is claimed before it is sent and recorded after. One that may have left is not
//!   sent again unless its driver says that this makes no second copy; the operator is told.
//! - A channel that does not work says why, to people; it is tried again, later each time, until it does.
//! - A new kind of channel is one file in `drivers` and one line in its list.
//!
//! Tables owned: channel_update, message_link, outgoing_message, site_mail.

mod asking;
mod channel;
mod connection;
pub mod driver;
mod drivers;
mod handed;
mod intake;
mod link;
mod migrations;
mod outbox;
mod route;
pub mod settings;
mod signals;
mod signature;
mod site;
mod tools;

use app::{App, Feature, job};
use utoipa_axum::router::OpenApiRouter;

pub const FEATURE: Feature = Feature {
    name: "channels",
    routes,
    pages: Some(|| intake::pages().merge(handed::pages())),
    jobs: || {
        vec![
            job::<intake::TakeUpdate>(),
            job::<intake::ForgetUpdates>(),
            job::<outbox::SendMessage>(),
            job::<outbox::SendNext>(),
            job::<outbox::ChangeMessage>(),
            job::<signals::MarkRead>(),
            job::<asking::AskRating>(),
            job::<site::MailUnseen>(),
            job::<site::ForgetUnsent>(),
            job::<site::DeleteBytes>(),
        ]
    },
    subscribers: &[
        ("message_queued.chat", outbox::SEND_MESSAGE),
        ("message_retried.chat", outbox::SEND_MESSAGE),
        ("message_updated.cancelled", outbox::SEND_NEXT),
        ("copy_queued.chat", outbox::SEND_MESSAGE),
        ("message_edited", outbox::CHANGE_MESSAGE),
        ("message_deleted", outbox::CHANGE_MESSAGE),
        ("copy_edited", outbox::CHANGE_MESSAGE),
        ("copy_deleted", outbox::CHANGE_MESSAGE),
        ("conversation_read", signals::MARK_READ),
        ("conversation_closed", asking::ASK_RATING),
    ],
    migrations: migrations::MIGRATIONS,
    prepare: Some(|app| Box::pin(site::adopt_hours(app))),
    services: &[
        |app| Box::pin(app::held::run::<connection::Connection>(app)),
        |app| Box::pin(signals::show_typing(app)),
        |app| Box::pin(site::run(app)),
    ],
    ..Feature::EMPTY
};

fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(channel::routes())
        .merge(intake::routes())
        .merge(route::routes())
        .merge(tools::routes())
        .merge(site::routes())
}

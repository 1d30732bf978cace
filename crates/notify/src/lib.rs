//! What concerns a member of staff, told to him: in a feed, by a sound, on the desktop, by push, by mail. A durable subscriber
//! writes it from the event log.
//!
//! Invariants: an event makes at most one notification for a person, however often its job runs. Nobody is told of his own
//! act, nor of what he does not see; a notification is shown only as long as its conversation is visible to its owner.
//!
//! Tables owned: notification, notification_preference, notification_mute, push_device.

mod api;
mod entity;
mod jobs;
mod kind;
mod letter;
mod migrations;
mod mute;
mod ops;
mod preference;
mod push;
mod tell;
mod view;

use app::{Feature, job};

pub const FEATURE: Feature = Feature {
    name: "notify",
    routes: || api::routes().merge(preference::routes()).merge(mute::routes()).merge(push::routes()),
    jobs: || {
        vec![
            job::<jobs::Tell>(),
            job::<jobs::ForgetOld>(),
            job::<letter::Write>(),
            job::<push::Send>(),
            job::<push::Forget>(),
        ]
    },
    subscribers: &[
        ("offer_made", jobs::TELL),
        ("message_created.to_operator", jobs::TELL),
        ("message_created.to_group", jobs::TELL),
        ("message_queued.group", jobs::TELL),
        ("group_members_changed", jobs::TELL),
        ("message_updated.failed", jobs::TELL),
        ("message_edited", jobs::TELL),
        ("note_created.calling", jobs::TELL),
        ("conversation_assigned", jobs::TELL),
        ("conversation_transferred", jobs::TELL),
        ("conversation_woken", jobs::TELL),
        ("sla_reminded", jobs::TELL),
        ("sla_escalated", jobs::TELL),
        ("sla_share_low", jobs::TELL),
        ("task_created", jobs::TELL),
        ("task_changed", jobs::TELL),
        ("stage_started", jobs::TELL),
        ("stage_missed", jobs::TELL),
        ("ticket_returned", jobs::TELL),
        ("ticket_over_tariff", jobs::TELL),
        ("mailbox_changed", jobs::TELL),
        ("channel_changed", jobs::TELL),
        ("session_closed", push::FORGET),
        ("password_changed", push::FORGET),
        ("user_changed", push::FORGET),
    ],
    migrations: migrations::MIGRATIONS,
    prepare: Some(|app| Box::pin(push::prepare(app))),
    ..Feature::EMPTY
};

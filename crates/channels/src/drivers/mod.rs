//! The kinds of channels. A new one is a file here and a line in the list.

mod custom;
mod http;
mod max;
mod site;
mod telegram;
mod viber;
mod vk;
mod whatsapp;

use desk::channel::Kind;

use crate::driver::Driver;

/// Every driver, in the order people choose from.
pub(crate) const ALL: &[(Kind, &dyn Driver)] = &[
    (Kind::Chat, &site::Site),
    (Kind::Telegram, &telegram::Telegram),
    (Kind::Vk, &vk::Vk),
    (Kind::Max, &max::Max),
    (Kind::Whatsapp, &whatsapp::WhatsApp),
    (Kind::Viber, &viber::Viber),
    (Kind::Custom, &custom::Custom),
];

/// The driver of this kind, if it has one: mail and what is written down by hand have none.
pub(crate) fn of(kind: Kind) -> Option<&'static dyn Driver> {
    ALL.iter().find(|(known, _)| *known == kind).map(|(_, driver)| *driver)
}
